import { type Clause, localNetworks, type PolicyInput } from '@argos/contract'
import { describe, expect, test } from 'vitest'
import { draftOf, draftProblems, inputOf, newClause, newPolicy, nextKey, problemAt } from './draft.ts'

const clause = (over: Partial<Clause> = {}): Clause => ({
  who: 'signed_in',
  people: [],
  groups: [],
  networks: [],
  times: [],
  factorHours: null,
  ...over,
})
const policy = (...any: Clause[]): PolicyInput => ({ name: 'Family', rules: { any } })
const paths = (draft: Parameters<typeof draftProblems>[0]) => draftProblems(draft).map(({ path }) => path)

describe('the fields of a policy', () => {
  test.each([
    policy(),
    policy(clause({ who: 'everyone' })),
    policy(clause({ networks: [...localNetworks] }), clause({ factorHours: 8 })),
    policy(
      clause({ who: 'these', people: ['u_a'], groups: ['g_b'], networks: ['10.0.0.0/8', 'fd00::1/128'] }),
    ),
    policy(clause({ times: [{ days: [0, 6], from: '22:00', to: '06:00', zone: 'Europe/Berlin' }] })),
  ])('what is saved comes back as it was, whatever its rules: %j', (saved) => {
    expect(inputOf(draftOf(saved))).toEqual(saved)
    expect(draftProblems(draftOf(saved))).toEqual([])
  })

  test('what a choice hides is not sent: people of “everyone”, hours without a factor, typed networks', () => {
    const hidden = {
      ...newClause(0, 'everyone'),
      people: ['u_a'],
      groups: ['g_a'],
      factor: true,
      hours: 'x',
      networks: 'nonsense',
    }
    expect(inputOf({ name: ' Open ', any: [hidden] })).toEqual({
      name: 'Open',
      rules: { any: [clause({ who: 'everyone' })] },
    })
    expect(paths({ name: 'Open', any: [hidden] })).toEqual([])
  })

  test('addresses become the networks that are compared, one a line or between commas', () => {
    const draft = { ...newClause(0), from: 'these' as const, networks: ' 192.168.1.7/24,10.0.0.9\n\n' }
    expect(inputOf({ name: 'x', any: [draft] }).rules.any[0]?.networks).toEqual([
      '192.168.1.0/24',
      '10.0.0.9/32',
    ])
  })

  test('a half-filled clause never widens: it is refused at the field that lacks something', () => {
    expect(paths(newPolicy)).toEqual(['name'])
    const wrong = [
      newClause(0, 'these'),
      { ...newClause(1), from: 'these' as const },
      { ...newClause(2), from: 'these' as const, networks: '10.0.0.0/8\nnas' },
      { ...newClause(3), factor: true, hours: '0' },
      { ...newClause(4), times: [{ key: 0, days: [], from: '08:00', to: '18:00', zone: 'UTC' }] },
    ]
    expect(paths({ name: 'x', any: wrong })).toEqual([
      'rules.any.0.people',
      'rules.any.1.networks',
      'rules.any.2.networks',
      'rules.any.3.factorHours',
      'rules.any.4.times.0.days',
    ])
    expect(draftProblems({ name: 'x', any: wrong })[2]?.message).toContain('`nas`')
  })

  test('a refusal stands at its field, said of a body, of an intent, or of something inside the field', () => {
    const fields = [
      { path: 'intent.policy.rules.any.1.networks.0', message: 'no network' },
      { path: 'name', message: 'taken' },
    ]
    expect(problemAt(fields, 'rules.any.1.networks')).toBe('no network')
    expect(problemAt(fields, 'rules.any.1')).toBe('no network')
    expect(problemAt(fields, 'rules.any.10')).toBeUndefined()
    expect(problemAt(fields, 'name')).toBe('taken')
  })

  test('a new row never has the key of one that is there', () => {
    expect(nextKey([])).toBe(0)
    expect(nextKey([{ key: 4 }, { key: 1 }])).toBe(5)
  })
})
