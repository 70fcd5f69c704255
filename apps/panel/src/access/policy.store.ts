import type { PolicyInput } from '@argos/contract'
import { type Kysely, sql } from 'kysely'
import type { PolicyTable } from '../db/schema.identity.ts'
import type { DB } from '../db/schema.ts'

/** A policy as it is saved. */
export interface SavedPolicy extends PolicyInput {
  readonly id: string
  readonly version: number
  readonly createdAt: number
  readonly updatedAt: number
}
export interface PolicyUser {
  readonly policyId: string
  readonly id: string
  readonly name: string
  readonly enabled: boolean
}

/** SQL for policies and nothing else. Pass a transaction to join it. */
export function policyStore(db: Kysely<DB>) {
  return {
    async list(): Promise<SavedPolicy[]> {
      const rows = await db.selectFrom('policy').selectAll().orderBy('name').orderBy('id').execute()
      return rows.map(savedPolicy)
    },
    async get(id: string): Promise<SavedPolicy | undefined> {
      const row = await db.selectFrom('policy').selectAll().where('id', '=', id).executeTakeFirst()
      return row && savedPolicy(row)
    },
    async some(ids: readonly string[]): Promise<SavedPolicy[]> {
      if (ids.length === 0) return []
      const rows = await db.selectFrom('policy').selectAll().where('id', 'in', ids).execute()
      return rows.map(savedPolicy)
    },
    async count(): Promise<number> {
      const row = await db
        .selectFrom('policy')
        .select((e) => e.fn.countAll<number>().as('n'))
        .executeTakeFirstOrThrow()
      return row.n
    },
    async named(name: string): Promise<SavedPolicy | undefined> {
      const row = await db.selectFrom('policy').selectAll().where('name', '=', name).executeTakeFirst()
      return row && savedPolicy(row)
    },
    /** Hosts that use policies, for all of them or for a path: of one policy, or of all. */
    async users(policyId?: string): Promise<PolicyUser[]> {
      const of = policyId === undefined ? sql`` : sql`where policyId = ${policyId}`
      const { rows } = await sql<{ policyId: string; id: string; name: string; enabled: number }>`
        select distinct policyId, id, name, enabled from (
          select access ->> 'policyId' as policyId, id, name, enabled from host
            where access ->> 'kind' = 'policy'
          union all
          select p.value ->> 'access', h.id, h.name, h.enabled from host h, json_each(h.access, '$.paths') p
            where p.value ->> 'access' <> 'public'
        ) ${of} order by name, id`.execute(db)
      return rows.map((row) => ({ ...row, enabled: row.enabled === 1 }))
    },
    async insert(id: string, input: PolicyInput, at: number): Promise<void> {
      await db
        .insertInto('policy')
        .values({ id, ...columns(input), version: 1, created_at: at, updated_at: at })
        .execute()
    },
    /** Writes only over the version that was read; false when somebody was faster. */
    async update(id: string, version: number, input: PolicyInput, at: number): Promise<boolean> {
      const { numUpdatedRows } = await db
        .updateTable('policy')
        .set({ ...columns(input), version: version + 1, updated_at: at })
        .where('id', '=', id)
        .where('version', '=', version)
        .executeTakeFirst()
      return numUpdatedRows === 1n
    },
    async remove(id: string): Promise<void> {
      await db.deleteFrom('policy').where('id', '=', id).execute()
    },
  }
}

const columns = ({ name, rules }: PolicyInput) => ({ name, rules: JSON.stringify(rules) })

const savedPolicy = (row: PolicyTable): SavedPolicy => ({
  id: row.id,
  name: row.name,
  rules: JSON.parse(row.rules),
  version: row.version,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
})
