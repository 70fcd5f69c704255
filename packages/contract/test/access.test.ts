import { BlockList } from 'node:net'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  Access,
  addressBits,
  Clause,
  canonicalNetwork,
  inNetworks,
  localNetworks,
  PolicyInput,
  sentenceOf,
  TimeWindow,
  withinNetworks,
} from '../src/index.ts'

describe('networks', () => {
  test.each([
    ['192.168.1.7/24', '192.168.1.0/24'],
    [' 10.1.2.3 ', '10.1.2.3/32'],
    ['0.0.0.0/0', '0.0.0.0/0'],
    ['FD00:0:0::1/8', 'fd00::/8'],
    ['::1', '::1/128'],
    ['::/0', '::/0'],
    ['1:0:0:2:0:0:0:3', '1:0:0:2::3/128'],
    ['::ffff:10.0.0.1', '10.0.0.1/32'],
    ['::ffff:10.0.0.0/104', '10.0.0.0/8'],
    ['10.0.0.0/33', null],
    ['10.0.0.0/-1', null],
    ['10.0.0.0/08', null],
    ['10.0.0.0/', null],
    ['10.0.0', null],
    ['010.0.0.1', null],
    ['10.0.0.256', null],
    ['fe80::1%eth0', null],
    ['::ffff:10.0.0.0/64', null],
    ['1:2:3:4:5:6:7:8:9', null],
    ['1::2::3', null],
    ['home', null],
    ['', null],
  ])('%j is %j', (typed, network) => {
    expect(canonicalNetwork(typed)).toBe(network)
  })

  test('what is in a network is what the operating system takes to be in it', () => {
    const v4 = fc.tuple(fc.ipV4(), fc.integer({ min: 0, max: 32 }), fc.ipV4(), fc.constant('ipv4' as const))
    const v6 = fc.tuple(fc.ipV6(), fc.integer({ min: 0, max: 128 }), fc.ipV6(), fc.constant('ipv6' as const))
    fc.assert(
      fc.property(fc.oneof(v4, v6), fc.boolean(), ([base, size, other, kind], near) => {
        const network = canonicalNetwork(`${base}/${size}`) ?? ''
        // One of its own, half of the time.
        const address = near ? base : other
        if ((addressBits(address)?.of === 32) !== (kind === 'ipv4')) return
        if (addressBits(base)?.of !== addressBits(address)?.of) return
        const list = new BlockList()
        list.addSubnet(base, size, kind)
        expect(inNetworks(address, [network])).toBe(list.check(address, kind))
        expect(canonicalNetwork(network)).toBe(network)
      }),
    )
  })

  test('a network is within another one when all of it is', () => {
    expect(withinNetworks('192.168.1.0/24', localNetworks)).toBe(true)
    expect(withinNetworks('192.168.0.0/15', localNetworks)).toBe(false)
    expect(withinNetworks('172.16.0.0/12', ['172.16.0.0/12'])).toBe(true)
    expect(withinNetworks('fd00::/8', ['10.0.0.0/8'])).toBe(false)
    expect(inNetworks('::ffff:192.168.1.7', ['192.168.1.0/24'])).toBe(true)
    expect(inNetworks('nothing', ['0.0.0.0/0', '::/0'])).toBe(false)
  })
})

test('a time zone is kept in the spelling that the edge knows', () => {
  const window = { days: [1], from: '08:00', to: '18:00' }
  expect(TimeWindow.parse({ ...window, zone: 'europe/berlin' }).zone).toBe('Europe/Berlin')
  expect(TimeWindow.safeParse({ ...window, zone: 'Europe/Nowhere' }).success).toBe(false)
})

describe('a policy in one sentence', () => {
  const clause = (over: object) =>
    Clause.parse({
      ...{ who: 'signed_in', people: [], groups: [], networks: [], times: [], factorHours: null },
      ...over,
    })
  const names = { people: { u_1: 'Anna', u_2: 'Ben' }, groups: { g_1: 'family' } }
  const zone = 'Europe/Berlin'
  test.each<[readonly object[], string]>([
    [[], 'Open to nobody.'],
    [[{ who: 'everyone' }], 'Open to everyone.'],
    [[{}], 'Open to whoever is signed in.'],
    [
      [{ who: 'everyone', networks: localNetworks }, {}],
      'Open to everyone on the local network, or to whoever is signed in.',
    ],
    [
      [{ who: 'everyone', networks: ['10.0.0.1', '192.168.1.0/24'] }],
      'Open to everyone from 10.0.0.1 or 192.168.1.0/24.',
    ],
    [
      [{ who: 'these', people: ['u_1', 'u_2'], groups: ['g_1'], factorHours: 12 }],
      'Open to Anna, Ben and the group family with a second factor of the last 12 hours.',
    ],
    [
      [{ who: 'these', people: ['u_9'], groups: ['g_9'] }],
      'Open to somebody who is gone and a group that is gone.',
    ],
    [
      [{ times: [{ days: [5, 1, 2, 3, 4], from: '08:00', to: '18:00', zone }] }],
      'Open to whoever is signed in Monday to Friday 08:00–18:00 (Europe/Berlin).',
    ],
    [
      [{ times: [{ days: [0, 6], from: '00:00', to: '24:00', zone }] }],
      'Open to whoever is signed in on Sunday and Saturday (Europe/Berlin).',
    ],
  ])('%j', (clauses, sentence) => {
    const policy = PolicyInput.parse({ name: 'x', rules: { any: clauses.map(clause) } })
    expect(sentenceOf(policy, names)).toBe(sentence)
  })

  test('nothing of a clause or of a way in may be left out: it would let more people in', () => {
    const whole = clause({})
    for (const key of Object.keys(whole))
      expect(Clause.safeParse({ ...whole, [key]: undefined }).success, key).toBe(false)
    const access = { kind: 'policy', policyId: 'o_1', paths: [], keep: true, assertion: false }
    for (const key of ['policyId', 'paths', 'keep', 'assertion'])
      expect(Access.safeParse({ ...access, [key]: undefined }).success, key).toBe(false)
  })
})
