import type { Kysely } from 'kysely'
import type { DB } from '../db/schema.ts'

const PER_PERSON = 20

/** SQL for the browsers from which somebody has signed in. Pass a transaction to join it. */
export function deviceStore(db: Kysely<DB>) {
  return {
    async known(tokenHash: string, userId: string): Promise<boolean> {
      const row = await db
        .selectFrom('known_device')
        .select('user_id')
        .where('token_hash', '=', tokenHash)
        .where('user_id', '=', userId)
        .executeTakeFirst()
      return row !== undefined
    },
    /** The last used of a person's are kept. */
    async remember(tokenHash: string, userId: string, at: number): Promise<void> {
      await db
        .insertInto('known_device')
        .values({ token_hash: tokenHash, user_id: userId, created_at: at, last_at: at })
        .onConflict((c) => c.columns(['token_hash', 'user_id']).doUpdateSet({ last_at: at }))
        .execute()
      const newest = db
        .selectFrom('known_device')
        .select('token_hash')
        .where('user_id', '=', userId)
        .orderBy('last_at', 'desc')
        .limit(PER_PERSON)
      await db
        .deleteFrom('known_device')
        .where('user_id', '=', userId)
        .where('token_hash', 'not in', newest)
        .execute()
    },
    async forgetAllOf(userId: string, exceptTokenHash = ''): Promise<void> {
      await db
        .deleteFrom('known_device')
        .where('user_id', '=', userId)
        .where('token_hash', '!=', exceptTokenHash)
        .execute()
    },
    async forget(unusedSince: number): Promise<void> {
      await db.deleteFrom('known_device').where('last_at', '<=', unusedSince).execute()
    },
  }
}
