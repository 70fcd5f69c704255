import { type Access, type Names, type PolicyInput, phrasesOf, type Rules } from '@argos/contract'
import { listed } from '../words.ts'
import { everyone, nobody, within } from './reach.ts'

/** What is known of policies on one side of a change. */
export interface Policies {
  policy(id: string): PolicyInput | null
  readonly names: Names
}
export const noPolicies: Policies = { policy: () => null, names: { people: {}, groups: {} } }

const GONE = 'a policy that is gone'
export const rulesIn =
  ({ policy }: Pick<Policies, 'policy'>) =>
  (id: string): Rules | null =>
    policy(id)?.rules ?? null
const rulesOf = (id: string, { policy }: Policies): Rules =>
  id === 'public' ? everyone : (policy(id)?.rules ?? nobody)

/** "everyone", "nobody", "everyone on the local network, or whoever is signed in". */
export function whoGetsIn(access: Access, policies: Policies): string {
  if (access.kind === 'public') return 'everyone'
  return phrases(rulesOf(access.policyId, policies), policies.names)
}
const phrases = (rules: Rules, names: Names): string => phrasesOf(rules, names).join(', or ') || 'nobody'

/** Of a host in plain HTTP with ways in for people: they have no way to sign in there. */
export const NO_SIGN_IN =
  'It is served in plain HTTP, where nobody can sign in: only ways in that need nobody let anybody in.'
export const asksPeople = (access: Access, policies: Pick<Policies, 'policy'>): boolean =>
  access.kind === 'policy' &&
  [access.policyId, ...access.paths.map((p) => p.access)].some((id) =>
    rulesIn(policies)(id)?.any.some((clause) => clause.who !== 'everyone'),
  )

/** What becomes of a host whose way in changes. */
export function accessEffects(
  name: string,
  [before, was]: readonly [Access, Policies],
  [after, is]: readonly [Access, Policies],
): string[] {
  const [wasId, isId] = [wholeOf(before), wholeOf(after)]
  const [wasPaths, isPaths] = [pathsOf(before), pathsOf(after)]
  const gone = [...wasPaths.keys()].filter((path) => !isPaths.has(path))
  return [
    ...opening([name], [rulesOf(wasId, was), was.names], [rulesOf(isId, is), is.names]),
    ...[...isPaths].flatMap(([path, id]) =>
      opening(
        [`${path} of ${name}`],
        [rulesOf(wasPaths.get(path) ?? wasId, was), was.names],
        [rulesOf(id, is), is.names],
      ),
    ),
    ...gone.map((path) => `${path} of ${name} is as open as the rest of it.`),
    ...howEffects(before, after),
  ]
}

/** The same of all hosts that use a policy. */
export const opening = (
  things: readonly string[],
  [was, wasNames]: readonly [Rules, Names],
  [is, isNames]: readonly [Rules, Names],
): string[] => {
  const [before, after] = [phrasesOf(was, wasNames), phrasesOf(is, isNames)]
  const come = after.filter((phrase) => !before.includes(phrase))
  const left = before.filter((phrase) => !after.includes(phrase))
  if (things.length === 0 || come.length + left.length === 0) return []
  const [one, all] = [things.length === 1, listed(things)]
  const are = one ? 'is' : 'are'
  if (after.length === 0) return [`${all} ${are} open to nobody from now on.`]
  if (within(is, was)) return [`${all} ${are} open only to ${after.join(', or to ')} from now on.`]
  const opens = `${all} ${one ? 'opens' : 'open'} to ${come.join(', and to ')}`
  return [
    left.length === 0 || within(was, is)
      ? `${opens}.`
      : `${opens}, and no longer to ${left.join(', or to ')}.`,
  ]
}

const wholeOf = (access: Access): string => (access.kind === 'public' ? 'public' : access.policyId)
const pathsOf = (access: Access): Map<string, string> =>
  new Map(access.kind === 'public' ? [] : access.paths.map((p) => [p.path, p.access]))

function howEffects(before: Access, after: Access): string[] {
  const was = before.kind === 'policy' ? before : { keep: true, assertion: false }
  const is = after.kind === 'policy' ? after : { keep: true, assertion: false }
  return [
    ...(was.keep === is.keep
      ? []
      : [
          is.keep
            ? 'The edge goes by what it learnt of a session for up to 30 s.'
            : 'The edge asks about each request: it is slower, and needs the panel.',
        ]),
    ...(was.assertion === is.assertion
      ? []
      : [
          is.assertion ? 'The app gets a signed word on who it is.' : 'The app gets no signed word any more.',
        ]),
  ]
}

/** A host's way in as lines a person reads. */
export function accessLines(access: Access, policies: Policies): string[] {
  if (access.kind === 'public') return ['Who gets in  everyone']
  const nameOf = (id: string) => policies.policy(id)?.name ?? GONE
  return [
    `Who gets in  ${nameOf(access.policyId)}`,
    ...access.paths.map((p) => `Path ${p.path}  ${p.access === 'public' ? 'everyone' : nameOf(p.access)}`),
    ...(access.keep ? [] : ['Sessions  asked about on each request']),
    ...(access.assertion ? ['Identity  headers and a signed word'] : []),
  ]
}

/** A policy as lines. */
export const policyLines = ({ name, rules }: PolicyInput, names: Names): string[] => [
  `Name  ${name}`,
  ...(rules.any.length === 0 ? ['Open to  nobody'] : phrasesOf(rules, names).map((who) => `Open to  ${who}`)),
]

/** A policy in words, by what becomes of the hosts that use it. */
export function policyEffects(
  before: PolicyInput | null,
  after: PolicyInput | null,
  hosts: readonly string[],
  names: Names,
): string[] {
  if (before === null && after === null) return []
  if (before === null)
    return [`The policy ${after?.name} is open to ${phrases(after?.rules ?? nobody, names)}.`]
  if (after === null) return [`The policy ${before.name} goes; no host uses it.`]
  const renamed = before.name === after.name ? [] : [`The policy is called ${after.name}.`]
  const unused =
    hosts.length === 0 && phrases(before.rules, names) !== phrases(after.rules, names)
      ? [`No host uses it. It would be open to ${phrases(after.rules, names)}.`]
      : []
  return [...opening(hosts, [before.rules, names], [after.rules, names]), ...unused, ...renamed]
}
