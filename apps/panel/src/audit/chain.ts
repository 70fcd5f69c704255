import { createHash } from 'node:crypto'
import type { Insertable, Selectable } from 'kysely'
import type { AuditTable } from '../db/schema.ts'

export type AuditRow = Selectable<AuditTable>
export type Unsealed = Omit<Insertable<AuditTable>, 'id' | 'hash'> & { readonly id: number }

/** What stands before the first row. */
export const genesis = '0'.repeat(64)

/** SHA-256 over everything a row says and the hash before it. */
export const sealOf = (row: Unsealed): string =>
  createHash('sha256')
    .update(
      JSON.stringify([
        row.prev_hash,
        row.id,
        row.at,
        row.actor_kind,
        row.actor_id ?? null,
        row.actor_name,
        row.action,
        row.subject_kind,
        row.subject_id ?? null,
        row.subject_name,
        row.words,
        row.address ?? null,
        row.before ?? null,
        row.after ?? null,
      ]),
    )
    .digest('hex')
