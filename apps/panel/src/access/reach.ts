import { type Access, type Clause, type Rules, type TimeWindow, withinNetworks } from '@argos/contract'

/** Who gets in where, with the policies' rules put in; null stands for everyone, without being asked. */
export interface Reach {
  readonly whole: Rules
  readonly paths: readonly { readonly path: string; readonly rules: Rules }[]
}
export const everyone: Rules = {
  any: [{ who: 'everyone', people: [], groups: [], networks: [], times: [], factorHours: null }],
}
export const nobody: Rules = { any: [] }

/** A policy that is not there lets nobody in. */
export function reachOf(access: Access, rulesOf: (policyId: string) => Rules | null): Reach {
  if (access.kind === 'public') return { whole: everyone, paths: [] }
  const of = (id: string) => (id === 'public' ? everyone : (rulesOf(id) ?? nobody))
  return {
    whole: of(access.policyId),
    paths: access.paths.map(({ path, access: instead }) => ({ path, rules: of(instead) })),
  }
}

/** Whether everyone who gets in by `a` gets in by `b`, too; false when that is not certain. */
export const within = (a: Rules, b: Rules): boolean =>
  a.any.every((one) => b.any.some((other) => clauseWithin(one, other)))

/** Whether a change lets anybody in who was not let in before, and whether it keeps anybody out who was. */
export function compared(
  before: Reach,
  after: Reach,
): { readonly wider: boolean; readonly narrower: boolean } {
  const paths = ['', ...new Set([...before.paths, ...after.paths].map(({ path }) => path.replace(/\/$/, '')))]
  const pairs = paths.map((path) => [rulesAt(before, path), rulesAt(after, path)] as const)
  return {
    wider: pairs.some(([was, is]) => !within(is, was)),
    narrower: pairs.some(([was, is]) => !within(was, is)),
  }
}

function rulesAt({ whole, paths }: Reach, path: string): Rules {
  const fits = paths
    .map((p) => ({ ...p, path: p.path.replace(/\/$/, '') }))
    .filter((p) => path === p.path || path.startsWith(`${p.path}/`))
    .sort((a, b) => b.path.length - a.path.length)
  return fits[0]?.rules ?? whole
}

/** `gone`: whether a person or a group is not there any more. Nobody meets a clause that is for such alone. */
export const letsNobodyIn = (
  { any }: Rules,
  gone: (kind: 'people' | 'groups', id: string) => boolean,
): boolean =>
  any.every(
    ({ who, people, groups }) =>
      who === 'these' && people.every((id) => gone('people', id)) && groups.every((id) => gone('groups', id)),
  )

function clauseWithin(a: Clause, b: Clause): boolean {
  const who =
    b.who === 'everyone' ||
    (b.who === 'signed_in' && a.who !== 'everyone') ||
    (a.who === 'these' &&
      a.people.every((id) => b.people.includes(id)) &&
      a.groups.every((id) => b.groups.includes(id)))
  const from =
    b.networks.length === 0 ||
    (a.networks.length > 0 && a.networks.every((network) => withinNetworks(network, b.networks)))
  const at =
    b.times.length === 0 ||
    (a.times.length > 0 && a.times.every((one) => b.times.some((two) => timeWithin(one, two))))
  const factor = b.factorHours === null || (a.factorHours !== null && a.factorHours <= b.factorHours)
  return who && from && at && factor
}

const timeWithin = (a: TimeWindow, b: TimeWindow): boolean => {
  const [aTo, bTo] = [a, b].map(({ from, to }) => (to < from ? `+${to}` : to))
  const later = (x = '', y = '') => (x.startsWith('+') === y.startsWith('+') ? x <= y : y.startsWith('+'))
  return (
    a.zone === b.zone && a.days.every((day) => b.days.includes(day)) && a.from >= b.from && later(aTo, bTo)
  )
}
