import { type EventData, type EventType, eventCatalogue, severities } from '@argos/contract'
import type { Transaction } from 'kysely'
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
