import { SessionLimits } from '@argos/contract'
import type { Kysely } from 'kysely'
import type { DB } from '../db/schema.ts'

const NAME = 'sessions'
export const DEFAULT_HOURS = 168

/** How long a session lasts in any case. */
export async function readSessionHours(db: Kysely<DB>): Promise<number> {
  const row = await db.selectFrom('preference').select('json').where('name', '=', NAME).executeTakeFirst()
  return row === undefined ? DEFAULT_HOURS : SessionLimits.parse(JSON.parse(row.json)).hours
}

export async function writeSessionHours(db: Kysely<DB>, hours: number): Promise<void> {
  const json = JSON.stringify({ hours })
  await db
    .insertInto('preference')
    .values({ name: NAME, json, version: 1 })
    .onConflict((c) =>
      c.column('name').doUpdateSet((eb) => ({ json, version: eb('preference.version', '+', 1) })),
    )
    .execute()
}
