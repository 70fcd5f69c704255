import { type EventData, type EventType, eventCatalogue, severities } from '@argos/contract'
import type { Kysely, Transaction } from 'kysely'
import type { DB } from '../db/schema.ts'

/** SQLite takes 32,766 values a statement. */
const ROWS_AT_ONCE = 1_000

/** Puts an event into the outbox within the verb's transaction: it is told if, and only if, the change is kept. */
export const emit = <T extends EventType>(
  trx: Transaction<DB>,
  type: T,
  data: EventData<T>,
  at = Date.now(),
): Promise<void> => emitAll(trx, type, [data], at)

/** The same for many events of one type, at the cost of few statements. */
export async function emitAll<T extends EventType>(
  trx: Transaction<DB>,
  type: T,
  all: readonly EventData<T>[],
  at: number,
): Promise<void> {
  const rows = all.map((data) => ({
    at,
    type,
    severity: severities[type],
    data: JSON.stringify(eventCatalogue[type].parse(data)),
    delivered_at: null,
  }))
  for (let i = 0; i < rows.length; i += ROWS_AT_ONCE)
    await trx
      .insertInto('outbox')
      .values(rows.slice(i, i + ROWS_AT_ONCE))
      .execute()
}

const KEPT_MS = 30 * 24 * 60 * 60_000
const KEPT_ROWS = 100_000

/** Drops what nobody will want to hear any more. Strangers make events too, and must not fill the disk with them. */
export async function tidyOutbox(db: Kysely<DB>, now: number, rows = KEPT_ROWS): Promise<number> {
  const { numDeletedRows } = await db
    .deleteFrom('outbox')
    .where((eb) =>
      eb.or([
        eb('at', '<', now - KEPT_MS),
        eb(
          'id',
          '<=',
          eb
            .selectFrom('outbox')
            .select((e) => e(e.fn.coalesce(e.fn.max('id'), e.lit(0)), '-', rows).as('id')),
        ),
      ]),
    )
    .executeTakeFirst()
  return Number(numDeletedRows)
}
