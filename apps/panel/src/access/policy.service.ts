import type { Policy, PolicyInput, Saved } from '@argos/contract'
import { sentenceOf } from '@argos/contract'
import type { Kysely } from 'kysely'
import type { Apply } from '../apply/apply.types.ts'
import { readSome } from '../apply/desired.ts'
import type { Actor } from '../audit/actor.ts'
import type { Commit, How, Write } from '../changes/commit.ts'
import type { Clock } from '../clock.ts'
import type { DB } from '../db/schema.ts'
import { newId } from '../id.ts'
import { askEdge, refuseRejected } from '../pools/would-be.ts'
import { refuseHiddenNetworks } from './access-check.ts'
import type { ClientSight } from './client-sight.ts'
import { namesIn } from './known-people.ts'
import { type PolicyUser, policyStore, type SavedPolicy } from './policy.store.ts'
import { foundPolicy, inputOf, policyWrites, stale } from './policy-writes.ts'
import { within } from './reach.ts'

export interface PolicyDeps {
  readonly db: Kysely<DB>
  readonly clock: Clock
  readonly apply: Apply
  readonly commit: Commit
  readonly sight: ClientSight
}
export type PolicyService = ReturnType<typeof policyService>
type Written = { policy: Policy; saved: Saved }

/** Named answers to "who gets in", which hosts use. */
export function policyService({ db, clock, apply, commit, sight }: PolicyDeps) {
  const writes = policyWrites({ clock })
  const viewed = async (
    policies: readonly SavedPolicy[],
    users: readonly PolicyUser[],
  ): Promise<Policy[]> => {
    const names = await namesIn(
      db,
      policies.map((policy) => policy.rules),
    )
    const byPolicy = Map.groupBy(users, (user) => user.policyId)
    return policies.map((policy) => viewOf(policy, names, byPolicy.get(policy.id) ?? []))
  }
  const view = async (id: string): Promise<Policy> => {
    const [found] = await viewed([await foundPolicy(db, id)], await policyStore(db).users(id))
    if (!found) throw new Error('a policy that was found has a view')
    return found
  }
  const written = async (actor: Actor, id: string, write: Write, how: How): Promise<Written> => {
    const saved = await commit(actor, write, how)
    return { policy: await view(id), saved }
  }
  /** The hosts that use it, as the edge would get them. */
  const askAbout = async (id: string, { rules }: PolicyInput) => {
    const users = await policyStore(db).users(id)
    if (users.length === 0 || users.length > MOST_ASKED) return undefined
    const { hosts } = await readSome(db, { hosts: users.map((user) => user.id), pools: [] })
    return refuseRejected(
      await askEdge({ apply, db }, { hosts, policies: [{ ...rules, id }] }),
      () => 'rules',
    )
  }

  return {
    writes,
    view,
    /** What needs no database to be refused. `at`: where in a body the policy stands. */
    check: (input: PolicyInput, at = '') => refuseHiddenNetworks(sight, input, at),
    noNetworks: () => sight.noNetworks(),
    async list(): Promise<Policy[]> {
      return viewed(await policyStore(db).list(), await policyStore(db).users())
    },
    /** For what reads many features in one transaction. */
    within: (trx: Kysely<DB>) => ({ all: () => policyStore(trx).list() }),
    async create(actor: Actor, input: PolicyInput): Promise<Written> {
      const id = newId('o')
      await refuseHiddenNetworks(sight, input)
      return written(actor, id, writes.insert(id, input), {})
    },
    async update(
      actor: Actor,
      id: string,
      { version, ...input }: PolicyInput & { version: number },
      confirmS?: number,
    ): Promise<Written> {
      const known = await foundPolicy(db, id)
      if (known.version !== version) throw stale(known.name)
      await refuseHiddenNetworks(sight, input)
      const asked = await askAbout(id, input)
      // Whoever is kept out from now on is kept out when the answer comes.
      const urgent = !within(known.rules, input.rules)
      return written(actor, id, writes.update(id, version, input), {
        ...(asked ? { asked } : {}),
        urgent,
        confirmS,
      })
    },
    async remove(actor: Actor, id: string): Promise<{ saved: Saved }> {
      return { saved: await commit(actor, writes.remove(id)) }
    },
  }
}

/** Of more hosts nothing is asked in advance: what the edge does not take of a policy, it takes of none. */
const MOST_ASKED = 50

const viewOf = (policy: SavedPolicy, names: Policy['names'], users: readonly PolicyUser[]): Policy => {
  const { id, version, createdAt, updatedAt, rules } = policy
  const [people, groups] = [rules.any.flatMap((c) => c.people), rules.any.flatMap((c) => c.groups)]
  const mine = (all: Readonly<Record<string, string>>, ids: readonly string[]) =>
    Object.fromEntries(Object.entries(all).filter(([one]) => ids.includes(one)))
  return {
    ...inputOf(policy),
    ...{ id, version, createdAt, updatedAt },
    sentence: sentenceOf(policy, names),
    names: { people: mine(names.people, people), groups: mine(names.groups, groups) },
    hosts: users.map((user) => ({ id: user.id, name: user.name })),
  }
}
