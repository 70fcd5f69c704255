import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type CompileInput, compile, type Fragment } from '../src/index.ts'
import { validInput, wildInput } from './arbitraries.ts'
import { aCompiledPool, aFragment, aHost, anInput, aPool } from './factories.ts'

const fragments = (input: CompileInput): Fragment[] => Object.values(compile(input).hosts)
const bytes = (input: CompileInput) => JSON.stringify(compile(input))

describe('compile, for any input', () => {
  test('valid input is never refused, and each host is one fragment', () => {
    fc.assert(
      fc.property(validInput, (input) => {
        const { hosts, pools, refused, standIns } = compile(input)
        expect(refused).toEqual([])
        expect(standIns).toEqual({ hosts: [], pools: [] })
        expect(Object.keys(hosts).sort()).toEqual(input.hosts.map((h) => h.id).sort())
        expect(Object.keys(pools).sort()).toEqual(input.pools.map((p) => p.id).sort())
      }),
    )
  })

  test('it never throws, and what it does not emit or replaces is refused by name', () => {
    fc.assert(
      fc.property(wildInput, (input) => {
        const { hosts, refused } = compile(input)
        const said = new Set(refused.filter((r) => r.kind === 'host').map((r) => r.id))
        for (const { id } of input.hosts) expect(Object.hasOwn(hosts, id) || said.has(id)).toBe(true)
      }),
    )
  })

  test('the order of hosts and pools is immaterial, and the same input gives the same bytes', () => {
    const shuffled = validInput.chain((input) =>
      fc.record({
        input: fc.constant(input),
        hosts: fc.shuffledSubarray([...input.hosts], { minLength: input.hosts.length }),
        pools: fc.shuffledSubarray([...input.pools], { minLength: input.pools.length }),
      }),
    )
    fc.assert(
      fc.property(shuffled, ({ input, hosts, pools }) => {
        expect(bytes({ ...input, hosts, pools })).toBe(bytes(input))
        expect(bytes(structuredClone(input))).toBe(bytes(input))
      }),
    )
  })

  test('CF-14 every host passes the gate before anything else, whatever was saved', () => {
    fc.assert(
      fc.property(fc.oneof(validInput, wildInput), (input) => {
        for (const { handle } of fragments(input)) {
          expect(handle[0]?.handler).toBe('argos_gate')
          expect(handle.length).toBeGreaterThan(1)
        }
      }),
    )
  })

  test('CF-14 dispatch is the one and first handler of every server and of its error routes', () => {
    fc.assert(
      fc.property(fc.oneof(validInput, wildInput), (input) => {
        const { servers } = compile(input).base.apps.http
        expect(Object.keys(servers)).toEqual(['https', 'http', 'panel'])
        for (const [listener, { routes, errors }] of Object.entries(servers)) {
          expect(routes).toEqual([{ handle: [{ handler: 'argos_dispatch', listener }] }])
          expect(errors.routes).toEqual(routes)
        }
      }),
    )
  })

  test('CF-01 only canonical names are ever published', () => {
    fc.assert(
      fc.property(wildInput, (input) => {
        for (const { names } of fragments(input)) {
          for (const name of names) expect(name).toMatch(/^(\*\.)?[a-z0-9_-]+(\.[a-z0-9_-]+)+$/)
        }
      }),
    )
  })

  test('a name is published once', () => {
    fc.assert(
      fc.property(fc.oneof(validInput, wildInput), (input) => {
        const names = fragments(input).flatMap((f) => f.names)
        expect(new Set(names).size).toBe(names.length)
      }),
    )
  })
})

describe('what a host edit does to the base', () => {
  const base = (input: CompileInput) => JSON.stringify(compile(input).base)
  const before = anInput({ hosts: [{ id: 'h_a', domains: ['a.example.com'], tls: 'internal' }, {}] })

  test.each([
    ['another name', { domains: ['b.example.com', 'c.example.com'] }],
    ['switched off', { enabled: false }],
    ['plain HTTP', { tls: 'none' as const }],
    ['another pool', { poolId: 'p_gone' }],
  ])('an ACME host: %s needs no load', (_, change) => {
    expect(base({ ...before, hosts: [before.hosts[0] ?? aHost(), aHost(change)] })).toBe(base(before))
  })
  test('an internal host: switched off needs no load, another name does', () => {
    const host = before.hosts[0] ?? aHost()
    expect(base({ ...before, hosts: [{ ...host, enabled: false }, aHost()] })).toBe(base(before))
    expect(base({ ...before, hosts: [{ ...host, domains: ['z.example.com'] }, aHost()] })).not.toBe(
      base(before),
    )
  })
  test('another CA for the ACME directory needs a load', () => {
    const places = { ...before.places, acmeRootFile: '/srv/argos/data/acme-root-2.pem' }
    expect(base({ ...before, places })).not.toBe(base(before))
  })
})

describe('a host that cannot be had as it was saved', () => {
  const saved = { id: 'h_app', domains: ['app.example.com'], poolId: 'p_gone' }
  const lastGood = { hosts: { h_app: aFragment() } }

  test('keeps its last good fragment under the policy of today', () => {
    const { hosts, refused, standIns } = compile(anInput({ hosts: [saved], lastGood }))
    expect(hosts.h_app).toEqual(aFragment())
    expect(standIns).toEqual({ hosts: ['h_app'], pools: [] })
    expect(refused).toEqual([
      { kind: 'host', id: 'h_app', message: 'The pool of this host is not there.', field: 'poolId' },
    ])
  })
  test('has the policy of today, not the one it went live with', () => {
    const policy = { kind: 'of-yesterday' } as never
    const [, pool] = aFragment().handle
    const old = {
      hosts: { h_app: aFragment({ handle: [{ handler: 'argos_gate', policy }, ...(pool ? [pool] : [])] }) },
    }
    const { hosts } = compile(anInput({ hosts: [saved], lastGood: old }))
    expect(hosts.h_app).toEqual(aFragment())
  })
  test('hurts no other host', () => {
    const other = { id: 'h_other', domains: ['other.example.com'] }
    expect(Object.keys(compile(anInput({ hosts: [saved, other] })).hosts)).toEqual(['h_other'])
  })
  test('is off when it was switched off', () => {
    expect(compile(anInput({ hosts: [{ ...saved, enabled: false }], lastGood })).hosts.h_app?.off).toBe(true)
  })
  test('never goes on over plain HTTP once HTTPS was saved', () => {
    const plain = { hosts: { h_app: aFragment({ tls: 'none' }) } }
    expect(compile(anInput({ hosts: [saved], lastGood: plain })).hosts.h_app?.tls).toBe('auto')
  })
  test('answers 503 when its access is of a kind nobody knows', () => {
    const access = { kind: 'never-heard-of' } as never
    const { hosts } = compile(anInput({ hosts: [{ access }], lastGood }))
    expect(hosts.h_app?.handle.map((h) => h.handler)).toEqual(['argos_gate', 'static_response'])
    expect(hosts.h_app?.handle[1]).toMatchObject({ status_code: 503 })
  })
  test('answers 503 when its last fragment has no gate', () => {
    const ungated = { hosts: { h_app: aFragment({ handle: [{ handler: 'argos_pool', pool: 'p_app' }] }) } }
    const { hosts } = compile(anInput({ hosts: [saved], lastGood: ungated }))
    expect(hosts.h_app?.handle[1]).toMatchObject({ status_code: 503 })
  })
  test('gives up names that another host has by now', () => {
    const old = { hosts: { h_app: aFragment({ names: ['app.example.com', 'moved.example.com'] }) } }
    const taker = { id: 'h_taker', domains: ['moved.example.com'] }
    const { hosts } = compile(anInput({ hosts: [saved, taker], lastGood: old }))
    expect(hosts.h_app?.names).toEqual(['app.example.com'])
    expect(hosts.h_taker?.names).toEqual(['moved.example.com'])
  })
})

describe('what the edge would not take', () => {
  const refusedBytes = JSON.stringify(compile(anInput({ hosts: [{}] })).hosts.h_app)
  const lastGood = { hosts: { h_app: aFragment({ names: ['old.example.com'] }) } }

  test('is replaced by the last good as long as it would be the same bytes', () => {
    const rejected = { hosts: { h_app: refusedBytes } }
    expect(compile(anInput({ hosts: [{}], lastGood, rejected })).hosts.h_app?.names).toEqual([
      'old.example.com',
    ])
    const changed = { domains: ['app.example.com', 'www.example.com'] }
    expect(compile(anInput({ hosts: [changed], lastGood, rejected })).hosts.h_app?.names).toEqual(
      changed.domains,
    )
  })
  test('is left out when it was never live', () => {
    expect(compile(anInput({ hosts: [{}], rejected: { hosts: { h_app: refusedBytes } } })).hosts).toEqual({})
  })
})

describe('a pool that cannot be had as it was saved', () => {
  const bad = { targets: [{ address: '{env.HOME}', port: 80, weight: 1, enabled: true }] }
  const lastGood = { pools: { p_app: aCompiledPool({ verify_tls: false }) } }

  test('CF-02 a placeholder for an address is refused with its field', () => {
    const { pools, refused } = compile(anInput({ pools: [bad] }))
    expect(pools).toEqual({})
    expect(refused[0]).toMatchObject({ kind: 'pool', id: 'p_app', field: 'targets[0].address' })
  })
  test('keeps its last good targets, and verifies them when that was saved', () => {
    expect(compile(anInput({ pools: [bad], lastGood })).pools.p_app).toEqual(aCompiledPool())
  })
  test('sends nothing in the clear once TLS was saved', () => {
    expect(
      compile(anInput({ pools: [{ ...bad, protocol: 'https' }], lastGood })).pools.p_app?.targets,
    ).toEqual([])
  })
})

test('settings that make no sense are left out and named, and hosts go on', () => {
  const { base, hosts, refused } = compile(anInput({ hosts: [{}], settings: { panelDomain: '{env.HOME}' } }))
  expect(base.apps.argos.panel.names).toEqual([])
  expect(Object.keys(hosts)).toEqual(['h_app'])
  expect(refused).toMatchObject([{ kind: 'settings', field: 'panelDomain' }])
})

test("a host cannot have the panel's name", () => {
  const { refused } = compile(anInput({ hosts: [{}], settings: { panelDomain: 'app.example.com' } }))
  expect(refused).toMatchObject([{ id: 'h_app', field: 'domains[0]' }])
})

test('IPv6 targets are dialled in brackets, paused ones not at all', () => {
  const targets = [
    { address: 'fd00::1', port: 80, weight: 2, enabled: true },
    { address: '10.0.0.1', port: 80, weight: 1, enabled: false },
  ]
  expect(compile(anInput({ pools: [aPool({ targets })] })).pools.p_app?.targets).toEqual([
    { dial: '[fd00::1]:80', weight: 2 },
  ])
})
