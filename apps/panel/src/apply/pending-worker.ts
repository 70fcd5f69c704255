import type { EdgeClient } from '@argos/caddy-admin'
import { type HeldPromise, type PendingRow, pendingStore } from '../changes/pending.store.ts'
import type { Worker } from '../workers/worker.ts'
import type { PendingDeps } from './pending.ts'
import { pendingSteps } from './pending.ts'

/** How people's words about the change that waits reach the one who leads it. */
export interface PendingControl {
  /** As their tests go. */
  promises(row: PendingRow): readonly HeldPromise[]
  /** Something was written down about it: goes on at once. */
  wake(): void
  /** Resolves when this one has come to its end, or after so long. */
  ended(id: string, waitMs: number): Promise<void>
  /** Puts the edge's deadline off to so long from now; answers with what is left. */
  extend(id: string, seconds: number): Promise<number>
}

/** An edge that goes back by itself tells nobody: it is asked this often as long as something waits. */
const EVERY_MS = 500

export interface PendingWorkerDeps extends PendingDeps {
  readonly edge: EdgeClient
  /** Nobody else writes to the edge meanwhile. */
  readonly alone: <T>(work: () => Promise<T>) => Promise<T>
  /** It is over: what was saved meanwhile may go. */
  readonly onEnd: () => void
}

export interface PendingRoom {
  readonly worker: Worker
  readonly control: PendingControl
  /** One was found where there was none. */
  notice(): void
}

export function pendingWorker(deps: PendingWorkerDeps): PendingRoom {
  const { db, edge, memory, alone, onEnd } = deps
  const steps = pendingSteps(deps)
  const store = pendingStore(db)
  const wake = new EventTarget()
  const ends = new EventTarget()
  // Unknown until it was looked for: a panel that was killed may have left one.
  let maybe = true

  const go = async (signal: AbortSignal): Promise<Record<string, unknown>> => {
    for (;;) {
      signal.throwIfAborted()
      maybe = false
      const row = await store.get()
      if (row === null) return { pending: null }
      maybe = true
      const next = await steps.step(row, signal)
      if (next === 'over') {
        ends.dispatchEvent(new Event(row.id))
        onEnd()
      }
      if (next === 'later')
        return { pending: row.state, generation: row.generation, waiting: memory.lastError }
    }
  }
  const rouse = () => {
    maybe = true
    wake.dispatchEvent(new Event('wake'))
  }
  return {
    worker: {
      name: 'pending-change',
      everyMs: EVERY_MS,
      timeoutMs: 180_000,
      wake,
      run: async (signal) => (maybe ? alone(() => go(signal)) : { pending: null }),
    },
    notice: rouse,
    control: {
      promises: steps.promises,
      wake: () => {
        steps.stopTests()
        rouse()
      },
      ended: async (id, waitMs) => {
        const done = Promise.withResolvers<void>()
        ends.addEventListener(id, () => done.resolve(), { once: true })
        const timer = setTimeout(done.resolve, waitMs)
        // It may have ended before anybody listened.
        if ((await store.get())?.id !== id) done.resolve()
        await done.promise
        clearTimeout(timer)
      },
      extend: async (id, seconds) => (await edge.extend(id, seconds)).remaining_ms,
    },
  }
}
