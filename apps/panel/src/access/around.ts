import type { Access, HostInput, Names, PolicyInput } from '@argos/contract'
import type { Kysely } from 'kysely'
import type { ChangedObject } from '../changes/objects.ts'
import type { DB } from '../db/schema.ts'
import type { Policies } from './access-words.ts'
import { namesIn } from './known-people.ts'
import { type PolicyUser, policyStore, type SavedPolicy } from './policy.store.ts'

/** What is known of policies around a change: how they were before it, and how they are after it. */
export interface PoliciesAround {
  readonly before: Policies
  readonly after: Policies
  /** Hosts that use a policy, after the change. */
  users(policyId: string): readonly PolicyUser[]
}
/** Of those that a change is about, or that its hosts use or used. */
export interface KnownPolicies {
  readonly policies: readonly SavedPolicy[]
  readonly names: Names
  readonly users: readonly PolicyUser[]
}

/** Ids of the policies that a way in names. */
export const policyIds = (access: Access): string[] =>
  access.kind === 'public'
    ? []
    : [access.policyId, ...access.paths.flatMap((p) => (p.access === 'public' ? [] : [p.access]))]

export async function knownPolicies(
  db: Kysely<DB>,
  objects: readonly ChangedObject[],
): Promise<KnownPolicies> {
  const changed = objects.filter((o) => o.kind === 'policy')
  const ids = objects.flatMap(({ kind, before, after }) =>
    kind === 'host' ? [before, after].flatMap((h) => (h ? policyIds((h as HostInput).access) : [])) : [],
  )
  const policies = await policyStore(db).some([...new Set(ids)])
  const told = changed.flatMap(({ before, after }) =>
    [before, after].flatMap((p) => (p ? [(p as PolicyInput).rules] : [])),
  )
  const names = await namesIn(db, [...policies.map((p) => p.rules), ...told])
  const users = await usersOf(db, objects)
  return { policies, names, users }
}

/** Hosts that use policies of a change, read at once however many there are. */
async function usersOf(db: Kysely<DB>, objects: readonly ChangedObject[]): Promise<PolicyUser[]> {
  const ids = new Set(objects.flatMap((o) => (o.kind === 'policy' ? [o.id] : [])))
  return ids.size === 0 ? [] : (await policyStore(db).users()).filter((user) => ids.has(user.policyId))
}

/** Ids of the hosts that a change is about, by themselves or by a policy that they use. */
export async function hostsOf(db: Kysely<DB>, objects: readonly ChangedObject[]): Promise<string[]> {
  const own = objects.flatMap((o) => (o.kind === 'host' ? [o.id] : []))
  return [...new Set([...own, ...(await usersOf(db, objects)).map((user) => user.id)])]
}

/** As the changes themselves tell of policies; those they do not touch are as they are known. */
export function policiesAround(
  objects: readonly ChangedObject[],
  { policies, names, users }: KnownPolicies,
): PoliciesAround {
  const others = new Map(policies.map((policy) => [policy.id, policy]))
  const mine = new Map(objects.flatMap((o) => (o.kind === 'policy' ? [[o.id, o] as const] : [])))
  const on = (side: 'before' | 'after'): Policies => ({
    names,
    policy: (id) => {
      const told = mine.get(id)
      return told ? (told[side] as PolicyInput | null) : (others.get(id) ?? null)
    },
  })
  return {
    before: on('before'),
    after: on('after'),
    users: (id) => users.filter((user) => user.policyId === id),
  }
}
