import { type Kysely, sql } from 'kysely'
import type { DB } from '../db/schema.ts'
import { type AuditRow, genesis, sealOf, type Unsealed } from './chain.ts'

/** Kept beside the rows, so that a chain cut short at its end is noticed as well. */
const HEAD = 'audit_head'

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
    /** Adds a row to the end of the chain. Only within a transaction, or two could follow the same row. */
    async append(row: Omit<Unsealed, 'id' | 'prev_hash'>): Promise<void> {
      const { id: last, hash: prev_hash } = await head()
      const unsealed = { ...row, id: last + 1, prev_hash }
      const hash = sealOf(unsealed)
      await db
        .insertInto('audit')
        .values({ ...unsealed, hash })
        .execute()
      const value = `${unsealed.id} ${hash}`
      await db
        .insertInto('meta')
        .values({ key: HEAD, value })
        .onConflict((c) => c.column('key').doUpdateSet({ value }))
        .execute()
    },
    /** Rows after `id`, oldest first. */
    after(id: number, limit: number): Promise<AuditRow[]> {
      return db.selectFrom('audit').selectAll().where('id', '>', id).orderBy('id').limit(limit).execute()
    },
    /** Newest first. `q` is looked for in sentence, subject, actor, action and address. */
    search({ before, q, subject, limit }: Search): Promise<AuditRow[]> {
      let query = db.selectFrom('audit').selectAll().orderBy('id', 'desc').limit(limit)
      if (before !== undefined) query = query.where('id', '<', before)
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
