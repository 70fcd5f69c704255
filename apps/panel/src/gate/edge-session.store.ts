import { type Insertable, type Kysely, sql } from 'kysely'
import type { EdgeSessionTable } from '../db/schema.identity.ts'
import type { DB } from '../db/schema.ts'

/** One browser has one a name of the host. More are left from cookies that it lost. */
const PER_HOST = 10

/** SQL for the cookies of hosts. Pass a transaction to join it. */
export function edgeSessionStore(db: Kysely<DB>) {
  return {
    /** Of one session at one host the newest stay. */
    async insert(row: Insertable<EdgeSessionTable>): Promise<void> {
      await db.insertInto('edge_session').values(row).execute()
      const newest = db
        .selectFrom('edge_session')
        .select('token_hash')
        .where('session_id', '=', row.session_id)
        .where('host_id', '=', row.host_id)
        .orderBy(sql`rowid`, 'desc')
        .limit(PER_HOST)
      await db
        .deleteFrom('edge_session')
        .where('session_id', '=', row.session_id)
        .where('host_id', '=', row.host_id)
        .where('token_hash', 'not in', newest)
        .execute()
    },
    /** With the session and the person it stands for. */
    owner: (tokenHash: string, host: string) =>
      db
        .selectFrom('edge_session')
        .innerJoin('session', 'session.id', 'edge_session.session_id')
        .innerJoin('user', 'user.id', 'session.user_id')
        .select(['session.id as sessionId', 'session.token_hash', 'user.id as userId', 'user.username'])
        .where('edge_session.token_hash', '=', tokenHash)
        .where('edge_session.host_id', '=', host)
        .executeTakeFirst(),
    async delete(tokenHash: string): Promise<void> {
      await db.deleteFrom('edge_session').where('token_hash', '=', tokenHash).execute()
    },
    async deleteGuest(tokenHash: string): Promise<void> {
      await db.deleteFrom('guest_session').where('token_hash', '=', tokenHash).execute()
    },
    async deleteExpired(now: number): Promise<void> {
      await db.deleteFrom('edge_session').where('expires_at', '<=', now).execute()
      await db.deleteFrom('guest_session').where('expires_at', '<=', now).execute()
    },
    /** When the session ends at the latest. */
    endOf: (sessionId: string) =>
      db.selectFrom('session').select('expires_at').where('id', '=', sessionId).executeTakeFirst(),
  }
}
