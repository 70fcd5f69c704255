import type { EndedChange, PendingChange, PromiseCheck } from '@argos/contract'
import type { Kysely } from 'kysely'
import type { Actor } from '../audit/actor.ts'
import type { DB, PendingTable } from '../db/schema.ts'
import { AppError } from '../errors.ts'
import { newId } from '../id.ts'
import { historyStore } from './history.store.ts'
import type { ChangedObject } from './objects.ts'

export type PendingState = PendingTable['state']
/** A promise as it is kept: with how to test it, and what was seen before the change where that must be seen again. */
export interface HeldPromise extends Readonly<PromiseCheck> {
  readonly test: 'serves' | 'paused' | 'gone' | 'panel' | 'same' | 'none'
  readonly name: string
  readonly tls: boolean
  readonly before: string | null
}
export interface PendingRow {
  readonly id: string
  readonly generation: number
  readonly revision: number | null
  readonly previous: number | null
  readonly at: number
  readonly actor: PendingChange['actor']
  readonly words: readonly string[]
  readonly state: PendingState
  /** Why it goes back. */
  readonly reason: string | null
  /** Who asked to keep it or to put it back; null when nobody did. */
  readonly askedBy: Actor | null
  readonly withinS: number
  readonly deadline: number | null
  readonly extended: boolean
  readonly promises: readonly HeldPromise[]
}
export interface NewPending {
  readonly generation: number
  readonly words: readonly string[]
  readonly withinS: number
}
type Advance = Partial<
  Pick<
    PendingRow,
    'revision' | 'previous' | 'state' | 'reason' | 'askedBy' | 'deadline' | 'extended' | 'promises'
  >
>

const LAST = 'pending_last'

/** SQL for the one change that waits to be kept, and for how the last one ended. */
export function pendingStore(db: Kysely<DB>) {
  return {
    /** In the transaction that saves the change, so that it is never saved without its return ticket. */
    async begin(actor: Actor, { generation, words, withinS }: NewPending, at: number): Promise<string> {
      const id = newId('c')
      const { numInsertedOrUpdatedRows } = await db
        .insertInto('pending')
        .values({
          ...{ singleton: 1, id, generation, revision: null, previous: null, at },
          actor_kind: actor.kind,
          actor_name: actor.name,
          words: JSON.stringify(words),
          ...{
            state: 'applying',
            reason: null,
            asked_by: null,
            within_s: withinS,
            deadline: null,
            extended: 0,
          },
          promises: '[]',
        })
        .onConflict((c) => c.column('singleton').doNothing())
        .executeTakeFirst()
      if (numInsertedOrUpdatedRows === 1n) return id
      throw new AppError('pending_change', 'Another change waits to be kept. Keep it or put it back first.')
    },
    async get(): Promise<PendingRow | null> {
      const row = await db.selectFrom('pending').selectAll().executeTakeFirst()
      return row ? rowOf(row) : null
    },
    /** Writes the next step, unless the change is not in one of these states any more; says whether it did. */
    async advance(id: string, from: readonly PendingState[], to: Advance): Promise<boolean> {
      const { askedBy, extended, promises, ...rest } = to
      const { numUpdatedRows } = await db
        .updateTable('pending')
        .set({
          ...rest,
          ...(askedBy === undefined ? {} : { asked_by: JSON.stringify(askedBy) }),
          ...(extended === undefined ? {} : { extended: extended ? 1 : 0 }),
          ...(promises === undefined ? {} : { promises: JSON.stringify(promises) }),
        })
        .where('id', '=', id)
        .where('state', 'in', from)
        .executeTakeFirst()
      return numUpdatedRows === 1n
    },
    async end(ended: EndedChange): Promise<void> {
      await db.deleteFrom('pending').where('id', '=', ended.id).execute()
      const value = JSON.stringify(ended)
      await db
        .insertInto('meta')
        .values({ key: LAST, value })
        .onConflict((c) => c.column('key').doUpdateSet({ value }))
        .execute()
    },
    async last(): Promise<EndedChange | null> {
      const row = await db.selectFrom('meta').select('value').where('key', '=', LAST).executeTakeFirst()
      return row ? (JSON.parse(row.value) as EndedChange) : null
    },
    /** What a change did, object by object. */
    objects: (generation: number): Promise<ChangedObject[]> => historyStore(db).objectsOf([generation]),
    /** Hosts that a change concerns, by the name they have or had. */
    async touched(generation: number): Promise<{ id: string; name: string }[]> {
      const { hosts } = await db
        .selectFrom('change')
        .select('hosts')
        .where('generation', '=', generation)
        .executeTakeFirstOrThrow()
      const ids = JSON.parse(hosts) as string[]
      const had = await db
        .selectFrom('change_object')
        .select(['id', 'name'])
        .where('generation', '=', generation)
        .where('kind', '=', 'host')
        .execute()
      const has = await db.selectFrom('host').select(['id', 'name']).where('id', 'in', ids).execute()
      const names = new Map([...had, ...has].map((h) => [h.id, h.name]))
      return ids.map((id) => ({ id, name: names.get(id) ?? id }))
    },
    /** Says of a change which revision tells of it. */
    async toldBy(generation: number, revision: number): Promise<void> {
      await db.updateTable('change').set({ revision }).where('generation', '=', generation).execute()
    },
    /** Changes saved after a generation. */
    async savedAfter(generation: number): Promise<number> {
      const { n } = await db
        .selectFrom('change')
        .select((e) => e.fn.countAll<number>().as('n'))
        .where('generation', '>', generation)
        .executeTakeFirstOrThrow()
      return n
    },
  }
}

const rowOf = (row: PendingTable): PendingRow => ({
  id: row.id,
  generation: row.generation,
  revision: row.revision,
  previous: row.previous,
  at: row.at,
  actor: { kind: row.actor_kind as PendingRow['actor']['kind'], name: row.actor_name },
  words: JSON.parse(row.words) as string[],
  state: row.state,
  reason: row.reason,
  askedBy: row.asked_by === null ? null : (JSON.parse(row.asked_by) as Actor),
  withinS: row.within_s,
  deadline: row.deadline,
  extended: row.extended === 1,
  promises: JSON.parse(row.promises) as HeldPromise[],
})
