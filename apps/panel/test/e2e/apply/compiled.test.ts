import {
  type DesiredState,
  type Fragment,
  type HostSpec,
  literal,
  type PoolSpec,
  type SettingsSpec,
} from '@argos/caddy'
import { etagOf, hashOf } from '@argos/caddy-admin'
import { type Echo, echo, type Upstream, visit } from '@argos/testkit'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type BareEdge, bareEdge } from '../../support/bare-edge.ts'

let edge: BareEdge
let upstream: Upstream
beforeAll(async () => {
  edge = await bareEdge()
  upstream = await echo()
  await edge.load(state())
})
afterAll(async () => {
  await edge[Symbol.asyncDispose]()
  await upstream.close()
})

const settings: SettingsSpec = {
  panelDomain: '',
  panelTls: 'internal',
  acmeDirectory: 'https://127.0.0.1:1/dir',
  acmeEmail: '',
  acmeRootPem: '',
  trustedProxies: [],
}
const host = (over: Partial<HostSpec> = {}): HostSpec => ({
  ...{
    id: 'h_app',
    domains: ['app.example.test'],
    enabled: true,
    tls: 'none',
    access: { kind: 'public' },
    poolId: 'p_app',
  },
  ...over,
})
const pool = (over: Partial<PoolSpec> = {}): PoolSpec => ({
  ...{ id: 'p_app', protocol: 'http', verifyTls: true, preserveHost: true },
  health: { kind: 'off', path: '/', intervalS: 15, timeoutS: 5 },
  targets: [{ address: '127.0.0.1', port: upstream.port, weight: 1, enabled: true }],
  ...over,
})
const state = (hosts: HostSpec[] = [host()], pools: PoolSpec[] = [pool()]): DesiredState => ({
  generation: 1,
  hosts,
  pools,
  policies: [],
  settings,
  lastGood: { hosts: {}, pools: {} },
})
const get = (name: string, more: object = {}) => visit({ port: edge.places.ports.http, name, ...more })

describe('what the compiler makes, the real edge takes', () => {
  const label = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,8}[a-z0-9])?$/)
  const name = fc
    .tuple(fc.constantFrom('', '*.'), label, label)
    .map(([star, a, b]) => `${star}${a}.${b}.test`)
  const target = fc.record({
    address: fc.oneof(
      fc.ipV4().map((ip) => ip.replace(/^(127|169|0|22[4-9]|2[3-5]\d)\./, '10.')),
      label.map((l) => `${l}.lan`),
    ),
    port: fc.integer({ min: 1, max: 65535 }),
    weight: fc.integer({ min: 1, max: 256 }),
    enabled: fc.boolean(),
  })
  const valid = fc
    .record({
      names: fc.uniqueArray(name, { minLength: 1, maxLength: 8 }),
      tls: fc.array(fc.constantFrom('auto' as const, 'internal' as const, 'none' as const), {
        minLength: 8,
        maxLength: 8,
      }),
      on: fc.array(fc.boolean(), { minLength: 8, maxLength: 8 }),
      targets: fc.array(target, { minLength: 1, maxLength: 4 }),
      protocol: fc.constantFrom('http' as const, 'https' as const),
      verifyTls: fc.boolean(),
    })
    .map(({ names, tls, on, targets, protocol, verifyTls }) =>
      state(
        names.map((n, i) =>
          host({ id: `h_${i}`, domains: [n], tls: tls[i] ?? 'none', enabled: on[i] ?? true }),
        ),
        [pool({ targets, protocol, verifyTls })],
      ),
    )

  test('CF-14 whole and by itself: nothing is refused, the edge holds the same bytes, every host has its gate first', async () => {
    await fc.assert(
      fc.asyncProperty(valid, async (input) => {
        expect((await edge.load(input)).refused).toEqual({})
        const { base, hosts, pools, etag } = await edge.client.info()
        const hashes = {
          base,
          hosts: Object.fromEntries(Object.entries(hosts).map(([id, h]) => [id, h.hash])),
          pools: Object.fromEntries(Object.entries(pools).map(([id, p]) => [id, p.hash])),
        }
        expect(etag).toBe(etagOf(hashes))
        const held = (await edge.client.config('apps/argos/hosts')) as Record<string, Fragment>
        expect(Object.keys(held).sort()).toEqual(input.hosts.map((h) => h.id).sort())
        for (const [id, fragment] of Object.entries(held)) {
          expect(hashOf(fragment)).toBe(hashes.hosts[id])
          expect(fragment.handle.map((h) => h.handler)).toEqual(['argos_gate', 'argos_pool'])
        }
      }),
      { numRuns: 15 },
    )
    await edge.load(state())
  })

  test('CF-14 a fragment without the gate in front is refused', async () => {
    const handle = [{ handler: 'argos_pool', pool: 'p_app' }] as const
    const { refused } = await edge.put('h_bare', {
      names: ['bare.example.test'],
      off: false,
      tls: 'none',
      handle,
    })
    expect(Object.keys(refused)).toEqual(['host:h_bare'])
    expect((await get('bare.example.test')).body).not.toContain('"upstream"')
  })
})

describe('placeholders', () => {
  const body = async (text: string) => {
    const taken = await edge.put('h_text', {
      ...{ names: ['text.example.test'], off: false, tls: 'none' },
      handle: [
        { handler: 'argos_gate', policy: { kind: 'public' } },
        { handler: 'static_response', status_code: 200, headers: { 'X-Text': ['set'] }, body: literal(text) },
      ],
    })
    expect(taken.refused).toEqual({})
    return (await get('text.example.test', { headers: { x: 'from the request' } })).body
  }

  test.each([
    '{env.PATH}',
    '{env.ARGOS_MASTER_KEY}',
    '{file./etc/passwd}',
    '{http.request.header.X}',
    '{http.request.host}',
    '{system.hostname}',
    '\\{env.PATH}',
    '{{env.PATH}}',
    '{env.PATH',
    'a}b{c\\}d\\',
  ])('CF-02 escaped `%s` is served as it was written', async (text) => {
    expect(await body(text)).toBe(text)
  })
  test('CF-02 and so is any other text', async () => {
    const piece = fc.constantFrom(
      '{',
      '}',
      '\\',
      'env.PATH',
      '{env.PATH}',
      '{file./etc/passwd}',
      '"',
      ' ',
      'ü',
    )
    const text = fc.array(piece, { minLength: 1, maxLength: 8 }).map((p) => p.join(''))
    await fc.assert(
      fc.asyncProperty(text, async (t) => {
        expect(await body(t)).toBe(t)
      }),
      { numRuns: 60 },
    )
  })
  test('CF-02 without it, Caddy would expand: the escape is needed', async () => {
    const { refused } = await edge.put('h_text', {
      ...{ names: ['text.example.test'], off: false, tls: 'none' },
      handle: [
        { handler: 'argos_gate', policy: { kind: 'public' } },
        { handler: 'static_response', status_code: 200, body: '{http.request.header.X}' },
      ],
    })
    expect(refused).toEqual({})
    expect((await get('text.example.test', { headers: { x: 'from the request' } })).body).toBe(
      'from the request',
    )
  })

  test('CF-03 a visitor cannot have one expanded: path, query, headers and body reach the upstream as sent', async () => {
    const raw = '{env.PATH}{file./etc/passwd}{http.request.host}'
    const answer = await get('app.example.test', {
      method: 'POST',
      path: `/${raw}?q=${raw}`,
      headers: { 'x-test': raw, 'user-agent': raw, referer: raw },
      body: raw,
    })
    const seen = JSON.parse(answer.body) as Echo
    const header = (n: string) => seen.headers.find(([name]) => name.toLowerCase() === n)?.[1]
    expect(decodeURI(seen.url)).toBe(`/${raw}?q=${raw}`)
    expect([header('x-test'), header('user-agent'), header('referer')]).toEqual([raw, raw, raw])
    expect(seen.bodyBytes).toBe(raw.length)
  })
  test('CF-03 nor in what the edge answers by itself', async () => {
    for (const name of ['app.example.test', 'nobody.example.test']) {
      const answer = await get(name, { path: '/{env.PATH}', headers: { host: name, 'x-test': '{env.PATH}' } })
      expect(JSON.stringify(answer)).not.toContain(process.env.PATH)
    }
  })
})

describe('what a host answers', () => {
  test('CF-01 FA-10 its names, however they are written, and no other', async () => {
    for (const name of [
      'app.example.test',
      'APP.Example.TEST',
      'app.example.test.',
      `app.example.test:${edge.places.ports.http}`,
    ])
      expect((await get(name)).status, name).toBe(200)
    for (const name of [
      'other.example.test',
      'app.example.test.evil.test',
      'xapp.example.test',
      '{env.HOME}',
      '127.0.0.1',
    ])
      expect([400, 404, 421], name).toContain((await get(name)).status)
  })
  test('paused, it answers 404; standing in without its pool, 503', async () => {
    const last: Fragment = {
      ...{ names: ['app.example.test'], off: false, tls: 'none' },
      handle: [
        { handler: 'argos_gate', policy: { kind: 'public' } },
        { handler: 'argos_pool', pool: 'p_gone' },
      ],
    }
    const broken = { ...state([host({ poolId: 'p_gone' })]), lastGood: { hosts: { h_app: last }, pools: {} } }
    expect((await edge.load(broken)).refused).toEqual({})
    expect((await get('app.example.test')).status).toBe(503)
    await edge.load(state([host({ enabled: false })]))
    expect((await get('app.example.test')).status).toBe(404)
    await edge.load(state())
  })
  test('over HTTPS of the internal CA with a redirect in front, and an unknown name learns nothing', async () => {
    await edge.load(state([host({ tls: 'internal' })]))
    expect((await get('app.example.test', { path: '/x?y=1' })).headers.location).toBe(
      `https://app.example.test:${edge.places.ports.https}/x?y=1`,
    )
    const port = edge.places.ports.https
    await expect
      .poll(() => visit({ port, name: 'app.example.test', tls: true }).then((a) => a.status, String), {
        timeout: 10_000,
      })
      .toBe(200)
    await expect(visit({ port, name: 'other.example.test', tls: true })).rejects.toThrow()
    await edge.load(state())
  })
})
