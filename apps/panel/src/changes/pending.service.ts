import type { PendingChange, pendingView, Saved } from '@argos/contract'
import type { Kysely } from 'kysely'
import type { z } from 'zod'
import type { Apply } from '../apply/apply.types.ts'
import { savedGeneration } from '../apply/desired.ts'
import type { PendingControl } from '../apply/pending-worker.ts'
import type { Actor } from '../audit/actor.ts'
import type { Audit } from '../audit/audit.service.ts'
import type { Clock } from '../clock.ts'
import type { DB } from '../db/schema.ts'
import { AppError } from '../errors.ts'
import { changeName } from './objects.ts'
import { type PendingRow, type PendingState, pendingStore } from './pending.store.ts'

type View = z.infer<typeof pendingView.response>
export interface PendingService {
  view(): Promise<View>
  keep(actor: Actor, id: string): Promise<Saved>
  putBack(actor: Actor, id: string): Promise<Saved>
  extend(actor: Actor, id: string): Promise<PendingChange>
}

/** A decision is carried out at once, unless the edge is slow to answer or away. */
const WAIT_MS = 10_000
const EXTENDED_S = 300

interface Reach extends Pick<PendingChange, 'id' | 'touched'> {
  /** Of all it touches, hosts that are there. */
  readonly there: number
}
/** Of a change that touched thousands, so many are named. */
const MOST_TOUCHED = 100

export function pendingService({
  db,
  clock,
  audit,
  apply,
  control,
  waitMs = WAIT_MS,
}: {
  db: Kysely<DB>
  clock: Clock
  audit: Pick<Audit, 'record'>
  apply: Pick<Apply, 'live'>
  control: PendingControl
  /** Only tests are in more of a hurry. */
  waitMs?: number
}): PendingService {
  const store = pendingStore(db)

  const countHosts = async (ids?: readonly string[]): Promise<number> => {
    const count = db.selectFrom('host').select((e) => e.fn.countAll<number>().as('n'))
    return (await (ids ? count.where('id', 'in', ids) : count).executeTakeFirstOrThrow()).n
  }
  /** Pages ask every second, and what a change touches stays what it is while it waits: found once for each. */
  let known: Reach | null = null
  const reachOf = async ({ id, generation }: PendingRow): Promise<Reach> => {
    if (known?.id === id) return known
    const touched = await store.touched(generation)
    known = { id, touched: touched.slice(0, MOST_TOUCHED), there: await countHosts(touched.map((h) => h.id)) }
    return known
  }
  const shown = async (row: PendingRow): Promise<PendingChange> => {
    const { askedBy: _, reason: __, promises: ___, words, ...rest } = row
    const { touched, there } = await reachOf(row)
    const untouched = (await countHosts()) - there
    return { ...rest, words: [...words], touched, untouched, promises: [...control.promises(row)] }
  }

  /** How one that does not wait any more ended: nothing when it ended as was wished. */
  const ended = async (id: string, wish: 'kept' | 'returned'): Promise<void> => {
    const last = await store.last()
    if (last?.id !== id) throw new AppError('not_found', 'This change does not wait to be kept.')
    if (last.outcome === wish) return
    if (wish === 'returned')
      throw new AppError('conflict', 'It was kept already. Undo it from the list of changes.')
    throw new AppError('conflict', `It went back before it was kept: ${last.reason}`)
  }

  /** Writes the decision down, and waits until it is carried out. Asked again it does no harm. */
  const decide = async (
    id: string,
    from: readonly PendingState[],
    to: Parameters<typeof store.advance>[2] & { readonly state: PendingState },
  ): Promise<PendingRow | null> => {
    await store.advance(id, from, to)
    const row = await store.get()
    if (row?.id !== id) return null
    if (row.state !== to.state) throw new AppError('conflict', notNow(row.state))
    control.wake()
    await control.ended(id, waitMs)
    return row
  }
  const stillOpen = async (id: string) => (await store.get())?.id === id

  return {
    async view() {
      const row = await store.get()
      return {
        pending: row && (await shown(row)),
        last: await store.last(),
        queued: row ? await store.savedAfter(row.generation) : 0,
      }
    },

    async keep(actor, id) {
      const row = await decide(id, ['waiting'], { state: 'keeping', askedBy: actor })
      if (await stillOpen(id)) return { generation: row?.generation ?? 0, live: false, pending: id }
      await ended(id, 'kept')
      const generation = row?.generation ?? (await savedGeneration(db))
      return { generation, live: true, pending: null }
    },

    async putBack(actor, id) {
      const reason = actor.kind === 'user' ? `${actor.name} put it back.` : 'It was put back.'
      const to = { state: 'returning', reason, askedBy: actor } as const
      const row = await decide(id, ['applying', 'testing', 'waiting'], to)
      if (await stillOpen(id)) return { generation: row?.generation ?? 0, live: false, pending: id }
      await ended(id, 'returned')
      const generation = await savedGeneration(db)
      return { generation, live: await apply.live(generation, 1_000), pending: null }
    },

    async extend(actor, id) {
      const row = await store.get()
      if (row?.id !== id) throw new AppError('not_found', 'This change does not wait to be kept.')
      if (row.extended) throw new AppError('conflict', 'Its time was extended already, which goes once.')
      if (row.state !== 'testing' && row.state !== 'waiting')
        throw new AppError('conflict', notNow(row.state))
      const leftMs = await control.extend(id, EXTENDED_S)
      const deadline = clock.now() + leftMs
      await db.transaction().execute(async (trx) => {
        const written = await pendingStore(trx).advance(id, ['testing', 'waiting'], {
          extended: true,
          deadline,
        })
        if (!written) return
        await audit.record(trx, actor, {
          action: 'change.extend',
          subject: { kind: 'change', id: String(row.generation), name: changeName(row) },
          words: `Put off the deadline of “${row.words.join('. ')}”`,
        })
      })
      return shown({ ...row, extended: true, deadline })
    },
  }
}

const notNow = (state: PendingState): string =>
  ({
    applying: 'It is still on its way to the edge. Try again in a moment.',
    testing: 'Its promises are still being tested. Try again in a moment.',
    waiting: 'It waits to be kept. Try again.',
    keeping: 'It is being kept already.',
    returning: 'It is being put back already.',
  })[state]
