import { SealBroken, secretbox } from '@argos/secretbox'
import { type Kysely, sql, type Transaction } from 'kysely'
import type { DB } from '../db/schema.ts'
import { type SealedColumn, sealedColumns } from './sealed-columns.ts'

/** Rows a transaction: a panel that is killed goes on where it was. */
const AT_ONCE = 200

export interface Rotated {
  readonly resealed: number
  /** Places that no key opens: they were lost before, and stay as they are. */
  readonly broken: readonly string[]
}

/**
 * Seals everything with the new key that the old one opens. May be killed anywhere and run again: what is sealed with
 * the new key already is left alone.
 */
export async function reseal(
  db: Kysely<DB>,
  { key, former, atOnce = AT_ONCE }: { key: Buffer; former: Buffer; atOnce?: number },
): Promise<Rotated> {
  const box = secretbox(key, [former])
  let resealed = 0
  const broken: string[] = []
  for (const column of sealedColumns) {
    for (let offset = 0; ; ) {
      const { read, changed } = await db.transaction().execute(async (trx) => {
        const rows = await page(trx, column, offset, atOnce)
        let changed = 0
        for (const { key: keyOfRow, envelope } of rows) {
          if (box.isCurrent(envelope)) continue
          const place = { table: column.table, column: column.column, row: column.rowOf(keyOfRow) }
          try {
            await write(trx, column, keyOfRow, box.seal(place, box.open(place, envelope)))
            changed += 1
          } catch (err) {
            if (!(err instanceof SealBroken)) throw err
            broken.push(err.message)
          }
        }
        return { read: rows.length, changed }
      })
      resealed += changed
      offset += read
      if (read < atOnce) break
    }
  }
  return { resealed, broken }
}

interface Row {
  readonly key: readonly (string | number)[]
  readonly envelope: string
}

async function page(
  trx: Transaction<DB>,
  { table, column, key }: SealedColumn,
  offset: number,
  limit: number,
): Promise<Row[]> {
  const keys = sql.join(key.map((name) => sql.ref(name)))
  const { rows } = await sql<Record<string, string | number>>`select ${keys}, ${sql.ref(column)} as envelope
    from ${sql.table(table)} where ${sql.ref(column)} is not null
    order by ${keys} limit ${limit} offset ${offset}`.execute(trx)
  return rows.map((row) => ({
    key: key.map((name) => row[name] ?? ''),
    envelope: String(row.envelope),
  }))
}

async function write(
  trx: Transaction<DB>,
  { table, column, key }: SealedColumn,
  values: Row['key'],
  envelope: string,
): Promise<void> {
  const same = sql.join(
    key.map((name, i) => sql`${sql.ref(name)} = ${values[i] ?? ''}`),
    sql` and `,
  )
  await sql`update ${sql.table(table)} set ${sql.ref(column)} = ${envelope} where ${same}`.execute(trx)
}
