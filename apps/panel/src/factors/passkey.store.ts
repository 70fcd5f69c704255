import type { Insertable, Kysely, Selectable } from 'kysely'
import type { PasskeyTable } from '../db/schema.identity.ts'
import type { DB } from '../db/schema.ts'

export type PasskeyRow = Selectable<PasskeyTable>

/** SQL for passkeys. Pass a transaction to join it. */
export function passkeyStore(db: Kysely<DB>) {
  return {
    all(userId: string): Promise<PasskeyRow[]> {
      return db
        .selectFrom('passkey')
        .selectAll()
        .where('user_id', '=', userId)
        .orderBy('created_at')
        .orderBy('id')
        .execute()
    },
    byCredential(credentialId: string): Promise<PasskeyRow | undefined> {
      return db.selectFrom('passkey').selectAll().where('credential_id', '=', credentialId).executeTakeFirst()
    },
    find(userId: string, id: string): Promise<PasskeyRow | undefined> {
      return db
        .selectFrom('passkey')
        .selectAll()
        .where('user_id', '=', userId)
        .where('id', '=', id)
        .executeTakeFirst()
    },
    async insert(row: Insertable<PasskeyTable>): Promise<void> {
      await db.insertInto('passkey').values(row).execute()
    },
    /** Compare and swap on the counter: what was signed before somebody else used the key is worth nothing. */
    async used(id: string, counter: { from: number; to: number }, backedUp: boolean, at: number) {
      const { numUpdatedRows } = await db
        .updateTable('passkey')
        .set({ counter: counter.to, backed_up: backedUp ? 1 : 0, last_used_at: at })
        .where('id', '=', id)
        .where('counter', '=', counter.from)
        .executeTakeFirst()
      return numUpdatedRows === 1n
    },
    async rename(userId: string, id: string, name: string): Promise<void> {
      await db
        .updateTable('passkey')
        .set({ name })
        .where('user_id', '=', userId)
        .where('id', '=', id)
        .execute()
    },
    async drop(userId: string, id: string): Promise<boolean> {
      const { numDeletedRows } = await db
        .deleteFrom('passkey')
        .where('user_id', '=', userId)
        .where('id', '=', id)
        .executeTakeFirst()
      return numDeletedRows === 1n
    },
    async dropAll(userId: string): Promise<number> {
      const { numDeletedRows } = await db
        .deleteFrom('passkey')
        .where('user_id', '=', userId)
        .executeTakeFirst()
      return Number(numDeletedRows)
    },
  }
}
