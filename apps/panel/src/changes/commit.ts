import type { Saved } from '@argos/contract'
import type { Kysely, Transaction } from 'kysely'
import type { Apply, Checked } from '../apply/apply.types.ts'
import { savedGeneration } from '../apply/desired.ts'
import { savedAs } from '../apply/saved.ts'
import type { Actor } from '../audit/actor.ts'
import type { Audit, Recorded } from '../audit/audit.service.ts'
import type { Clock } from '../clock.ts'
import type { DB } from '../db/schema.ts'
import { AppError } from '../errors.ts'
import { recordChange } from './changes.store.ts'
import { emitChanges } from './happenings.ts'
import type { ChangedObject } from './objects.ts'
import { refuseWhilePending } from './overlap.ts'
import { pendingStore } from './pending.store.ts'

/** What a write has done, to be recorded beside it. */
export interface Draft {
  /** Sentences for the list of changes, as in "Published app.example.com". */
  readonly words: readonly string[]
  readonly objects: readonly ChangedObject[]
  /** Ids of all hosts it concerns, when those among the objects are not all. */
  readonly hosts?: readonly string[]
  readonly audit: readonly Recorded[]
}
/** Reads, decides and writes within a transaction, and touches nothing else. Null when nothing changes. */
export type Write = (trx: Transaction<DB>) => Promise<Draft | null>

export interface How {
  /** What the edge said before. */
  readonly asked?: Checked
  /** It takes something away from visitors. */
  readonly urgent?: boolean
  /** Seconds that it waits to be kept; undefined keeps it at once. */
  readonly confirmS?: number | undefined
}
/** Saves with everything that belongs to it or not at all, wakes the applier and says how far it is. */
export type Commit = (actor: Actor, write: Write, how?: How) => Promise<Saved>
export interface CommitDeps {
  readonly db: Kysely<DB>
  readonly clock: Clock
  readonly audit: Pick<Audit, 'recordAll'>
  readonly apply: Pick<Apply, 'wake' | 'live' | 'confirmable'>
}

export function committer({ db, clock, audit, apply }: CommitDeps): Commit {
  return async (actor, write, { asked, urgent = false, confirmS } = {}) => {
    const cannot = confirmS === undefined ? null : apply.confirmable()
    if (cannot !== null) throw new AppError('conflict', cannot)
    const done = await db.transaction().execute(async (trx) => {
      const draft = await write(trx)
      if (draft === null) return null
      await refuseWhilePending(trx, draft.objects)
      const now = clock.now()
      await audit.recordAll(trx, actor, draft.audit)
      const { words, objects } = draft
      await emitChanges(trx, objects, now)
      const hosts = draft.hosts ?? objects.flatMap((o) => (o.kind === 'host' ? [o.id] : []))
      const generation = await recordChange(trx, actor, { words, hosts, objects }, now)
      if (confirmS === undefined) return { generation, pending: null }
      const waits = { generation, words, withinS: confirmS }
      return { generation, pending: await pendingStore(trx).begin(actor, waits, now) }
    })
    const { generation, pending } = done ?? { generation: await savedGeneration(db), pending: null }
    return savedAs(apply, generation, {
      ...(asked ? { asked } : {}),
      urgent: urgent || pending !== null,
      pending,
    })
  }
}

/** What a write would do, read in its transaction, which then never happened. */
export async function tried<T>(db: Kysely<DB>, run: (trx: Transaction<DB>) => Promise<T>): Promise<T> {
  let found: { readonly value: T } | null = null
  const back = new Error('only tried')
  try {
    await db.transaction().execute(async (trx) => {
      found = { value: await run(trx) }
      throw back
    })
  } catch (err) {
    if (err !== back) throw err
  }
  return (found as unknown as { readonly value: T }).value
}
