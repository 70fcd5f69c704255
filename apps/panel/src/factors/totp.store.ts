import type { Kysely, Selectable } from 'kysely'
import type { TotpTable } from '../db/schema.identity.ts'
import type { DB } from '../db/schema.ts'

export type TotpRow = Selectable<TotpTable>

/** SQL for authenticator apps. Pass a transaction to join it. */
export function totpStore(db: Kysely<DB>) {
  return {
    find(userId: string): Promise<TotpRow | undefined> {
      return db.selectFrom('totp').selectAll().where('user_id', '=', userId).executeTakeFirst()
    },
    /** A new secret in the place of one that was never confirmed. */
    async begin(userId: string, secret: string, at: number): Promise<void> {
      const fresh = { secret, created_at: at, confirmed_at: null, last_step: null }
      await db
        .insertInto('totp')
        .values({ user_id: userId, ...fresh })
        .onConflict((c) => c.column('user_id').doUpdateSet(fresh).where('totp.confirmed_at', 'is', null))
        .execute()
    },
    /** False when it was confirmed meanwhile, or another secret was begun. */
    async confirm(userId: string, secret: string, step: number, at: number): Promise<boolean> {
      const { numUpdatedRows } = await db
        .updateTable('totp')
        .set({ confirmed_at: at, last_step: step })
        .where('user_id', '=', userId)
        .where('secret', '=', secret)
        .where('confirmed_at', 'is', null)
        .executeTakeFirst()
      return numUpdatedRows === 1n
    },
    /** Compare and swap: of all that bring codes of one step, one goes on; and none of an older step does. */
    async useStep(userId: string, secret: string, step: number): Promise<boolean> {
      const { numUpdatedRows } = await db
        .updateTable('totp')
        .set({ last_step: step })
        .where('user_id', '=', userId)
        .where('secret', '=', secret)
        .where('confirmed_at', 'is not', null)
        .where((eb) => eb.or([eb('last_step', 'is', null), eb('last_step', '<', step)]))
        .executeTakeFirst()
      return numUpdatedRows === 1n
    },
    async drop(userId: string): Promise<boolean> {
      const { numDeletedRows } = await db.deleteFrom('totp').where('user_id', '=', userId).executeTakeFirst()
      return numDeletedRows === 1n
    },
    async dropUnconfirmed(before: number): Promise<void> {
      await db
        .deleteFrom('totp')
        .where('confirmed_at', 'is', null)
        .where('created_at', '<=', before)
        .execute()
    },
  }
}
