import type { Kysely } from 'kysely'
import type { DB } from '../db/schema.ts'

/** SQL for wrong passwords by account. Pass a transaction to join it. */
export function accountFailureStore(db: Kysely<DB>) {
  return {
    async since(userId: string, since: number): Promise<{ count: number; newest: number }> {
      const { count, newest } = await db
        .selectFrom('account_failure')
        .select((eb) => [eb.fn.countAll<number>().as('count'), eb.fn.max<number | null>('at').as('newest')])
        .where('user_id', '=', userId)
        .where('kind', '=', 'password')
        .where('at', '>', since)
        .executeTakeFirstOrThrow()
      return { count, newest: newest ?? 0 }
    },
    async add(userId: string, at: number): Promise<number> {
      const { id } = await db
        .insertInto('account_failure')
        .values({ user_id: userId, kind: 'password', at })
        .returning('id')
        .executeTakeFirstOrThrow()
      return id
    },
    async remove(id: number): Promise<void> {
      await db.deleteFrom('account_failure').where('id', '=', id).execute()
    },
    async removeAllOf(userId: string): Promise<void> {
      await db
        .deleteFrom('account_failure')
        .where('user_id', '=', userId)
        .where('kind', '=', 'password')
        .execute()
    },
    async forget(before: number): Promise<void> {
      await db
        .deleteFrom('account_failure')
        .where('kind', '=', 'password')
        .where('at', '<=', before)
        .execute()
    },
  }
}
