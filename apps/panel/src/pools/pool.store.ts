import type { PoolInput } from '@argos/contract'
import type { Kysely, Selectable } from 'kysely'
import type { DB, PoolTable } from '../db/schema.ts'

/** A pool as it is saved. */
export interface SavedPool extends PoolInput {
  readonly id: string
  readonly version: number
  readonly createdAt: number
  readonly updatedAt: number
}
export interface PoolUser {
  readonly poolId: string
  readonly id: string
  readonly name: string
}

/** SQL for pools and nothing else. Pass a transaction to join it. */
export function poolStore(db: Kysely<DB>) {
  return {
    async list(): Promise<SavedPool[]> {
      const rows = await db.selectFrom('pool').selectAll().orderBy('name').orderBy('id').execute()
      return rows.map(savedPool)
    },
    async get(id: string): Promise<SavedPool | undefined> {
      const row = await db.selectFrom('pool').selectAll().where('id', '=', id).executeTakeFirst()
      return row && savedPool(row)
    },
    async some(ids: readonly string[]): Promise<SavedPool[]> {
      const rows = await db.selectFrom('pool').selectAll().where('id', 'in', ids).execute()
      return rows.map(savedPool)
    },
    /** Hosts that use pools: of one, or of all. */
    users(poolId?: string): Promise<PoolUser[]> {
      const all = db
        .selectFrom('host')
        .select(['pool_id as poolId', 'id', 'name'])
        .orderBy('name')
        .orderBy('id')
      return (poolId === undefined ? all : all.where('pool_id', '=', poolId)).execute()
    },
    async insert(id: string, input: PoolInput, at: number): Promise<void> {
      await db
        .insertInto('pool')
        .values({ id, ...columns(input), version: 1, created_at: at, updated_at: at })
        .execute()
    },
    /** Writes only over the version that was read; false when somebody was faster. */
    async update(id: string, version: number, input: PoolInput, at: number): Promise<boolean> {
      const { numUpdatedRows } = await db
        .updateTable('pool')
        .set({ ...columns(input), version: version + 1, updated_at: at })
        .where('id', '=', id)
        .where('version', '=', version)
        .executeTakeFirst()
      return numUpdatedRows === 1n
    },
    async remove(id: string): Promise<void> {
      await db.deleteFrom('pool').where('id', '=', id).execute()
    },
  }
}

const flag = (on: boolean) => (on ? 1 : 0)

const columns = (input: PoolInput) =>
  ({
    name: input.name,
    protocol: input.protocol,
    verify_tls: flag(input.verifyTls),
    preserve_host: flag(input.preserveHost),
    health: JSON.stringify(input.health),
    targets: JSON.stringify(input.targets),
  }) as const

const savedPool = (row: Selectable<PoolTable>): SavedPool => ({
  id: row.id,
  name: row.name,
  protocol: row.protocol,
  verifyTls: row.verify_tls === 1,
  preserveHost: row.preserve_host === 1,
  health: JSON.parse(row.health),
  targets: JSON.parse(row.targets),
  version: row.version,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
})
