import { gateOf, policiesIn } from '@argos/caddy'
import { type Clause, Clause as ClauseSchema, inNetworks, type Rules } from '@argos/contract'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Asking, isOpen, judge } from './judge.ts'
import { compared, everyone, letsNobodyIn, nobody, within } from './reach.ts'

const people = ['u_anna', 'u_ben', 'u_cleo']
const groups = ['g_family', 'g_admins']
const networks = ['10.0.0.0/8', '192.168.1.0/24', '192.168.1.7/32', 'fd00::/8']
const zone = 'Europe/Berlin'
const windows = [
  { days: [1, 2, 3, 4, 5], from: '08:00', to: '18:00', zone },
  { days: [5, 6], from: '22:00', to: '02:00', zone },
  { days: [0, 1, 2, 3, 4, 5, 6], from: '00:00', to: '24:00', zone },
]
const aClause: fc.Arbitrary<Clause> = fc
  .record({
    who: fc.constantFrom('everyone', 'signed_in', 'these'),
    people: fc.subarray(people, { minLength: 1 }),
    groups: fc.subarray(groups),
    networks: fc.subarray(networks),
    times: fc.subarray(windows),
    factorHours: fc.option(fc.integer({ min: 1, max: 48 })),
  })
  .map((c) => ({
    ...c,
    ...(c.who === 'these' ? {} : { people: [], groups: [] }),
    ...(c.who === 'everyone' ? { factorHours: null } : {}),
  }))
  .map((clause) => ClauseSchema.parse(clause))
const someRules: fc.Arbitrary<Rules> = fc.record({ any: fc.array(aClause, { maxLength: 4 }) })
const asking: fc.Arbitrary<Asking> = fc.record({
  address: fc.constantFrom('10.1.2.3', '192.168.1.7', '192.168.1.8', '203.0.113.9', 'fd00::1', '2001:db8::1'),
  at: fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2026, 11, 31) }),
  person: fc.option(
    fc.record({
      id: fc.constantFrom(...people, 'u_gone'),
      groups: fc.subarray(groups),
      factorAt: fc.option(fc.integer({ min: Date.UTC(2025, 11, 30), max: Date.UTC(2026, 11, 31) })),
    }),
  ),
})

const compiled = ({ any }: Rules) => {
  const access = { kind: 'policy', policyId: 'o_1', paths: [], keep: true, assertion: false } as const
  const gate = gateOf(access, policiesIn([{ id: 'o_1', any }]))
  if ('no' in gate || gate.policy.kind !== 'rules') throw new Error('what the API lets in compiles')
  return gate.policy
}
/** What a clause says, word by word, without the compiler. */
const meets = (clause: Clause, { address, at, person }: Asking): boolean =>
  (clause.who === 'everyone' ||
    (person !== null &&
      (clause.who === 'signed_in' ||
        clause.people.includes(person.id) ||
        clause.groups.some((group) => person.groups.includes(group))))) &&
  (clause.networks.length === 0 || inNetworks(address, clause.networks)) &&
  (clause.times.length === 0 || clause.times.some((window) => isOpen(window, at))) &&
  (clause.factorHours === null ||
    (typeof person?.factorAt === 'number' && at - person.factorAt <= clause.factorHours * 3_600_000))

describe('who gets in', () => {
  test('FA-11 what is saved, what the edge gets and what the tester says are the same', () => {
    fc.assert(
      fc.property(someRules, asking, (rules, who) => {
        const verdict = judge(compiled(rules), who)
        expect(verdict === 'open').toBe(rules.any.some((clause) => meets(clause, who)))
        if (verdict === 'sign_in') expect(who.person).toBeNull()
        if (verdict === 'factor') expect(who.person).not.toBeNull()
      }),
      { numRuns: 1_000 },
    )
  })

  test('who is told to sign in, or to give a factor, may get in by it; who is refused does not', () => {
    const gods = [...people, 'u_gone'].map((id) => ({ id, groups: [...groups] }))
    fc.assert(
      fc.property(someRules, asking, (rules, who) => {
        const policy = compiled(rules)
        const verdict = judge(policy, who)
        const withFactor = who.person && { ...who.person, factorAt: who.at }
        if (verdict === 'sign_in')
          expect(
            gods.some((god) => judge(policy, { ...who, person: { ...god, factorAt: who.at } }) === 'open'),
          ).toBe(true)
        if (verdict === 'factor') expect(judge(policy, { ...who, person: withFactor })).toBe('open')
        if (verdict === 'denied') expect(judge(policy, { ...who, person: withFactor })).toBe('denied')
      }),
      { numRuns: 1_000 },
    )
  })

  test.each([
    ['2026-11-27T21:59:00+01:00', false],
    ['2026-11-27T22:00:00+01:00', true],
    ['2026-11-28T01:59:59+01:00', true],
    ['2026-11-28T02:00:00+01:00', false],
    ['2026-11-29T01:30:00+01:00', true],
    ['2026-11-30T01:30:00+01:00', false],
    ['2026-07-03T22:00:00+02:00', true],
  ])('a window over midnight belongs to the day on which it begins: %s is %s', (at, open) => {
    const window = { days: [5, 6], from: '22:00', to: '02:00', zone }
    expect(isOpen(window, Date.parse(at))).toBe(open)
  })
})

describe('whether a change lets more people in', () => {
  test('what is said to be no wider lets nobody in who was kept out', () => {
    fc.assert(
      fc.property(someRules, someRules, asking, (a, b, who) => {
        if (!within(a, b) || judge(compiled(a), who) !== 'open') return
        expect(judge(compiled(b), who)).toBe('open')
      }),
      { numRuns: 3_000 },
    )
  })
  test('a way in that is added is wider, one that goes is narrower, an order is neither', () => {
    fc.assert(
      fc.property(someRules, aClause, ({ any }, more) => {
        const [was, is] = [{ any }, { any: [more, ...any] }]
        expect(within(was, is)).toBe(true)
        expect(within({ any: any.toReversed() }, was)).toBe(true)
      }),
    )
    expect(within(everyone, nobody)).toBe(false)
    expect(within(nobody, everyone)).toBe(true)
  })
  test('an exception for a path counts, be it wider than the host or narrower', () => {
    const signedIn: Rules = { any: [ClauseSchema.parse({ ...everyone.any[0], who: 'signed_in' })] }
    const plain = { whole: signedIn, paths: [] }
    const open = { whole: signedIn, paths: [{ path: '/share/', rules: everyone }] }
    const shut = { whole: signedIn, paths: [{ path: '/admin', rules: nobody }] }
    expect(compared(plain, open)).toEqual({ wider: true, narrower: false })
    expect(compared(open, plain)).toEqual({ wider: false, narrower: true })
    expect(compared(plain, shut)).toEqual({ wider: false, narrower: true })
    expect(compared(open, shut)).toEqual({ wider: false, narrower: true })
    expect(compared(plain, plain)).toEqual({ wider: false, narrower: false })
  })
  test('rules that are for people who are all gone let nobody in', () => {
    const these = ClauseSchema.parse({ ...everyone.any[0], who: 'these', people: ['u_a', 'u_b'], groups: [] })
    const gone =
      (...ids: string[]) =>
      (_: string, id: string) =>
        ids.includes(id)
    expect(letsNobodyIn({ any: [these] }, gone('u_a', 'u_b'))).toBe(true)
    expect(letsNobodyIn({ any: [these] }, gone('u_a'))).toBe(false)
    expect(letsNobodyIn(nobody, gone())).toBe(true)
    expect(letsNobodyIn(everyone, gone())).toBe(false)
  })
})
