import type { Transaction } from 'kysely'
import { hostsOf } from '../access/around.ts'
import type { Actor } from '../audit/actor.ts'
import type { Audit } from '../audit/audit.service.ts'
import type { DB } from '../db/schema.ts'
import { emit } from '../events/outbox.ts'
import { recordChange } from './changes.store.ts'
import { emitChanges } from './happenings.ts'
import { changeName, reversed } from './objects.ts'
import { type PendingRow, pendingStore } from './pending.store.ts'
import { restoreObjects } from './restore.ts'
import { revisionStore } from './revisions.store.ts'

/** Whoever does what nobody asked for. */
const itself: Actor = { kind: 'system', name: 'apply' }

/** The two ways in which a change that waits comes to its end, each within one transaction of the caller. */
export function endings(audit: Pick<Audit, 'record'>) {
  return {
    /** It stays. */
    async kept(trx: Transaction<DB>, row: PendingRow, now: number): Promise<void> {
      const { id, revision, words } = row
      const store = pendingStore(trx)
      if (revision !== null) await revisionStore(trx).end(revision, 'live', null)
      await audit.record(trx, row.askedBy ?? itself, {
        action: 'change.keep',
        subject: { kind: 'change', id: String(row.generation), name: changeName(row) },
        words: `Kept: ${words.join('. ')}`,
      })
      await emit(trx, 'change.kept', { revision, words: [...words] }, now)
      await store.end({ id, revision, outcome: 'kept', reason: null, words: [...words], at: now })
    },

    /** What it changed, and nothing else, is saved again as it was. Answers with the generation of that. */
    async returned(trx: Transaction<DB>, row: PendingRow, now: number): Promise<number> {
      const { id, words, generation } = row
      const reason = row.reason ?? 'No reason is known.'
      const store = pendingStore(trx)
      const objects = reversed(await store.objects(generation))
      // First, so that writing is not refused for its sake.
      await store.end({ id, revision: row.revision, outcome: 'returned', reason, words: [...words], at: now })
      await restoreObjects(
        trx,
        objects.map(({ kind, id, after }) => ({ kind, id, target: after })),
        now,
      )
      const actor = row.askedBy ?? itself
      const back = `Put back “${words.join('. ')}”: ${reason}`
      const hosts = await hostsOf(trx, objects)
      await emitChanges(trx, objects, now)
      const next = await recordChange(trx, actor, { words: [back], hosts, objects }, now)
      const revision = await tell(trx, row, reason, now)
      // Both are told of by that revision; the next one is about something else.
      for (const number of [generation, next]) await store.toldBy(number, revision)
      if (revision !== row.revision)
        await store.end({ id, revision, outcome: 'returned', reason, words: [...words], at: now })
      await audit.record(trx, actor, {
        action: 'change.return',
        subject: { kind: 'change', id: String(generation), name: changeName(row) },
        words: back,
      })
      await emit(trx, 'change.returned', { revision, words: [...words], reason }, now)
      return next
    },
  }
}

/** The revision that says how it ended: its own, or one more when the edge never had it. */
async function tell(trx: Transaction<DB>, row: PendingRow, reason: string, now: number): Promise<number> {
  if (row.revision !== null) {
    await revisionStore(trx).end(row.revision, 'returned', reason)
    return row.revision
  }
  const hosts = (await pendingStore(trx).objects(row.generation)).filter((o) => o.kind === 'host')
  return revisionStore(trx).insert({
    ...{ at: now, actor: row.actor, words: [...row.words], kind: 'swap', outcome: 'refused', error: reason },
    generation: row.generation,
    hosts: hosts.map(({ id, name }) => ({ id, name, probe: null })),
    ...{ changes: [], tookMs: 0 },
  })
}
