import { Clause, localNetworks } from '@argos/contract'
import { describe, expect, test } from 'vitest'
import { clientsSeen } from '../doctor/clients.ts'
import { testLines } from './read.ts'
import { typedWays } from './ways.ts'

const way = (over: object) => ({
  ...{ who: 'everyone', users: [], groups: [], networks: [], times: [], factorHours: null },
  ...over,
})

describe('a way in as it is typed', () => {
  test.each<[string, object]>([
    ['everyone', {}],
    ['signed-in', { who: 'signed_in' }],
    ['everyone,from=10.0.0.0/8,from=192.168.1.7', { networks: ['10.0.0.0/8', '192.168.1.7'] }],
    ['everyone,from=local', { networks: localNetworks }],
    ['user=anna,group=family,user=ben', { who: 'these', users: ['anna', 'ben'], groups: ['family'] }],
    ['signed-in,factor=12', { who: 'signed_in', factorHours: 12 }],
    [
      'everyone,at=mon-fri/08:00-18:00/Europe/Berlin',
      { times: [{ days: [1, 2, 3, 4, 5], from: '08:00', to: '18:00', zone: 'Europe/Berlin' }] },
    ],
    [
      'everyone,at=fri-mon/22:00-02:00/UTC',
      { times: [{ days: [0, 1, 5, 6], from: '22:00', to: '02:00', zone: 'UTC' }] },
    ],
    [
      'everyone,at=sat+sun/00:00-24:00/UTC',
      { times: [{ days: [0, 6], from: '00:00', to: '24:00', zone: 'UTC' }] },
    ],
    [
      'everyone,at=daily/08:00-18:00/UTC',
      { times: [{ days: [0, 1, 2, 3, 4, 5, 6], from: '08:00', to: '18:00', zone: 'UTC' }] },
    ],
  ])('%s', (typed, meant) => {
    const [one] = typedWays([typed])
    expect(one).toEqual(way(meant))
    const { users, ...rest } = one ?? way({})
    expect(Clause.safeParse({ ...rest, people: users }).error).toBeUndefined()
  })
  test('nobody shuts all ways; several ways are several', () => {
    expect(typedWays(['nobody'])).toEqual([])
    expect(typedWays(['everyone', 'signed-in'])).toHaveLength(2)
  })
  test.each([
    '',
    'nobody,factor=12',
    'from=10.0.0.0/8',
    'everyone,signed-in',
    'everyone,user=anna',
    'friends',
    'user=',
    'everyone,factor=soon',
    'everyone,at=never',
    'everyone,at=mon-/08:00-18:00/UTC',
    'everyone,fr0m=10.0.0.0/8',
  ])('`%s` is refused: what is overlooked would let more people in', (typed) => {
    expect(() => typedWays([typed])).toThrow()
  })
})

test('what comes of a test is said first, then each way in with what of it is met', () => {
  const parts = [{ met: false, words: 'from 10.0.0.0/8' }]
  const clauses = [{ sentence: 'everyone from 10.0.0.0/8', verdict: 'denied' as const, parts }]
  const policy = { id: 'o_1', name: 'Home' }
  expect(
    testLines({ words: ['anna is refused.'], tests: [{ policy, path: '/x', verdict: 'denied', clauses }] }),
  ).toEqual([
    'anna is refused.',
    '',
    'Home, for /x',
    '  everyone from 10.0.0.0/8',
    '    no   from 10.0.0.0/8',
  ])
})

test('CR-12 doctor says when all visitors come from the gateway', () => {
  const seen = { clients: ['172.18.0.1', '172.18.0.1'], gateways: ['172.18.0.1'], contained: true }
  expect(clientsSeen(seen)).toMatchObject({
    level: 'warning',
    found: "All visitors seen of late come from 172.18.0.1, which looks like Docker's gateway",
  })
  expect(clientsSeen({ ...seen, clients: ['192.168.1.7', '192.168.1.8'] })).toMatchObject({
    level: 'ok',
    found: '2 different ones of late',
  })
  expect(clientsSeen({ ...seen, clients: [] })).toMatchObject({ level: 'ok' })
})
