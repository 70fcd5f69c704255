import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compile, decompileHost, decompilePool, saysTheSame } from '../src/index.ts'
import { validInput } from './arbitraries.ts'
import { aCompiledPool, aFragment, aPool } from './factories.ts'

/** As somebody's editor may leave it: other spaces, fields in another order. */
const retyped = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(retyped)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([k, v]) => [k, retyped(v)]),
  )
}

describe('CF-11 what the compiler makes can be read back', () => {
  test('decompile(compile(x)) is x, and compiles to the same bytes', () => {
    fc.assert(
      fc.property(validInput, (input) => {
        const { hosts, pools } = compile(input)
        for (const host of input.hosts) expect(decompileHost(host.id, hosts[host.id])).toEqual(host)
        for (const pool of input.pools) expect(decompilePool(pool.id, pools[pool.id], pool)).toEqual(pool)
        const back = {
          ...input,
          hosts: input.hosts.map((h) => decompileHost(h.id, retyped(hosts[h.id]))),
          pools: input.pools.map((p) => decompilePool(p.id, retyped(pools[p.id]))),
        }
        expect(JSON.stringify(compile(back as typeof input))).toBe(JSON.stringify(compile(input)))
      }),
    )
  })

  test('defaults that the edge fills in may be left out', () => {
    const { off: _, ...fragment } = aFragment()
    expect(decompileHost('h', fragment)).toMatchObject({ enabled: true })
    const pool = { ...aCompiledPool({ verify_tls: false }), targets: [{ dial: '[::1]:80' }] }
    const { verify_tls: __, ...bare } = pool
    expect(decompilePool('p', bare)).toMatchObject({
      verifyTls: false,
      targets: [{ address: '::1', port: 80, weight: 1, enabled: true }],
    })
  })

  test('targets that are off stay off where they stood, unless somebody put them to use', () => {
    const one = (address: string, enabled: boolean) => ({ address, port: 80, weight: 1, enabled })
    const before = aPool({ targets: [one('10.0.0.1', false), one('10.0.0.2', true), one('10.0.0.3', false)] })
    const theirs = aCompiledPool({
      targets: [
        { dial: '10.0.0.9:80', weight: 1 },
        { dial: '10.0.0.3:80', weight: 1 },
      ],
    })
    expect(decompilePool('p', theirs, before)).toMatchObject({
      targets: [one('10.0.0.1', false), one('10.0.0.9', true), one('10.0.0.3', true)],
    })
  })
})

describe('CF-11 what the panel has no words for is said, never dropped', () => {
  const gate = { handler: 'argos_gate', policy: { kind: 'public' } }
  const pool = { handler: 'argos_pool', pool: 'p_app' }
  test.each([
    ['another handler', { ...aFragment(), handle: [gate, { handler: 'headers' }, pool] }, '`headers`'],
    ['no pool', { ...aFragment(), handle: [gate] }, 'a gate and then a pool'],
    ['two gates', { ...aFragment(), handle: [gate, gate, pool] }, 'a gate and then a pool'],
    ['another policy', { ...aFragment(), handle: [{ ...gate, policy: { kind: 'vip' } }, pool] }, 'policy'],
    [
      'more in a policy',
      { ...aFragment(), handle: [{ ...gate, policy: { kind: 'public', x: 1 } }, pool] },
      'x',
    ],
    ['a field of its own', { ...aFragment(), colour: 'red' }, '`colour`'],
    ['a field of a handler', { ...aFragment(), handle: [gate, { ...pool, retries: 2 }] }, 'retries'],
    ['a name that is none', { ...aFragment(), names: ['EXAMPLE'] }, 'EXAMPLE'],
    ['no names', { ...aFragment(), names: undefined }, 'name'],
    ['a name twice', { ...aFragment(), names: ['a.example.com', 'a.example.com'] }, 'twice'],
    ['another TLS mode', { ...aFragment(), tls: 'mutual' }, 'TLS'],
    ['not an object', ['x'], 'no host'],
    ['nothing', null, 'no host'],
  ])('a host with %s', (_, fragment, words) => {
    expect(decompileHost('h', fragment)).toEqual({ no: expect.stringContaining(words) })
  })

  test.each([
    ['a target that is a socket', { ...aCompiledPool(), targets: [{ dial: 'unix//run/x.sock' }] }, 'target'],
    [
      'a target with more',
      { ...aCompiledPool(), targets: [{ dial: 'a:1', max_requests: 3 }] },
      'max_requests',
    ],
    ['a port that is none', { ...aCompiledPool(), targets: [{ dial: 'a:70000' }] }, 'port'],
    ['another protocol', { ...aCompiledPool(), protocol: 'h2c' }, 'protocol'],
    ['another check', { ...aCompiledPool(), health: { kind: 'grpc' } }, 'health check'],
    [
      'more in its check',
      { ...aCompiledPool(), health: { ...aCompiledPool().health, body: 'x' } },
      'health.body',
    ],
    ['a field of its own', { ...aCompiledPool(), sticky: true }, '`sticky`'],
    ['nothing', null, 'no pool'],
  ])('a pool with %s', (_, theirs, words) => {
    expect(decompilePool('p', theirs)).toEqual({ no: expect.stringContaining(words) })
  })
})

test('two forms say the same whatever the order of their fields, and differ by any value', () => {
  expect(saysTheSame(aFragment(), retyped(aFragment()))).toBe(true)
  expect(saysTheSame(aFragment(), aFragment({ off: true }))).toBe(false)
  expect(saysTheSame(aFragment(), { ...aFragment(), more: undefined })).toBe(true)
  expect(saysTheSame(aFragment(), { ...aFragment(), more: null })).toBe(false)
})
