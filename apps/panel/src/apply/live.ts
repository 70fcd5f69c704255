import type { Kysely } from 'kysely'
import type { DB } from '../db/schema.ts'
import { appliedStore } from './applied.store.ts'
import { keyOf, type Memory, noteChange } from './memory.ts'

interface Waiter {
  readonly generation: number
  readonly resolve: (live: boolean) => void
}

/** Those who wait to hear that a generation is live. */
export function liveWaiters({ db, memory }: { db: Kysely<DB>; memory: Memory }) {
  const waiting = new Set<Waiter>()
  const reached = (generation: number) => memory.applied !== null && memory.applied >= generation
  /**
   * A change is live when none of its hosts and pools is in trouble and no base was refused. What is paused or gone is that under
   * any base.
   */
  const went = async (generation: number): Promise<boolean> => {
    const hosts = await appliedStore(db).hostsOf(generation)
    const pools = memory.troubles.size === 0 ? [] : await appliedStore(db).poolsOf(generation)
    if (pools.some((id) => memory.troubles.has(keyOf('pool', id)))) return false
    if (hosts.some((id) => memory.troubles.has(keyOf('host', id)))) return false
    if (hosts.some((id) => memory.drift.has(keyOf('host', id)))) return false
    return memory.rejectedBase === null || (hosts.length > 0 && hosts.every(withdrawn))
  }
  const withdrawn = (id: string) => memory.served.get(id)?.off ?? true
  return {
    async live(generation: number, waitMs: number): Promise<boolean> {
      if (reached(generation)) return went(generation)
      // Whoever looks at these hosts from now on sees them under way, however long the next pass takes to begin.
      noteChange(memory, generation, await appliedStore(db).hostsOf(generation))
      if (reached(generation)) return went(generation)
      if (waitMs <= 0) return false
      // Behind a change that waits to be kept, nobody knows for how long.
      const first = await appliedStore(db).waiting()
      if (first !== null && generation >= first) return false
      const { promise, resolve } = Promise.withResolvers<boolean>()
      const waiter = { generation, resolve }
      waiting.add(waiter)
      const timer = setTimeout(resolve, waitMs, false)
      try {
        return await promise
      } finally {
        clearTimeout(timer)
        waiting.delete(waiter)
      }
    },
    /** The edge is not there: nobody is kept waiting for it. */
    lost(): void {
      for (const waiter of waiting) waiter.resolve(false)
    },
    /** A pass is over: tells those it concerns. */
    async passed(): Promise<void> {
      for (const waiter of [...waiting])
        if (reached(waiter.generation)) waiter.resolve(await went(waiter.generation))
    },
  }
}
