import type { DriftObject, Saved } from '@argos/contract'
import type { Kysely, Transaction } from 'kysely'
import { driftKey } from '../apply/drift.ts'
import { AWAY, type Drifted, type HeldDrift } from '../apply/drift-held.ts'
import type { Actor } from '../audit/actor.ts'
import type { Commit } from '../changes/commit.ts'
import type { Clock } from '../clock.ts'
import type { DB } from '../db/schema.ts'
import { AppError } from '../errors.ts'
import type { PoolCheck } from '../pools/pool-check.ts'
import { adoptions, type SavedNow, type SavedNowDeps, savedNow } from './drift.objects.ts'
import { adoptedDraft, reappliedDraft } from './drift.writes.ts'

/** Pages ask every few seconds, and nobody reads more differences: of the others it is said that they are there. */
const WITH_FORMS = 50

type Chosen = readonly Pick<DriftObject, 'kind' | 'id'>[]

/** What somebody else changed at the edge, and the operator's word about it. */
export interface Drift {
  view(): Promise<{ since: number | null; objects: DriftObject[] }>
  /** The panel's version goes back over it; without a choice over all of it. */
  reapply(actor: Actor, chosen?: Chosen): Promise<{ saved: Saved }>
  /** It is saved as the panel's own, as any other change; only if all that is chosen can be said in its terms. */
  adopt(actor: Actor, chosen?: Chosen): Promise<{ words: string[]; saved: Saved }>
}
export interface DriftDeps extends SavedNowDeps {
  readonly db: Kysely<DB>
  readonly held: HeldDrift
  readonly clock: Clock
  readonly commit: Commit
  readonly check: PoolCheck
}

export function driftService({ db, held, clock, commit, check, ...features }: DriftDeps): Drift {
  const saved = (trx: Kysely<DB>): Promise<SavedNow> => savedNow(trx, features)

  return {
    async view() {
      const { away, objects } = await held.view()
      if (objects.length === 0) return { since: null, objects: [] }
      const cannot = away ? null : adoptions(objects, await saved(db)).cannot
      return {
        since: Math.min(...objects.map(({ row }) => row.since)),
        objects: objects.toSorted(byKindAndName).map(
          ({ row: { kind, id, hash }, name, ours, theirs }, place): DriftObject => ({
            ...{ kind, id, name },
            ...(place < WITH_FORMS ? { ours, theirs } : {}),
            how: hash === null ? 'removed' : ours === null ? 'added' : 'edited',
            noAdopt: cannot === null ? AWAY : (cannot.get(driftKey({ kind, id })) ?? null),
          }),
        ),
      }
    },

    async reapply(actor, chosen) {
      const snapshot = await held.look()
      const write = async (trx: Transaction<DB>) => {
        const settled = await held.settle(trx, await held.chosen(trx, chosen), snapshot)
        return reappliedDraft(settled, await saved(trx))
      }
      return { saved: await commit(actor, write, { urgent: true }) }
    },

    async adopt(actor, chosen) {
      const snapshot = await held.look()
      const asked = (chosen ?? (await held.rows(db))).map(({ kind, id }) => ({ kind, id }))
      const found = asked.map((row) => ({ row, theirs: snapshot.of(row) }))
      // Where targets lead takes name lookups, which no transaction should wait for.
      for (const pool of adoptions(found, await saved(db)).pools) await check(pool, '')
      let words: string[] = []
      const write = async (trx: Transaction<DB>) => {
        // Only what was checked: what was found since was not.
        const rows = await held.chosen(trx, asked)
        const again = rows.find((row) => snapshot.hash(row) !== row.hash)
        if (again)
          throw new AppError(
            'stale',
            `The edge was changed once more: ${again.kind} ${again.id}. Look again.`,
          )
        const before = await saved(trx)
        const draft = await adoptedDraft(trx, await held.settle(trx, rows, snapshot), before, clock.now())
        words = [...draft.words]
        return draft
      }
      return { saved: await commit(actor, write), words }
    },
  }
}

const kinds: readonly DriftObject['kind'][] = ['host', 'pool', 'base']
const byKindAndName = (a: Drifted, b: Drifted): number =>
  kinds.indexOf(a.row.kind) - kinds.indexOf(b.row.kind) || a.name.localeCompare(b.name, 'en')
