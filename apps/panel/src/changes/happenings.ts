import type { HostInput, Settings } from '@argos/contract'
import type { Transaction } from 'kysely'
import type { DB } from '../db/schema.ts'
import { emitAll } from '../events/outbox.ts'
import { changedFields } from '../settings/settings.words.ts'
import type { ChangedObject } from './objects.ts'

type HostEvent = 'host.published' | 'host.changed' | 'host.deleted'

/** Tells of what was changed, whichever verb did it: an edit, an undo, a change that went back. */
export async function emitChanges(
  trx: Transaction<DB>,
  objects: readonly ChangedObject[],
  at: number,
): Promise<void> {
  const hosts = Map.groupBy(
    objects.filter((o) => o.kind === 'host' && differs(o)),
    ({ before, after }) => hostEvent(before as HostInput | null, after as HostInput | null),
  )
  for (const [type, changed] of hosts) {
    const data = changed.map(({ id: hostId, name }) => ({ hostId, name }))
    await emitAll(trx, type, data, at)
  }
  for (const { kind, before, after } of objects) {
    if (kind !== 'settings' || before === null || after === null) continue
    const fields = changedFields(before as Settings, after as Settings)
    if (fields.length > 0) await emitAll(trx, 'settings.changed', [{ fields }], at)
  }
}

function hostEvent(before: HostInput | null, after: HostInput | null): HostEvent {
  if (after === null) return 'host.deleted'
  return after.enabled && !before?.enabled ? 'host.published' : 'host.changed'
}

/** A change may say of something that it stayed as it was. */
const differs = ({ before, after }: ChangedObject): boolean =>
  JSON.stringify(before) !== JSON.stringify(after)
