import type { Access, Clause } from '@argos/contract'

export interface Opener {
  readonly userId: string
  readonly groups: readonly string[]
  readonly factorAt: number | null
}
/** factor: with a second factor, or a fresher one. */
export type MayOpen = 'yes' | 'factor' | 'no'

/** Every policy that decides about some part of the host. */
export const policiesOf = (access: Access): string[] =>
  access.kind === 'public'
    ? []
    : [
        ...new Set([
          access.policyId,
          ...access.paths.map((path) => path.access).filter((a) => a !== 'public'),
        ]),
      ]

/**
 * Whether this person gets into some part of the host, some time, from some network: else signing in there is of no use
 * and they are told so. `wanted`: the gate found that only a second factor is missing.
 */
export function mayOpen(clauses: readonly Clause[], opener: Opener, now: number, wanted = false): MayOpen {
  const meant = clauses.filter((clause) => isMeant(clause, opener))
  if (meant.length === 0) return 'no'
  const hours = meant.map(({ factorHours }) => factorHours ?? Number.POSITIVE_INFINITY)
  const ageHours = opener.factorAt === null ? null : (now - opener.factorAt) / 3_600_000
  // Which of them the gate meant is not known here: what is fresh enough for all of them is fresh enough.
  const needed = wanted ? Math.min(...hours) : Math.max(...hours)
  if (needed === Number.POSITIVE_INFINITY) return 'yes'
  return ageHours !== null && ageHours <= needed ? 'yes' : 'factor'
}

const isMeant = ({ who, people, groups }: Clause, { userId, groups: own }: Opener): boolean =>
  who !== 'these' || people.includes(userId) || groups.some((group) => own.includes(group))
