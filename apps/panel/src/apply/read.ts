import type { DesiredState } from '@argos/caddy'
import type { Kysely } from 'kysely'
import type { DB } from '../db/schema.ts'
import { type AppliedRow, appliedStore, type PendingChange, type Trouble } from './applied.store.ts'
import { readDesiredAt } from './desired-at.ts'
import { driftStore } from './drift.store.ts'
import type { DriftRow } from './drift.ts'

/** What a pass read before it asked the edge. */
export interface Read {
  /** How far the list of what was touched is in here. */
  readonly seq: number
  readonly desired: DesiredState
  readonly applied: readonly AppliedRow[]
  /** The generation of what is applied. */
  readonly appliedUpTo: number
  readonly changes: readonly PendingChange[]
  readonly troubles: readonly Trouble[]
  /** What somebody else changed at the edge, as far as was found. */
  readonly drift: readonly DriftRow[]
  /** Whether it is all that is saved: false while a change waits to be kept. */
  readonly whole: boolean
}

/** What is saved, but for a change that waits to be kept and what came after it; or up to a change. */
export const readAll = (db: Kysely<DB>, upTo?: number): Promise<Read> =>
  db
    .transaction()
    .setAccessMode('read only')
    .execute(async (trx) => {
      const store = appliedStore(trx)
      // Read in the same moment as all else: what must be kept first cannot slip in between.
      const waiting = await store.waiting()
      const last = upTo ?? (waiting === null ? Number.MAX_SAFE_INTEGER : waiting - 1)
      const appliedUpTo = await store.generation()
      return {
        seq: await store.touchedUpTo(),
        desired: await readDesiredAt(trx, last),
        applied: await store.all(),
        appliedUpTo,
        changes: await store.changesAfter(appliedUpTo, last),
        whole: waiting === null,
        troubles: await store.troubles(),
        drift: await driftStore(trx).all(),
      }
    })
