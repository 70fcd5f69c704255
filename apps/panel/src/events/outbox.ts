import { type EventData, type EventType, eventCatalogue, severities } from '@argos/contract'
import type { Transaction } from 'kysely'
import type { DB } from '../db/schema.ts'

/** Puts an event into the outbox within the verb's transaction: it is told if, and only if, the change is kept. */
export async function emit<T extends EventType>(
  trx: Transaction<DB>,
  type: T,
  data: EventData<T>,
  at = Date.now(),
): Promise<void> {
  await trx
    .insertInto('outbox')
    .values({
      at,
      type,
      severity: severities[type],
      data: JSON.stringify(eventCatalogue[type].parse(data)),
      delivered_at: null,
    })
    .execute()
}
