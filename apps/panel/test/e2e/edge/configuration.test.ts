import { hostCreate, hostList, settingsUpdate, settingsView } from '@argos/contract'
import { ApiRefusal, echo, type Stack, startStack, type Upstream } from '@argos/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { browse, control, echoed, edgeState, valuesOf } from '../../support/edge.ts'
import { edit, publish, remove, wanted } from '../../support/hosts.ts'

const name = 'app.example.test'
let stack: Stack
let upstream: Upstream
beforeAll(async () => {
  stack = await startStack()
  upstream = await echo()
  const { settings, version } = await stack.api.call(settingsView, {})
  const body = {
    settings: { ...settings, panelDomain: 'panel.example.test', panelTls: 'internal' as const },
    version,
  }
  await stack.api.call(settingsUpdate, { body })
  await publish(stack, { domains: [name], to: upstream })
  await publish(stack, { domains: ['secure.example.test'], to: upstream, tls: 'internal' })
})
afterAll(async () => {
  await stack.stop()
  await upstream.close()
})

/** The status and words a refused creation is answered with; null when it was taken. */
async function refusal(wish: ReturnType<typeof wanted>): Promise<ApiRefusal | null> {
  try {
    await stack.api.call(hostCreate, { body: wish })
    return null
  } catch (err) {
    if (err instanceof ApiRefusal) return err
    throw err
  }
}

describe('names', () => {
  test.each([
    'a.com"}',
    '*.com',
    '*',
    'a.*.example.test',
    '{env.X}.example.test',
    '{http.request.host}',
    'a..b.test',
    `${'a'.repeat(64)}.example.test`,
    `${'a.'.repeat(126)}test`,
    'localhost',
    'x.localhost',
    '127.0.0.1',
    '::1',
    '[::1]',
    '2130706433',
    'panel.example.test',
    'PANEL.example.test.',
    'app.example.test:443',
    'https://b.example.test',
    'b.example.test/x',
    'b example.test',
    'b\nexample.test',
    'app.example.test',
    'APP.EXAMPLE.TEST.',
  ])('CF-01 `%s` is refused before anything is saved', async (domain) => {
    const before = await edgeState(stack)
    const refused = await refusal(wanted({ domains: [domain], to: upstream }))
    expect([400, 409, 422]).toContain(refused?.status)
    expect(refused?.problem?.message).not.toBe('')
    expect(await edgeState(stack)).toMatchObject({ etag: before.etag, generation: before.generation })
  })

  test.each([
    ['bücher.example.test', 'xn--bcher-kva.example.test'],
    ['Upper.Example.Test', 'upper.example.test'],
    ['dot.example.test.', 'dot.example.test'],
    ['*.Stars.example.test', '*.stars.example.test'],
  ])('CF-01 `%s` becomes %s', async (domain, canonical) => {
    const host = await publish(stack, { domains: [domain], to: upstream })
    expect(host.domains).toEqual([canonical])
    expect((await browse(stack, canonical.replace('*', 'x'))).status).toBe(200)
    await remove(stack, host.id)
  })
})

const placeholders = [
  '{env.PATH}',
  '{file./etc/passwd}',
  '{http.request.header.X}',
  '{$PATH}',
  '{{.Host}}',
  '{',
]

describe('placeholders', () => {
  test.each(placeholders)(
    'CF-02 `%s` in a text of a host is kept as it is and never reaches the edge',
    async (text) => {
      const host = await publish(stack, { domains: ['text.example.test'], to: upstream })
      const edited = await edit(stack, host.id, () => ({ note: `a note ${text}` }))
      await stack.inSync()
      expect(edited.host.note).toBe(`a note ${text}`)
      expect((await control(stack.edgeSocket, '/config/')).body).not.toContain('a note')
      await remove(stack, host.id)
      await stack.inSync()
    },
  )

  test.each(placeholders)('CF-02 `%s` in what reaches the edge is refused', async (text) => {
    const at = { domains: ['refused.example.test'], to: upstream }
    const address = (a: string) => ({ targets: [{ address: a, port: 80, weight: 1, enabled: true }] })
    const health = { kind: 'http' as const, path: `/${text}`, intervalS: 15, timeoutS: 5 }
    expect((await refusal(wanted({ ...at, pool: { health } })))?.status).toBe(400)
    expect((await refusal(wanted({ ...at, pool: address(text) })))?.status).toBe(400)
    expect((await refusal(wanted({ ...at, pool: address(`a${text}b`) })))?.status).toBe(400)
  })

  test.each(placeholders)('CF-03 `%s` sent by a visitor is never expanded', async (text) => {
    const header = `before ${text} after`
    const encoded = encodeURIComponent(text)
    for (const path of [`/${text}?q=${text}`, `/${encoded}?q=${encoded}`]) {
      const seen = await echoed(stack, name, { path, headers: { 'x-header': header, cookie: `c=${text}` } })
      // Braces may arrive percent-encoded, as they stand in no valid URI.
      expect(decodeURIComponent(seen.url)).toBe(decodeURIComponent(path))
      expect(valuesOf(seen, 'x-header')).toEqual([header])
      expect(valuesOf(seen, 'cookie')).toEqual([`c=${text}`])
    }
  })

  test.each(placeholders)('CF-03 `%s` in a redirected address is never expanded', async (text) => {
    const path = `/${encodeURIComponent(text)}?q=${text}`
    const { status, headers } = await browse(stack, 'secure.example.test', { path })
    expect(status).toBe(308)
    expect(headers.location).toBe(`https://secure.example.test:${stack.ports.https}${path}`)
  })
})

interface Handler {
  readonly handler: string
}
interface Server {
  readonly routes: readonly { readonly handle: readonly Handler[] }[]
  readonly errors?: { readonly routes: readonly { readonly handle: readonly Handler[] }[] }
}

test('CF-14 what the edge runs has dispatch first on every server and in its error routes, the gate first in every host', async () => {
  const { body } = await control(stack.edgeSocket, '/config/apps/')
  const apps = JSON.parse(body) as {
    readonly http: { readonly servers: Readonly<Record<string, Server>> }
    readonly argos: { readonly hosts: Readonly<Record<string, { readonly handle: readonly Handler[] }>> }
  }
  const servers = Object.values(apps.http.servers)
  expect(servers.length).toBeGreaterThanOrEqual(3)
  for (const { routes, errors } of servers) {
    expect(routes[0]?.handle[0]?.handler).toBe('argos_dispatch')
    expect(errors?.routes[0]?.handle[0]?.handler).toBe('argos_dispatch')
  }
  const hosts = Object.values(apps.argos.hosts)
  expect(hosts).toHaveLength((await stack.api.call(hostList, {})).hosts.length)
  for (const { handle } of hosts) expect(handle[0]?.handler).toBe('argos_gate')
})

describe('CF-15 a host never leads', () => {
  test.each([
    ['to link-local metadata', '169.254.169.254', 80],
    ['to link-local metadata, written as one number', '2852039166', 80],
    ['to another cloud’s metadata', '100.100.100.200', 80],
    ['to IPv6 link-local', 'fe80::1', 80],
    ['to IPv6 metadata', 'fd00:ec2::254', 80],
    ['to every address at once', '0.0.0.0', 8080],
    ['to every IPv6 address at once', '::', 8080],
  ])('%s', async (_what, address, port) => {
    const targets = [{ address, port, weight: 1, enabled: true }]
    const refused = await refusal(wanted({ domains: ['bad.example.test'], to: upstream, pool: { targets } }))
    expect([400, 422]).toContain(refused?.status)
  })

  test.each([
    '127.0.0.1',
    'localhost',
    '::1',
    '::ffff:127.0.0.1',
    '127.1',
    '2130706433',
    '0x7f000001',
    '127.0.0.2',
  ])('through %s to a listener of ours', async (address) => {
    for (const port of [stack.ports.panel, stack.ports.https, stack.ports.http]) {
      const targets = [{ address, port, weight: 1, enabled: true }]
      const pool = { targets, protocol: 'https' as const, verifyTls: false, preserveHost: false }
      const wish = wanted({ domains: [`loop-${port}.example.test`], to: upstream, pool })
      const refused = await refusal(wish)
      // Refused when it is saved; a name that resolves to it later, when it is dialled.
      if (refused) expect([400, 422]).toContain(refused.status)
      else {
        await stack.inSync()
        const { status, body } = await browse(stack, `loop-${port}.example.test`, { path: '/healthz' })
        const { hosts } = await stack.api.call(hostList, { query: { q: `loop-${port}.example.test` } })
        for (const { id } of hosts) await remove(stack, id)
        await stack.inSync()
        expect([502, 503]).toContain(status)
        expect(body).not.toContain('"ok"')
      }
    }
  })

  test.each(['unix//run/panel.sock', 'unix//tmp/x', '@abstract', '/run/edge.sock'])(
    'to the socket `%s`',
    async (address) => {
      const targets = [{ address, port: 80, weight: 1, enabled: true }]
      const refused = await refusal(
        wanted({ domains: ['sock.example.test'], to: upstream, pool: { targets } }),
      )
      expect(refused?.status).toBe(400)
    },
  )
})
