import { type EdgeClient, type Evict, isEdgeError } from '@argos/caddy-admin'
import type { FastifyBaseLogger } from 'fastify'
import type { Kysely } from 'kysely'
import type { DB } from '../db/schema.ts'
import type { Worker } from '../workers/worker.ts'
import type { FactsCache } from './facts.cache.ts'
import { owedStore } from './owed.store.ts'

export type { Evict } from '@argos/caddy-admin'

export interface Evictions {
  /**
   * What the gate and the panel remember of these is forgotten, and their open requests end. After the commit, before
   * the answer. Never throws; false: the edge could not be told. Then it forgets everything as soon as it can be.
   */
  now(...what: readonly Evict[]): Promise<boolean>
}

export interface EvictionsDeps {
  readonly db: Kysely<DB>
  readonly edge: Pick<EdgeClient, 'evict'>
  readonly cache: Pick<FactsCache, 'evict'>
  readonly log: Pick<FastifyBaseLogger, 'warn' | 'info' | 'error'>
}
export interface EvictionsRoom extends Evictions {
  /** Tells the edge what it could not be told. Wakes by itself; the driver runs it. */
  readonly worker: Worker
}

export function evictionsRoom({ db, edge, cache, log }: EvictionsDeps): EvictionsRoom {
  const wake = new EventTarget()
  const owed = owedStore(db)

  const tell = async (what: readonly Evict[]): Promise<boolean> => {
    try {
      await Promise.all(what.map((one) => edge.evict(one)))
      return true
    } catch (err) {
      if (!isEdgeError(err)) log.error({ err }, 'telling the edge what to forget failed')
      else log.warn({ reason: err.message }, 'the edge could not be told what to forget; it will be')
      return false
    }
  }
  return {
    async now(...what) {
      if (what.length === 0) return true
      for (const one of what) cache.evict(one)
      if (await tell(what)) return true
      // Outlives this process: a stream of a session that ended must not go on because the panel was restarted.
      await owed.add().catch((err: unknown) => log.error({ err }, 'what the edge is owed could not be noted'))
      wake.dispatchEvent(new Event('wake'))
      return false
    },
    worker: {
      name: 'evictions',
      everyMs: 2_000,
      timeoutMs: 15_000,
      wake,
      async run() {
        const count = await owed.count()
        if (count === 0) return { owed: false }
        if (!(await tell([{ all: true }]))) return { owed: true }
        log.info('the edge forgot whom it had admitted: it could not be told for a while')
        // What failed meanwhile is owed still.
        await owed.pay(count)
        return { owed: (await owed.count()) > 0 }
      },
    },
  }
}
