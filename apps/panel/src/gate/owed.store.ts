import { type Kysely, sql } from 'kysely'
import type { DB } from '../db/schema.ts'

const KEY = 'evictions_owed'

/** How many evictions the edge could not be told of. */
export function owedStore(db: Kysely<DB>) {
  return {
    async add(): Promise<void> {
      await db
        .insertInto('meta')
        .values({ key: KEY, value: '1' })
        .onConflict((c) =>
          c.column('key').doUpdateSet({ value: sql`cast(cast(meta.value as int) + 1 as text)` }),
        )
        .execute()
    },
    async count(): Promise<number> {
      const row = await db.selectFrom('meta').select('value').where('key', '=', KEY).executeTakeFirst()
      return Number(row?.value ?? 0)
    },
    /** Those that were owed when the edge was told to forget everything. */
    async pay(count: number): Promise<void> {
      await db.deleteFrom('meta').where('key', '=', KEY).where('value', '=', String(count)).execute()
    },
  }
}
