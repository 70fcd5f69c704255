import type { Insertable, Kysely, Selectable } from 'kysely'
import type { LoginChallengeTable } from '../db/schema.identity.ts'
import type { DB } from '../db/schema.ts'

export type ChallengeRow = Selectable<LoginChallengeTable>

/** SQL for sign-ins that wait for their second factor. Pass a transaction to join it. */
export function challengeStore(db: Kysely<DB>) {
  return {
    find(idHash: string, now: number): Promise<ChallengeRow | undefined> {
      return db
        .selectFrom('login_challenge')
        .selectAll()
        .where('id_hash', '=', idHash)
        .where('expires_at', '>', now)
        .executeTakeFirst()
    },
    /** A person has only so many: the oldest go. */
    async insert(row: Insertable<LoginChallengeTable>, most: number): Promise<void> {
      await db.insertInto('login_challenge').values(row).execute()
      const newest = db
        .selectFrom('login_challenge')
        .select('id_hash')
        .where('user_id', '=', row.user_id)
        .orderBy('created_at', 'desc')
        .orderBy('id_hash')
        .limit(most)
      await db
        .deleteFrom('login_challenge')
        .where('user_id', '=', row.user_id)
        .where('id_hash', 'not in', newest)
        .where('id_hash', '!=', row.id_hash)
        .execute()
    },
    /** Of all that bring it, one takes it. */
    async take(idHash: string): Promise<boolean> {
      const { numDeletedRows } = await db
        .deleteFrom('login_challenge')
        .where('id_hash', '=', idHash)
        .executeTakeFirst()
      return numDeletedRows === 1n
    },
    async dropAllOf(userId: string): Promise<void> {
      await db.deleteFrom('login_challenge').where('user_id', '=', userId).execute()
    },
    async dropExpired(now: number): Promise<void> {
      await db.deleteFrom('login_challenge').where('expires_at', '<=', now).execute()
    },
  }
}
