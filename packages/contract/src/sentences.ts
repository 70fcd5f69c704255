import type { Access, Clause, PolicyInput, Rules, TimeWindow } from './access.ts'
import { localNetworks } from './networks.ts'
import type { Names } from './policies.ts'

/** Who gets in, in one sentence: "Open to everyone on the local network, or to whoever is signed in." */
export function sentenceOf(policy: Pick<PolicyInput, 'rules'>, names: Names): string {
  const ways = phrasesOf(policy.rules, names)
  return ways.length === 0 ? 'Open to nobody.' : `Open to ${ways.join(', or to ')}.`
}

/** Those who get in, as they stand after "to". */
export const phrasesOf = (rules: Rules, names: Names): string[] => [
  ...new Set(rules.any.map((clause) => phraseOf(clause, names))),
]

/** The same of one clause: "the group family from 10.0.0.0/8 with a second factor of the last 12 hours". */
export const phraseOf = (clause: Clause, names: Names): string =>
  [
    whoWords(clause, names),
    ...(clause.networks.length > 0 ? [networkWords(clause.networks)] : []),
    ...(clause.factorHours === null ? [] : [factorWords(clause.factorHours)]),
    ...(clause.times.length > 0 ? [clause.times.map(timeWords).join(' or ')] : []),
  ].join(' ')

export function whoWords({ who, people, groups }: Clause, names: Names): string {
  if (who === 'everyone') return 'everyone'
  if (who === 'signed_in') return 'whoever is signed in'
  const all = [
    ...people.map((id) => names.people[id] ?? 'somebody who is gone'),
    ...groups.map((id) =>
      names.groups[id] === undefined ? 'a group that is gone' : `the group ${names.groups[id]}`,
    ),
  ]
  return joined([...new Set(all)], 'and')
}

export function networkWords(networks: readonly string[]): string {
  const local = networks.length === localNetworks.length && localNetworks.every((n) => networks.includes(n))
  return local ? 'on the local network' : `from ${joined(networks.map(networkName), 'or')}`
}

/** One address without the size that only a range needs. */
const networkName = (network: string): string => network.replace(/^([^:]+)\/32$|^(.*:.*)\/128$/, '$1$2')

export const factorWords = (hours: number): string =>
  hours === 1 ? 'with a second factor of the last hour' : `with a second factor of the last ${hours} hours`

const dayNames = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'] as const

export function timeWords({ days, from, to, zone }: TimeWindow): string {
  const [first = 0] = days
  const last = days.at(-1) ?? first
  const one = (day: number) => dayNames[day] ?? ''
  const row = days.length > 2 && days.length === last - first + 1
  const on =
    days.length === 7 ? 'daily' : row ? `${one(first)} to ${one(last)}` : `on ${joined(days.map(one), 'and')}`
  const whole = from === '00:00' && to === '24:00'
  return whole ? `${on} (${zone})` : `${on} ${from}–${to} (${zone})`
}

/** Who gets into a host, with the names of its policies. */
export function accessWords(access: Access, nameOf: (policyId: string) => string): string {
  if (access.kind === 'public') return 'everyone'
  const paths = access.paths.map((p) => `${p.path}: ${p.access === 'public' ? 'everyone' : nameOf(p.access)}`)
  return [nameOf(access.policyId), ...paths].join('; ')
}

function joined(words: readonly string[], with_: 'and' | 'or'): string {
  if (words.length < 2) return words[0] ?? ''
  return `${words.slice(0, -1).join(', ')} ${with_} ${words.at(-1)}`
}
