import type { AccessSpec, Gate, GateClause, GatePath, GateRules, GateTime } from './fragment.ts'

/** One way in, as it is saved: whoever meets all of it. */
export interface ClauseSpec {
  readonly who: 'everyone' | 'signed_in' | 'these'
  readonly people: readonly string[]
  readonly groups: readonly string[]
  readonly networks: readonly string[]
  readonly times: readonly GateTime[]
  readonly factorHours: number | null
}
/** A policy's rules: whoever meets one of the clauses gets in. */
export interface PolicySpec {
  readonly id: string
  readonly any: readonly ClauseSpec[]
}
/** The policies that are there, by id. */
export type Policies = (id: string) => PolicySpec | undefined

/** Why there is no gate. `field` is a path into the host. */
export interface NoGate {
  readonly no: string
  readonly field: string
}

/** Ids of the policies that a host needs. */
export const policyIdsOf = (access: AccessSpec | null | undefined): string[] =>
  access?.kind !== 'policy' || !Array.isArray(access.paths)
    ? []
    : [access.policyId, ...access.paths.flatMap((p) => (p?.access === 'public' ? [] : [p?.access]))]

export const policiesIn = (specs: readonly PolicySpec[]): Policies => {
  const all = new Map(specs.map((spec) => [spec.id, spec]))
  return (id) => all.get(id)
}

/** Today's policy as a handler. What cannot be read in full is refused: a part that is skipped would let more in. */
export function gateOf(access: AccessSpec, policies: Policies): Gate | NoGate {
  if (access?.kind === 'public') return { handler: 'argos_gate', policy: { kind: 'public' } }
  if (access?.kind !== 'policy') return no('The edge does not know this kind of access.')
  const { policyId, paths, keep, assertion } = access
  if (typeof policyId !== 'string' || !Array.isArray(paths)) return no('This access cannot be read.')
  const rules = rulesOf(policyId, policies)
  if ('no' in rules) return no(rules.no, 'access.policyId')
  const exceptions: GatePath[] = []
  for (const [i, exception] of paths.entries()) {
    const { path, access: instead } = exception ?? {}
    const field = `access.paths[${i}]`
    if (typeof path !== 'string' || !isExactPath(path))
      return no('This is no path that can be told apart.', `${field}.path`)
    if (instead === 'public') exceptions.push({ prefix: path, kind: 'public' })
    else {
      const found = rulesOf(instead, policies)
      if ('no' in found) return no(found.no, `${field}.access`)
      exceptions.push({ prefix: path, ...found })
    }
  }
  const policy = { kind: 'rules', ...rules, paths: exceptions } as const
  // Asking each time and telling less are the careful readings of what is no yes or no.
  return { handler: 'argos_gate', policy, keep: keep === true, assertion: assertion === true }
}

function rulesOf(id: string, policies: Policies): GateRules | { readonly no: string } {
  const policy = policies(id)
  if (policy === undefined) return { no: 'Its policy is not there. Choose another one.' }
  const broken = { no: 'Its policy cannot be read. Save the policy anew.' }
  if (!Array.isArray(policy.any)) return broken
  const any: GateClause[] = []
  for (const spec of policy.any) {
    const clause = clauseOf(spec)
    if (clause === null) return broken
    any.push(clause)
  }
  return { id, any }
}

const known = new Set(['who', 'people', 'groups', 'networks', 'times', 'factorHours'])

function clauseOf(spec: ClauseSpec | null): GateClause | null {
  if (typeof spec !== 'object' || spec === null || !Object.keys(spec).every((key) => known.has(key)))
    return null
  const { who, people, groups, networks, times, factorHours } = spec
  if (!isTexts(people) || !isTexts(groups) || !isTexts(networks) || !Array.isArray(times)) return null
  const named = people.length + groups.length > 0
  if (!['everyone', 'signed_in', 'these'].includes(who) || named !== (who === 'these')) return null
  if (!networks.every(isNetwork) || !times.every(isTime)) return null
  if (factorHours !== null && !(Number.isInteger(factorHours) && factorHours > 0 && who !== 'everyone'))
    return null
  return {
    ...(who === 'signed_in' ? { person: true } : {}),
    ...(people.length > 0 ? { people } : {}),
    ...(groups.length > 0 ? { groups } : {}),
    ...(networks.length > 0 ? { networks } : {}),
    ...(times.length > 0
      ? { times: times.map(({ days, from, to, zone }) => ({ days, from, to, zone })) }
      : {}),
    ...(factorHours === null ? {} : { factor_s: factorHours * 3600 }),
  }
}

/** In the canonical form alone. */
function isNetwork(text: string): boolean {
  const [, four, six = '', size = ''] = /^(?:([0-9.]+)|([0-9a-f:]+))\/(\d{1,3})$/.exec(text) ?? []
  if (four !== undefined)
    return Number(size) <= 32 && /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?!$)|$)){4}$/.test(four)
  const groups = six.split(':').length
  const short = six.includes('::')
  return (
    Number(size) <= 128 &&
    /^(?:[0-9a-f]{1,4}|:(?=:))?(?::[0-9a-f]{1,4}|:(?=:|$))*$/.test(six) &&
    six.indexOf('::') === six.lastIndexOf('::') &&
    (short ? groups <= 9 : groups === 8)
  )
}

function isTime(time: GateTime | null): boolean {
  if (typeof time !== 'object' || time === null) return false
  const { days, from, to, zone } = time
  const clock = /^(([01]\d|2[0-3]):[0-5]\d|24:00)$/
  return (
    Array.isArray(days) &&
    days.length > 0 &&
    days.every((day) => Number.isInteger(day) && day >= 0 && day <= 6) &&
    [from, to].every((t) => typeof t === 'string' && clock.test(t)) &&
    from !== to &&
    from !== '24:00' &&
    typeof zone === 'string' &&
    /^[A-Za-z][A-Za-z0-9_+/-]{0,63}$/.test(zone)
  )
}

/** A path with one spelling, so that the edge and the app never mean different ones. */
const isExactPath = (path: string): boolean =>
  /^\/[A-Za-z0-9._~!$&'()*+,=:@/-]*$/.test(path) &&
  path !== '/' &&
  !path.includes('//') &&
  !path.split('/').some((part) => part.endsWith('.'))

const isTexts = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((item) => typeof item === 'string')

const no = (why: string, field = 'access'): NoGate => ({ no: why, field })
