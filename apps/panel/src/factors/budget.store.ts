import type { Kysely } from 'kysely'
import type { DB } from '../db/schema.ts'

/** SQL for what somebody got wrong of an account's second factor. Pass a transaction to join it. */
export function budgetStore(db: Kysely<DB>) {
  return {
    async since(userId: string, since: number): Promise<{ count: number; newest: number }> {
      const { count, newest } = await db
        .selectFrom('account_failure')
        .select((eb) => [eb.fn.countAll<number>().as('count'), eb.fn.max<number | null>('at').as('newest')])
        .where('user_id', '=', userId)
        .where('kind', '=', 'factor')
        .where('at', '>', since)
        .executeTakeFirstOrThrow()
      return { count, newest: newest ?? 0 }
    },
    async add(userId: string, at: number): Promise<number> {
      const { id } = await db
        .insertInto('account_failure')
        .values({ user_id: userId, kind: 'factor', at })
        .returning('id')
        .executeTakeFirstOrThrow()
      return id
    },
    /** Those up to this one. */
    async forgive(userId: string, id: number): Promise<void> {
      await db
        .deleteFrom('account_failure')
        .where('user_id', '=', userId)
        .where('kind', '=', 'factor')
        .where('id', '<=', id)
        .execute()
    },
    async drop(before: number): Promise<void> {
      await db.deleteFrom('account_failure').where('kind', '=', 'factor').where('at', '<=', before).execute()
    },
  }
}
