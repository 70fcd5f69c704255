import type { Kysely } from 'kysely'
import type { DB } from '../db/schema.ts'

/** SQL for failed sign-ins and bans by address. Pass a transaction to join it. */
export function loginStore(db: Kysely<DB>) {
  return {
    async bannedUntil(bucket: string): Promise<number> {
      const row = await db
        .selectFrom('login_ban')
        .select('until')
        .where('bucket', '=', bucket)
        .executeTakeFirst()
      return row?.until ?? 0
    },
    async failuresSince(bucket: string, since: number): Promise<number> {
      const { n } = await db
        .selectFrom('login_failure')
        .select((eb) => eb.fn.countAll<number>().as('n'))
        .where('bucket', '=', bucket)
        .where('at', '>', since)
        .executeTakeFirstOrThrow()
      return n
    },
    async addFailure(bucket: string, at: number): Promise<number> {
      const { id } = await db
        .insertInto('login_failure')
        .values({ bucket, at })
        .returning('id')
        .executeTakeFirstOrThrow()
      return id
    },
    async removeFailure(id: number): Promise<void> {
      await db.deleteFrom('login_failure').where('id', '=', id).execute()
    },
    async ban(bucket: string, until: number): Promise<void> {
      await db
        .insertInto('login_ban')
        .values({ bucket, until })
        .onConflict((c) => c.column('bucket').doUpdateSet({ until }))
        .execute()
      await db.deleteFrom('login_failure').where('bucket', '=', bucket).execute()
    },
    async forget(failuresBefore: number, bansBefore: number): Promise<void> {
      await db.deleteFrom('login_failure').where('at', '<=', failuresBefore).execute()
      await db.deleteFrom('login_ban').where('until', '<=', bansBefore).execute()
    },
  }
}
