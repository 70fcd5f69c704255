import type { Kysely } from 'kysely'
import type { AccountFailureTable } from './schema.identity.ts'
import type { DB } from './schema.ts'

/** SQL for what somebody got wrong of an account, of one kind. Two rooms count in this table. Pass a transaction to join it. */
export function accountFailures(db: Kysely<DB>, kind: AccountFailureTable['kind']) {
  const those = () => db.deleteFrom('account_failure').where('kind', '=', kind)
  return {
    async since(userId: string, since: number): Promise<{ count: number; newest: number }> {
      const { count, newest } = await db
        .selectFrom('account_failure')
        .select((eb) => [eb.fn.countAll<number>().as('count'), eb.fn.max<number | null>('at').as('newest')])
        .where('user_id', '=', userId)
        .where('kind', '=', kind)
        .where('at', '>', since)
        .executeTakeFirstOrThrow()
      return { count, newest: newest ?? 0 }
    },
    async add(userId: string, at: number): Promise<number> {
      const { id } = await db
        .insertInto('account_failure')
        .values({ user_id: userId, kind, at })
        .returning('id')
        .executeTakeFirstOrThrow()
      return id
    },
    async remove(id: number): Promise<void> {
      await those().where('id', '=', id).execute()
    },
    /** Those of an account up to this one. */
    async removeUpTo(userId: string, id: number): Promise<void> {
      await those().where('user_id', '=', userId).where('id', '<=', id).execute()
    },
    async removeAllOf(userId: string): Promise<void> {
      await those().where('user_id', '=', userId).execute()
    },
    async forget(before: number): Promise<void> {
      await those().where('at', '<=', before).execute()
    },
  }
}
