import type { Access, Clause, Rules } from '@argos/contract'
import type { Kysely } from 'kysely'
import type { Clock } from '../clock.ts'
import type { DB } from '../db/schema.ts'
import { mayOpen, policiesOf } from '../gate/may-open.ts'

/** A host that somebody gets into by who they are, some time, from some network. */
export interface Grant {
  readonly id: string
  readonly name: string
  readonly tls: boolean
  readonly tags: string[]
  readonly poolId: string
  /** Only with a second factor. */
  readonly factor: boolean
}
export interface Grants {
  /** By name. Hosts that are open to everybody are nobody's grant. */
  of(userId: string): Promise<Grant[]>
}

export function grantsOf({ db, clock }: { db: Kysely<DB>; clock: Clock }): Grants {
  return {
    async of(userId) {
      const [hosts, rules, groups] = await Promise.all([guarded(db), rulesById(db), groupsOf(db, userId)])
      const opener = { userId, groups, factorAt: null }
      return hosts.flatMap(({ access, ...host }) => {
        const clauses = policiesOf(access).flatMap((id) => rules.get(id) ?? [])
        const may = mayOpen(clauses, opener, clock.now())
        return may === 'no' ? [] : [{ ...host, factor: may === 'factor' }]
      })
    },
  }
}

async function guarded(db: Kysely<DB>) {
  const rows = await db
    .selectFrom('host')
    .select(['id', 'name', 'tls', 'tags', 'access', 'pool_id'])
    .where('enabled', '=', 1)
    .where('name', 'not like', '*%')
    .where((e) => e('access', '<>', JSON.stringify({ kind: 'public' })))
    .orderBy('name')
    .execute()
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    tls: row.tls !== 'none',
    tags: JSON.parse(row.tags) as string[],
    access: JSON.parse(row.access) as Access,
    poolId: row.pool_id,
  }))
}

async function rulesById(db: Kysely<DB>): Promise<ReadonlyMap<string, readonly Clause[]>> {
  const rows = await db.selectFrom('policy').select(['id', 'rules']).execute()
  return new Map(rows.map(({ id, rules }) => [id, (JSON.parse(rules) as Rules).any]))
}

async function groupsOf(db: Kysely<DB>, userId: string): Promise<string[]> {
  const rows = await db
    .selectFrom('group_member')
    .select('group_id')
    .distinct()
    .where('user_id', '=', userId)
    .execute()
  return rows.map((row) => row.group_id)
}
