import type { Kysely } from 'kysely'
import type { DB } from '../db/schema.ts'

/** SQL for recovery codes. Pass a transaction to join it. */
export function recoveryStore(db: Kysely<DB>) {
  return {
    unused(userId: string): Promise<{ position: number; hash: string }[]> {
      return db
        .selectFrom('recovery_code')
        .select(['position', 'hash'])
        .where('user_id', '=', userId)
        .where('used_at', 'is', null)
        .execute()
    },
    async count(userId: string): Promise<{ left: number; of: number }> {
      const { left, of } = await db
        .selectFrom('recovery_code')
        .select((eb) => [
          eb.fn.countAll<number>().as('of'),
          eb.fn.countAll<number>().filterWhere('used_at', 'is', null).as('left'),
        ])
        .where('user_id', '=', userId)
        .executeTakeFirstOrThrow()
      return { left, of }
    },
    /** Compare and swap: of all that bring the same code, one goes on. */
    async use(userId: string, position: number, hash: string, at: number): Promise<boolean> {
      const { numUpdatedRows } = await db
        .updateTable('recovery_code')
        .set({ used_at: at })
        .where('user_id', '=', userId)
        .where('position', '=', position)
        .where('hash', '=', hash)
        .where('used_at', 'is', null)
        .executeTakeFirst()
      return numUpdatedRows === 1n
    },
    async drop(userId: string): Promise<void> {
      await db.deleteFrom('recovery_code').where('user_id', '=', userId).execute()
    },
    async insert(userId: string, hashes: readonly string[]): Promise<void> {
      await db
        .insertInto('recovery_code')
        .values(hashes.map((hash, position) => ({ user_id: userId, position, hash, used_at: null })))
        .execute()
    },
  }
}
