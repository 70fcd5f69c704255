interface Page {
  readonly url: string
  readonly status: number
  readonly body: string
}
/** A browser at a provider, as far as it goes there: cookies, redirects and forms, until it is sent elsewhere. */
export interface ProviderVisitor {
  /** Goes to the provider and signs in as `name` where it is asked; answers the address it is sent back to. */
  signIn(url: string, name: string): Promise<URL>
  /** Signs out there, saying yes; answers the address it is sent back to. */
  signOut(url: string): Promise<URL>
}

export function providerVisitor(): ProviderVisitor {
  const jar = new Map<string, string>()

  const go = async (url: string, form?: Record<string, string>): Promise<Page | URL> => {
    const home = new URL(url).origin
    let [at, body] = [url, form]
    for (let hops = 0; hops < 10; hops++) {
      const res = await fetch(at, {
        redirect: 'manual',
        headers: { cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; ') },
        ...(body ? { method: 'POST', body: new URLSearchParams(body) } : {}),
      })
      for (const line of res.headers.getSetCookie()) {
        const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
        if (value === '') jar.delete(name)
        else jar.set(name, value)
      }
      const location = res.headers.get('location')
      if (location === null) return { url: at, status: res.status, body: await res.text() }
      const next = new URL(location, at)
      if (next.origin !== home) return next
      at = next.href
      body = undefined
    }
    throw new Error(`${url} redirects without end`)
  }
  const elsewhere = (came: Page | URL): URL => {
    if (came instanceof URL) return came
    throw new Error(`still at ${came.url}: ${came.status} ${came.body.slice(0, 500)}`)
  }

  return {
    async signIn(url, name) {
      const page = await go(url)
      return page instanceof URL ? page : elsewhere(await go(page.url, { name }))
    },
    async signOut(url) {
      const page = await go(url)
      if (page instanceof URL) return page
      const [, action = ''] = /action="([^"]+)"/.exec(page.body) ?? []
      const [, xsrf = ''] = /name="xsrf" value="([^"]+)"/.exec(page.body) ?? []
      return elsewhere(await go(new URL(action, page.url).href, { xsrf, logout: 'yes' }))
    },
  }
}
