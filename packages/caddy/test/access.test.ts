import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type AccessSpec,
  type ClauseSpec,
  compile,
  decompileHost,
  type Fragment,
  gateOf,
  type PolicySpec,
  policiesIn,
} from '../src/index.ts'
import { aClause, aFragment, anInput, aPolicy } from './factories.ts'

const access = (over: Partial<Extract<AccessSpec, { kind: 'policy' }>> = {}): AccessSpec => ({
  ...{ kind: 'policy', policyId: 'o_in', paths: [], keep: true, assertion: false },
  ...over,
})
const full = aClause({
  who: 'these',
  people: ['u_anna'],
  groups: ['g_family'],
  networks: ['192.168.1.0/24', 'fd00::/8'],
  times: [{ days: [1, 2], from: '08:00', to: '18:00', zone: 'Europe/Berlin' }],
  factorHours: 12,
})
const host = (policies: readonly PolicySpec[], way: AccessSpec = access(), last?: Fragment) =>
  compile(
    anInput({
      hosts: [{ access: way }],
      policies,
      ...(last ? { lastGood: { hosts: { h_app: last } } } : {}),
    }),
  )

describe('who gets into a host, as the gate reads it', () => {
  test('each part of a clause stands in it, and what is not asked for does not', () => {
    const any = [aClause(), aClause({ who: 'signed_in' }), full]
    expect(gateOf(access(), policiesIn([aPolicy({ any })]))).toEqual({
      handler: 'argos_gate',
      keep: true,
      assertion: false,
      policy: {
        kind: 'rules',
        id: 'o_in',
        paths: [],
        any: [
          {},
          { person: true },
          {
            ...{ people: ['u_anna'], groups: ['g_family'], networks: ['192.168.1.0/24', 'fd00::/8'] },
            times: [{ days: [1, 2], from: '08:00', to: '18:00', zone: 'Europe/Berlin' }],
            factor_s: 43_200,
          },
        ],
      },
    })
  })

  test('paths have a policy of their own, or none', () => {
    const paths = [
      { path: '/share/', access: 'public' },
      { path: '/admin', access: 'o_admin' },
    ]
    const policies = [aPolicy(), aPolicy({ id: 'o_admin', any: [] })]
    expect(gateOf(access({ paths }), policiesIn(policies))).toMatchObject({
      policy: {
        id: 'o_in',
        paths: [
          { prefix: '/share/', kind: 'public' },
          { prefix: '/admin', id: 'o_admin', any: [] },
        ],
      },
    })
  })

  test('a policy that is not there refuses its hosts, at the field that names it', () => {
    expect(host([]).refused).toMatchObject([{ kind: 'host', id: 'h_app', field: 'access.policyId' }])
    const paths = [{ path: '/x', access: 'o_gone' }]
    expect(host([aPolicy()], access({ paths })).refused).toMatchObject([{ field: 'access.paths[0].access' }])
  })

  test.each<[string, unknown]>([
    ['a kind of who nobody knows', { who: 'friends' }],
    ['a part nobody knows', { countries: ['de'] }],
    ['these, without any', { who: 'these' }],
    ['people beside everyone', { people: ['u_anna'] }],
    ['a factor of nobody', { factorHours: 12 }],
    ['a factor of no time', { who: 'signed_in', factorHours: 0 }],
    ['no network', { networks: ['10.0.0.0/33'] }],
    ['an address that is no range', { networks: ['10.0.0.1'] }],
    ['four numbers that are no address', { networks: ['10.0.0.256/32'] }],
    ['groups that are no address', { networks: ['1:2:3:4:5:6:7:8:9/64'] }],
    ['no list of networks', { networks: '10.0.0.0/8' }],
    ['no zone', { times: [{ days: [1], from: '08:00', to: '18:00', zone: '' }] }],
    ['no days', { times: [{ days: [], from: '08:00', to: '18:00', zone: 'UTC' }] }],
    ['an hour that is none', { times: [{ days: [1], from: '08:00', to: '25:00', zone: 'UTC' }] }],
  ])('FA-11 %s: the policy is refused as a whole, not without that part', (_, over) => {
    const broken = aPolicy({ any: [aClause({ who: 'signed_in' }), { ...aClause(), ...(over as object) }] })
    expect(host([broken]).refused).toMatchObject([{ id: 'h_app', field: 'access.policyId' }])
    expect(host([broken]).hosts).toEqual({})
  })

  test.each(['x', '/', '//x', '/a/../b', '/a/./b', '/a%2fb', '/a;b', '/a\\b', '/a b', '/{x}', '/a./b'])(
    'F15 an exception for %s is refused: it has more than one reading',
    (path) => {
      const way = access({ paths: [{ path, access: 'public' }] })
      expect(host([aPolicy()], way).refused).toMatchObject([{ field: 'access.paths[0].path' }])
    },
  )

  test('what stands in has the policy of today, and where there is none answers 503', () => {
    const last = aFragment({ names: ['old.example.com'] })
    const input = anInput({
      hosts: [{ access: access(), domains: [] }],
      policies: [aPolicy()],
      lastGood: { hosts: { h_app: last } },
    })
    expect(compile(input).hosts.h_app?.handle[0]).toMatchObject({ policy: { kind: 'rules', id: 'o_in' } })
    expect(host([], access(), last).hosts.h_app?.handle).toMatchObject([
      { handler: 'argos_gate' },
      { handler: 'static_response', status_code: 503 },
    ])
  })

  test('anything at all in place of a policy compiles to a gate or to a refusal, and never to a looser gate', () => {
    const anything = fc.anything()
    const nearly = fc.record({
      who: fc.oneof(fc.constantFrom('everyone', 'signed_in', 'these'), anything),
      people: fc.oneof(fc.constant([]), fc.constant(['u_anna']), anything),
      groups: fc.oneof(fc.constant([]), anything),
      networks: fc.oneof(fc.constant([]), fc.constant(['10.0.0.0/8']), anything),
      times: fc.oneof(fc.constant([]), anything),
      factorHours: fc.oneof(fc.constant(null), fc.constant(12), anything),
    })
    fc.assert(
      fc.property(fc.oneof(anything, fc.array(fc.oneof(nearly, anything))), (any) => {
        const gate = gateOf(access(), policiesIn([{ id: 'o_in', any } as unknown as PolicySpec]))
        if ('no' in gate || gate.policy.kind !== 'rules') return
        const specs = any as ClauseSpec[]
        expect(gate.policy.any).toHaveLength(specs.length)
        for (const [i, clause] of gate.policy.any.entries()) {
          const spec = specs[i]
          if (Object.keys(clause).length === 0) expect(spec?.who).toBe('everyone')
          expect(clause.networks ?? []).toEqual(spec?.networks)
          expect(clause.factor_s ?? null).toBe(spec?.factorHours === null ? null : 43_200)
        }
      }),
    )
  })
})

describe('CF-11 a gate that somebody changed by hand', () => {
  const policies = policiesIn([aPolicy({ any: [full] }), aPolicy({ id: 'o_other' })])
  const way = access({
    paths: [
      { path: '/share/', access: 'public' },
      { path: '/x', access: 'o_other' },
    ],
    keep: false,
  })
  const made = () => {
    const gate = gateOf(way, policies)
    if ('no' in gate) throw new Error(gate.no)
    return aFragment({ handle: [gate, { handler: 'argos_pool', pool: 'p_app' }] })
  }
  test('is read back by the ids of its policies', () => {
    expect(decompileHost('h', made(), policies)).toMatchObject({ access: way })
  })
  test.each<[string, object]>([
    ['other clauses', { any: [{}] }],
    ['another path', { paths: [{ prefix: '/share/', id: 'o_other', any: [{}] }] }],
    ['a policy that is not here', { id: 'o_gone' }],
    ['another kind', { kind: 'countries' }],
  ])('%s: it has no words for that', (_, over) => {
    const fragment = made()
    const [gate, pool] = fragment.handle
    const theirs = {
      ...fragment,
      handle: [{ ...gate, policy: { ...(gate as { policy: object }).policy, ...over } }, pool],
    }
    expect(decompileHost('h', theirs, policies)).toHaveProperty('no')
  })
})

test('the gate is told whom to ask, and where people sign in', () => {
  const gate = { socket: '/run/gate.sock', port: 8443, without: 'https://somewhere.example' }
  const of = (panelDomain: string, port = 8443) =>
    compile(anInput({ settings: { panelDomain }, places: { gate: { ...gate, port } } })).base.apps.argos.gate
  expect(of('panel.example.com')).toEqual({ socket: gate.socket, login: 'https://panel.example.com:8443' })
  expect(of('panel.example.com', 443)).toMatchObject({ login: 'https://panel.example.com' })
  expect(of('')).toMatchObject({ login: 'https://somewhere.example' })
  expect(compile(anInput()).base.apps.argos).not.toHaveProperty('gate')
})
