import { type Insertable, type Kysely, sql, type Updateable } from 'kysely'
import type { DB, SessionTable } from '../db/schema.ts'

export interface SessionRow {
  readonly token_hash: string
  readonly id: string
  readonly user_id: string
  readonly last_seen_at: number
  readonly expires_at: number
  readonly auth_at: number
  readonly factor_at: number | null
  readonly username: string
  readonly role: 'admin' | 'member'
}

/** SQL for sessions. Pass a transaction to join it. */
export function sessionStore(db: Kysely<DB>) {
  /** With its person; nothing when that person is disabled. */
  const withPerson = () =>
    db
      .selectFrom('session')
      .innerJoin('user', 'user.id', 'session.user_id')
      .select([
        'session.token_hash',
        'session.id',
        'session.user_id',
        'session.last_seen_at',
        'session.expires_at',
        'session.auth_at',
        'session.factor_at',
        'user.username',
        'user.role',
      ])
      .where('user.disabled', '=', 0)
  return {
    find(tokenHash: string): Promise<SessionRow | undefined> {
      return withPerson().where('session.token_hash', '=', tokenHash).executeTakeFirst()
    },
    findById(id: string): Promise<SessionRow | undefined> {
      return withPerson().where('session.id', '=', id).executeTakeFirst()
    },
    allOf(userId: string) {
      return db.selectFrom('session').selectAll().where('user_id', '=', userId).execute()
    },
    async insert(row: Insertable<SessionTable>): Promise<void> {
      await db.insertInto('session').values(row).execute()
    },
    async replaceToken(before: string, after: string, more: Updateable<SessionTable>): Promise<void> {
      await db
        .updateTable('session')
        .set({ ...more, token_hash: after })
        .where('token_hash', '=', before)
        .execute()
    },
    async delete(tokenHash: string): Promise<void> {
      await db.deleteFrom('session').where('token_hash', '=', tokenHash).execute()
    },
    async deleteOne(userId: string, id: string): Promise<boolean> {
      const { numDeletedRows } = await db
        .deleteFrom('session')
        .where('user_id', '=', userId)
        .where('id', '=', id)
        .executeTakeFirst()
      return numDeletedRows === 1n
    },
    async deleteAllOf(userId: string, exceptTokenHash = ''): Promise<string[]> {
      const rows = await db
        .deleteFrom('session')
        .where('user_id', '=', userId)
        .where('token_hash', '!=', exceptTokenHash)
        .returning('id')
        .execute()
      return rows.map(({ id }) => id)
    },
    async seen(id: string, at: number): Promise<void> {
      await db.updateTable('session').set({ last_seen_at: at }).where('id', '=', id).execute()
    },
    /** Keeps a person's newest `count`, and answers the ids of the others. */
    async keepNewest(userId: string, count: number): Promise<string[]> {
      const newest = db
        .selectFrom('session')
        .select('token_hash')
        .where('user_id', '=', userId)
        .orderBy(sql`rowid`, 'desc')
        .limit(count)
      const rows = await db
        .deleteFrom('session')
        .where('user_id', '=', userId)
        .where('token_hash', 'not in', newest)
        .returning('id')
        .execute()
      return rows.map(({ id }) => id)
    },
    /** None lasts longer than this after it began. */
    async shorten(lifeMs: number): Promise<void> {
      await db
        .updateTable('session')
        .set((eb) => ({ expires_at: eb('created_at', '+', lifeMs) }))
        .where((eb) => eb('expires_at', '>', eb('created_at', '+', lifeMs)))
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
