import { randomBytes } from 'node:crypto'
import type { Kysely, Transaction } from 'kysely'
import type { DB } from '../db/schema.ts'
import { emit } from '../events/outbox.ts'
import { type DriftRow, driftKey } from './drift.ts'

/** SQLite takes 32,766 values a statement. */
const ROWS_AT_ONCE = 1_000
const NAMES_TOLD = 20

/** SQL for what somebody else changed at the edge. */
export function driftStore(db: Kysely<DB>) {
  return {
    all: (): Promise<DriftRow[]> =>
      db.selectFrom('drift').selectAll().orderBy('since').orderBy('kind').orderBy('id').execute(),
    async put(rows: readonly DriftRow[]): Promise<void> {
      for (let i = 0; i < rows.length; i += ROWS_AT_ONCE)
        await db
          .insertInto('drift')
          .values(rows.slice(i, i + ROWS_AT_ONCE))
          .onConflict((c) => c.columns(['kind', 'id']).doUpdateSet((e) => ({ hash: e.ref('excluded.hash') })))
          .execute()
    },
    async remove(rows: readonly Pick<DriftRow, 'kind' | 'id'>[]): Promise<void> {
      for (const { kind, id } of rows)
        await db.deleteFrom('drift').where('kind', '=', kind).where('id', '=', id).execute()
    },
  }
}

/** Once for each that is new. */
export async function tellOfDrift(
  trx: Transaction<DB>,
  rows: readonly DriftRow[],
  names: ReadonlyMap<string, string>,
  at: number,
): Promise<void> {
  if (rows.length === 0) return
  const called = rows.slice(0, NAMES_TOLD).map((row) => names.get(driftKey(row)) ?? row.id)
  await emit(trx, 'edge.drifted', { objects: rows.length, names: called }, at)
}

const PANEL_ID = 'panel_id'

/** The name under which this installation changes the edge. Made once; a restored copy of the database keeps it. */
export async function panelId(db: Kysely<DB>): Promise<string> {
  const value = `panel_${randomBytes(12).toString('base64url')}`
  await db
    .insertInto('meta')
    .values({ key: PANEL_ID, value })
    .onConflict((c) => c.column('key').doNothing())
    .execute()
  const row = await db
    .selectFrom('meta')
    .select('value')
    .where('key', '=', PANEL_ID)
    .executeTakeFirstOrThrow()
  return row.value
}
