import { auditList, hostCreate, login, setupCreate } from '@argos/contract'
import {
  type ApiClient,
  admin,
  apiClient,
  echo,
  eventually,
  freePort,
  startStack,
  visit,
} from '@argos/testkit'
import { describe, expect, test } from 'vitest'
import { wanted } from '../../support/hosts.ts'
import { noCaddy, stockCaddy } from '../../support/stock-caddy.ts'

const VISITOR = '203.0.113.7'

/** The panel and a host behind a stock Caddy; `panel` is what that has in the panel's block. */
async function behind(panel: string, env: Readonly<Record<string, string>> = {}) {
  const port = await freePort()
  const url = `https://panel.localhost:${port}`
  const stack = await startStack({
    withAdmin: false,
    env: { ARGOS_PANEL_MODE: 'behind_caddy', ARGOS_PUBLIC_ADDRESS: url, ARGOS_PRINT_LINK: '1', ...env },
  })
  const told = `header_up X-Forwarded-For ${VISITOR}`
  const caddy = await stockCaddy(port, {
    'panel.localhost': `reverse_proxy https://127.0.0.1:${stack.ports.panel} {
      ${told}
      ${panel}
      transport http {
        tls_insecure_skip_verify
      }
    }`,
    'app.example.com': `reverse_proxy http://127.0.0.1:${stack.ports.http} {\n${told}\n}`,
  })
  return {
    port,
    url,
    stack,
    [Symbol.asyncDispose]: async () => {
      await caddy[Symbol.asyncDispose]()
      await stack.stop()
    },
  }
}

const linkOf = (output: string) => /https:\/\/\S+\/setup#token=\S+/.exec(output)?.[0] ?? ''
async function signIn(at: string): Promise<ApiClient> {
  const client = apiClient(at)
  client.signedIn(await client.call(login, { body: admin }))
  return client
}
const addressesOf = async (api: ApiClient) =>
  (await api.call(auditList, {})).entries.map(({ address }) => address)

describe.skipIf(noCaddy !== null)('behind a Caddy of somebody’s own', () => {
  test('the first boot works: link, account, secure cookie, a published host, and the visitor’s address', async () => {
    await using home = await behind('header_up Host {hostport}')
    const { stack, url, port } = home
    const link = await eventually('the link is printed', () => linkOf(stack.panel.output()))
    expect(new URL(link).origin).toBe(url)
    const page = await visit({ port, name: `panel.localhost:${port}`, tls: true, path: '/setup' })
    expect([page.status, page.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8'])

    const api = apiClient(url)
    api.signedIn(await api.call(setupCreate, { body: { ...admin, token: link.replace(/.*token=/, '') } }))
    expect(api.cookie()).toMatch(/^__Host-/)
    // From the very first request on: nobody could have listed the proxy in the settings yet.
    expect(new Set(await addressesOf(api))).toEqual(new Set([VISITOR]))

    await using upstream = await echo('app')
    await api.call(hostCreate, { body: wanted({ domains: ['app.example.com'], to: upstream }) })
    const answer = await eventually('the host is served through Caddy', async () => {
      const got = await visit({ port, name: 'app.example.com', tls: true })
      return got.status === 200 && got
    })
    const { headers } = JSON.parse(answer.body) as { headers: [string, string][] }
    expect(headers.find(([name]) => name === 'X-Forwarded-For')?.[1]).toContain(VISITOR)
  })

  test('a proxy that brings another Host is no other site, and another site stays one', async () => {
    await using home = await behind('header_up Host {upstream_hostport}', {
      ARGOS_INITIAL_ADMIN_USER: admin.username,
      ARGOS_INITIAL_ADMIN_PASSWORD: admin.password,
    })
    await home.stack.reachable()
    const api = await signIn(home.url)
    expect(api.cookie()).toMatch(/^__Host-/)
    const body = JSON.stringify(admin)
    const foreign = await apiClient(home.url).raw({
      method: 'POST',
      path: '/api/v1/login',
      headers: { 'content-type': 'application/json', origin: 'https://elsewhere.example' },
      body,
    })
    expect(foreign.status).toBe(403)
  })

  test('FA-07 the address is believed of listed proxies alone', async () => {
    await using home = await behind('header_up Host {hostport}', {
      ARGOS_TRUSTED_PROXIES: '192.0.2.1',
      ARGOS_INITIAL_ADMIN_USER: admin.username,
      ARGOS_INITIAL_ADMIN_PASSWORD: admin.password,
    })
    await home.stack.reachable()
    const api = await signIn(home.url)
    expect(await addressesOf(api)).not.toContain(VISITOR)
    expect(await addressesOf(api)).toContain('127.0.0.1')
  })
})
