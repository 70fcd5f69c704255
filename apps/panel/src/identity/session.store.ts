import { type Insertable, type Kysely, sql } from 'kysely'
import type { DB, SessionTable } from '../db/schema.ts'

/** SQL for sessions. Pass a transaction to join it. */
export function sessionStore(db: Kysely<DB>) {
  return {
    /** With its person; nothing when that person is disabled. */
    find(tokenHash: string) {
      return db
        .selectFrom('session')
        .innerJoin('user', 'user.id', 'session.user_id')
        .select(['session.last_seen_at', 'session.expires_at', 'user.id', 'user.username', 'user.role'])
        .where('session.token_hash', '=', tokenHash)
        .where('user.disabled', '=', 0)
        .executeTakeFirst()
    },
    async insert(row: Insertable<SessionTable>): Promise<void> {
      await db.insertInto('session').values(row).execute()
    },
    async delete(tokenHash: string): Promise<void> {
      await db.deleteFrom('session').where('token_hash', '=', tokenHash).execute()
    },
    async seen(tokenHash: string, at: number): Promise<void> {
      await db.updateTable('session').set({ last_seen_at: at }).where('token_hash', '=', tokenHash).execute()
    },
    /** Keeps a person's newest `count`. */
    async keepNewest(userId: string, count: number): Promise<void> {
      const newest = db
        .selectFrom('session')
        .select('token_hash')
        .where('user_id', '=', userId)
        .orderBy(sql`rowid`, 'desc')
        .limit(count)
      await db
        .deleteFrom('session')
        .where('user_id', '=', userId)
        .where('token_hash', 'not in', newest)
        .execute()
    },
    async deleteExpired(now: number, idleSince: number): Promise<void> {
      await db
        .deleteFrom('session')
        .where((eb) => eb.or([eb('expires_at', '<=', now), eb('last_seen_at', '<=', idleSince)]))
        .execute()
    },
  }
}
