import { type Kysely, sql } from 'kysely'
import type { DB } from '../db/schema.ts'
import { type AuditRow, genesis, sealOf, type Unsealed } from './chain.ts'

/** Kept beside the rows, so that a chain cut short at its end is noticed as well. */
const HEAD = 'audit_head'
/** SQLite takes 32,766 values a statement. */
const ROWS_AT_ONCE = 1_000

export interface Search {
  readonly before?: number | undefined
  readonly q?: string | undefined
  readonly subject?: string | undefined
  readonly limit: number
}

/** SQL for the audit trail. Pass a transaction to join it. */
export function auditStore(db: Kysely<DB>) {
  const head = async (): Promise<{ id: number; hash: string }> => {
    const row = await db.selectFrom('meta').select('value').where('key', '=', HEAD).executeTakeFirst()
    const [id = '0', hash = genesis] = row?.value.split(' ') ?? []
    return { id: Number(id), hash }
  }
  return {
    head,
    /** Adds rows to the end of the chain. Only within a transaction, or two could follow the same row. */
    async append(rows: readonly Omit<Unsealed, 'id' | 'prev_hash'>[]): Promise<void> {
      let last = await head()
      for (let i = 0; i < rows.length; i += ROWS_AT_ONCE) {
        const sealed = rows.slice(i, i + ROWS_AT_ONCE).map((row) => {
          const unsealed = { ...row, id: last.id + 1, prev_hash: last.hash }
          last = { id: unsealed.id, hash: sealOf(unsealed) }
          return { ...unsealed, hash: last.hash }
        })
        await db.insertInto('audit').values(sealed).execute()
      }
      const value = `${last.id} ${last.hash}`
      await db
        .insertInto('meta')
        .values({ key: HEAD, value })
        .onConflict((c) => c.column('key').doUpdateSet({ value }))
        .execute()
    },
    /** Of the rows that are there, whatever the head says. */
    async lastId(): Promise<number> {
      const row = await db.selectFrom('audit').select('id').orderBy('id', 'desc').limit(1).executeTakeFirst()
      return row?.id ?? 0
    },
    /** Rows after `id`, oldest first. */
    after(id: number, limit: number): Promise<AuditRow[]> {
      return db.selectFrom('audit').selectAll().where('id', '>', id).orderBy('id').limit(limit).execute()
    },
    /** Newest first, from `from` on. `q` is looked for in sentence, subject, actor, action and address. */
    search({ before, q, subject, limit }: Search, from = 0): Promise<AuditRow[]> {
      let query = db.selectFrom('audit').selectAll().orderBy('id', 'desc').limit(limit)
      if (before !== undefined) query = query.where('id', '<', before)
      if (from > 0) query = query.where('id', '>=', from)
      if (subject !== undefined) query = query.where('subject_id', '=', subject)
      for (const word of q?.trim().split(/\s+/).filter(Boolean) ?? []) {
        const like = `%${word.replaceAll(/[\\%_]/g, '\\$&')}%`
        query = query.where(
          sql<boolean>`(words || char(10) || subject_name || char(10) || actor_name || char(10) || action || char(10) || coalesce(address, '')) like ${like} escape '\\'`,
        )
      }
      return query.execute()
    },
  }
}
