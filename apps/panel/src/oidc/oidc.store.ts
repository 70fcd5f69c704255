import type { Kysely } from 'kysely'
import type { DB } from '../db/schema.ts'

const NAME = 'oidc'
const SECRET = 'oidc client secret'
/** Where the client secret stands, sealed in with it. */
export const secretPlace = { table: 'sealed', column: 'envelope', row: SECRET } as const

/** SQL for the settings of single sign-on and its client secret. Pass a transaction to join it. */
export function oidcStore(db: Kysely<DB>) {
  return {
    async settings(): Promise<{ json: string; version: number } | null> {
      const row = await db
        .selectFrom('preference')
        .select(['json', 'version'])
        .where('name', '=', NAME)
        .executeTakeFirst()
      return row ?? null
    },
    /** False when somebody else has written since `version`. */
    async write(json: string, version: number): Promise<boolean> {
      if (version === 0) {
        const { numInsertedOrUpdatedRows } = await db
          .insertInto('preference')
          .values({ name: NAME, json, version: 1 })
          .onConflict((c) => c.column('name').doNothing())
          .executeTakeFirst()
        return numInsertedOrUpdatedRows === 1n
      }
      const { numUpdatedRows } = await db
        .updateTable('preference')
        .set({ json, version: version + 1 })
        .where('name', '=', NAME)
        .where('version', '=', version)
        .executeTakeFirst()
      return numUpdatedRows === 1n
    },
    async secret(): Promise<string | null> {
      const row = await db
        .selectFrom('sealed')
        .select('envelope')
        .where('name', '=', SECRET)
        .executeTakeFirst()
      return row?.envelope ?? null
    },
    async putSecret(envelope: string | null, at: number): Promise<void> {
      if (envelope === null) {
        await db.deleteFrom('sealed').where('name', '=', SECRET).execute()
        return
      }
      await db
        .insertInto('sealed')
        .values({ name: SECRET, envelope, at })
        .onConflict((c) => c.column('name').doUpdateSet({ envelope, at }))
        .execute()
    },
    async groupsThere(ids: readonly string[]): Promise<ReadonlySet<string>> {
      const rows = await db.selectFrom('person_group').select('id').where('id', 'in', ids).execute()
      return new Set(rows.map(({ id }) => id))
    },
    async counts(issuer: string): Promise<{ people: number; sessions: number }> {
      const count = (n: unknown) => Number(n)
      const people = await db
        .selectFrom('oidc_identity')
        .select((eb) => eb.fn.countAll().as('n'))
        .where('issuer', '=', issuer)
        .executeTakeFirstOrThrow()
      const sessions = await db
        .selectFrom('session')
        .select((eb) => eb.fn.countAll().as('n'))
        .where('method', '=', 'oidc')
        .executeTakeFirstOrThrow()
      return { people: count(people.n), sessions: count(sessions.n) }
    },
    async anyPasskey(): Promise<boolean> {
      return (await db.selectFrom('passkey').select('id').limit(1).executeTakeFirst()) !== undefined
    },
  }
}

/** SQL for sessions that a provider's sign-in began. */
export function oidcSessionStore(trx: Kysely<DB>) {
  return {
    /** All of them, and half-finished sign-ins; answers whose they were. */
    async endAll(): Promise<{ sessions: number; people: string[] }> {
      const rows = await trx.deleteFrom('session').where('method', '=', 'oidc').returning('user_id').execute()
      await trx.deleteFrom('login_challenge').where('method', '=', 'oidc').execute()
      return { sessions: rows.length, people: [...new Set(rows.map((r) => r.user_id))] }
    },
    /** Those of one session at the provider, or of one person there; ids of ours that ended. */
    async endOf(of: { issuer: string; sub: string | null; sid: string | null }): Promise<string[]> {
      const people = trx
        .selectFrom('oidc_identity')
        .select('user_id')
        .where('issuer', '=', of.issuer)
        .$if(of.sub !== null, (q) => q.where('sub', '=', of.sub ?? ''))
      const rows = await trx
        .deleteFrom('session')
        .where('method', '=', 'oidc')
        .where('user_id', 'in', people)
        .$if(of.sid !== null, (q) => q.where('oidc_sid', '=', of.sid))
        .returning('id')
        .execute()
      return rows.map(({ id }) => id)
    },
    async idTokenOf(tokenHash: string): Promise<string | null> {
      const row = await trx
        .selectFrom('session')
        .select('oidc_id_token')
        .where('token_hash', '=', tokenHash)
        .executeTakeFirst()
      return row?.oidc_id_token ?? null
    },
  }
}
