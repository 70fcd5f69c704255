import type { Insertable, Kysely, Selectable } from 'kysely'
import type { DB, UserTable } from '../db/schema.ts'

export type UserRow = Selectable<UserTable>

/** SQL for people and the one-time setup token. Pass a transaction to join it. */
export function userStore(db: Kysely<DB>) {
  return {
    byName(username: string): Promise<UserRow | undefined> {
      return db.selectFrom('user').selectAll().where('username', '=', username).executeTakeFirst()
    },
    byId(id: string): Promise<UserRow | undefined> {
      return db.selectFrom('user').selectAll().where('id', '=', id).executeTakeFirst()
    },
    async any(): Promise<boolean> {
      return (await db.selectFrom('user').select('id').limit(1).executeTakeFirst()) !== undefined
    },
    async insert(row: Insertable<UserTable>): Promise<void> {
      await db.insertInto('user').values(row).execute()
    },
    async setupTokenFits(tokenHash: string, now: number): Promise<boolean> {
      const row = await db
        .selectFrom('setup_token')
        .select('token_hash')
        .where('token_hash', '=', tokenHash)
        .where('expires_at', '>', now)
        .executeTakeFirst()
      return row !== undefined
    },
    /** A new one makes all older ones worthless. */
    async replaceSetupToken(tokenHash: string, now: number, expiresAt: number): Promise<void> {
      await db.deleteFrom('setup_token').execute()
      await db
        .insertInto('setup_token')
        .values({ token_hash: tokenHash, created_at: now, expires_at: expiresAt })
        .execute()
    },
    async dropSetupTokens(): Promise<void> {
      await db.deleteFrom('setup_token').execute()
    },
  }
}
