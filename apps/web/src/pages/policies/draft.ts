import {
  type Clause,
  canonicalNetwork,
  type FieldError,
  localNetworks,
  type PolicyInput,
} from '@argos/contract'

/** A window of time as its fields hold it. `key` keeps a row's focus when others go. */
export interface TimeDraft {
  readonly key: number
  readonly days: readonly number[]
  readonly from: string
  readonly to: string
  readonly zone: string
}
/** One way in, as its fields hold it: networks are lines of text, hours what is typed. */
export interface ClauseDraft {
  readonly key: number
  readonly who: Clause['who']
  readonly people: readonly string[]
  readonly groups: readonly string[]
  readonly from: 'anywhere' | 'local' | 'these'
  readonly networks: string
  readonly factor: boolean
  readonly hours: string
  readonly times: readonly TimeDraft[]
}
export interface PolicyDraft {
  readonly name: string
  readonly any: readonly ClauseDraft[]
}

export const newClause = (key: number, who: Clause['who'] = 'signed_in'): ClauseDraft => ({
  key,
  who,
  people: [],
  groups: [],
  from: 'anywhere',
  networks: '',
  factor: false,
  hours: '12',
  times: [],
})
export const newPolicy: PolicyDraft = { name: '', any: [newClause(0)] }

export const newTime = (key: number, zone: string): TimeDraft => ({
  key,
  days: [1, 2, 3, 4, 5],
  from: '08:00',
  to: '18:00',
  zone,
})
/** A key that no other row has. */
export const nextKey = (rows: readonly { readonly key: number }[]): number =>
  Math.max(-1, ...rows.map((row) => row.key)) + 1

const isLocal = (networks: readonly string[]): boolean =>
  networks.length === localNetworks.length && localNetworks.every((n) => networks.includes(n))

const clauseOf = (draft: Clause, key: number): ClauseDraft => ({
  key,
  who: draft.who,
  people: draft.people,
  groups: draft.groups,
  from: draft.networks.length === 0 ? 'anywhere' : isLocal(draft.networks) ? 'local' : 'these',
  networks: isLocal(draft.networks) ? '' : draft.networks.join('\n'),
  factor: draft.factorHours !== null,
  hours: String(draft.factorHours ?? 12),
  times: draft.times.map((time, i) => ({ ...time, key: i })),
})
export const draftOf = ({ name, rules }: PolicyInput): PolicyDraft => ({ name, any: rules.any.map(clauseOf) })

/** The networks of a clause as they were typed, one a line or between commas. */
export const typedNetworks = (text: string): readonly string[] =>
  text
    .split(/[\n,]/)
    .map((line) => line.trim())
    .filter(Boolean)

function networksOf({ from, networks }: ClauseDraft): string[] {
  if (from === 'anywhere') return []
  if (from === 'local') return [...localNetworks]
  return typedNetworks(networks).map((typed) => canonicalNetwork(typed) ?? typed)
}

const inputOfClause = (draft: ClauseDraft): Clause => ({
  who: draft.who,
  people: draft.who === 'these' ? [...draft.people] : [],
  groups: draft.who === 'these' ? [...draft.groups] : [],
  networks: networksOf(draft),
  times: draft.times.map(({ key: _, ...time }) => ({ ...time, days: [...time.days].sort() })),
  factorHours: draft.factor && draft.who !== 'everyone' ? Number(draft.hours) : null,
})
export const inputOf = (draft: PolicyDraft): PolicyInput => ({
  name: draft.name.trim(),
  rules: { any: draft.any.map(inputOfClause) },
})

const isWhole = (text: string, min: number, max: number): boolean =>
  /^\d+$/.test(text.trim()) && Number(text) >= min && Number(text) <= max

/** What a clause lacks, by its field. The panel would say the same; here it stands there before the question. */
function clauseProblems(draft: ClauseDraft, at: string): readonly FieldError[] {
  const no = (field: string, message: string): FieldError => ({ path: `${at}.${field}`, message })
  const typed = typedNetworks(draft.networks)
  const wrong = typed.find((network) => canonicalNetwork(network) === null)
  return [
    ...(draft.who === 'these' && draft.people.length + draft.groups.length === 0
      ? [no('people', 'Choose at least one person or group.')]
      : []),
    ...(draft.from !== 'these'
      ? []
      : typed.length === 0
        ? [no('networks', 'Enter at least one address or range, such as 192.168.1.0/24.')]
        : wrong === undefined
          ? []
          : [
              no(
                'networks',
                `\`${wrong}\` is no network. Write an address or a range, as in 192.168.1.0/24.`,
              ),
            ]),
    ...(draft.factor && draft.who !== 'everyone' && !isWhole(draft.hours, 1, 720)
      ? [no('factorHours', 'From 1 to 720 hours.')]
      : []),
    ...draft.times.flatMap((time, i) =>
      time.days.length === 0 ? [no(`times.${i}.days`, 'Choose at least one day.')] : [],
    ),
  ]
}

export const draftProblems = (draft: PolicyDraft): readonly FieldError[] => [
  ...(draft.name.trim() === '' ? [{ path: 'name', message: 'Give the policy a name.' }] : []),
  ...draft.any.flatMap((clause, i) => clauseProblems(clause, `rules.any.${i}`)),
]

/** The first thing that is wrong at a path or below it, wherever the panel found it: in a body or in an intent. */
export function problemAt(fields: readonly FieldError[], path: string): string | undefined {
  const bare = (full: string) => full.replace(/^(?:intent\.)?(?:policy\.)?/, '')
  return fields.find((field) => bare(field.path) === path || bare(field.path).startsWith(`${path}.`))?.message
}
