import {
  type EdgeCertificates,
  type EdgeClient,
  type EdgeHealth,
  type EdgeInfo,
  type EdgeSummary,
  isEdgeError,
} from '@argos/caddy-admin'
import type { FastifyBaseLogger } from 'fastify'
import type { Kysely } from 'kysely'
import type { Clock } from '../clock.ts'
import type { DB } from '../db/schema.ts'
import { emit } from '../events/outbox.ts'
import type { Worker } from '../workers/worker.ts'

/** What the edge said last, and whether it still answers. */
export interface Sight {
  readonly summary: EdgeSummary | null
  readonly modules: readonly string[]
  readonly health: EdgeHealth
  readonly certificates: EdgeCertificates
  /** Null while it answers. */
  readonly down: { readonly since: number; readonly reason: string } | null
}
export interface EdgeWatch extends Worker {
  sight(): Sight
  /** Looks now, out of turn. */
  look(): Promise<void>
}

export interface EdgeWatchDeps {
  readonly db: Kysely<DB>
  readonly edge: EdgeClient
  readonly clock: Clock
  readonly log: Pick<FastifyBaseLogger, 'warn' | 'info'>
  /** The edge answers again, or is another process. */
  readonly onBack: () => void
  /** What it should hold, as far as is known. */
  readonly expected: () => string | null
  /** It holds something else: somebody changed it. */
  readonly onOther: () => void
}

/** An edge that restarts is away for a moment; that alone is nothing to wake anybody for. */
const ANNOUNCE_MS = 10_000

/** Keeps the edge's own view in memory: its state, its health checks, its certificates. */
export function edgeWatch({ db, edge, clock, log, onBack, expected, onOther }: EdgeWatchDeps): EdgeWatch {
  let sight: Sight = { summary: null, modules: [], health: {}, certificates: {}, down: null }
  let announced = false

  const answered = async (next: Omit<Sight, 'down'>) => {
    const { down, summary } = sight
    sight = { ...next, down: null }
    if (down || runOf(summary) !== runOf(next.summary)) onBack()
    if (!down || !announced) return
    announced = false
    const downMs = clock.now() - down.since
    log.info({ downMs }, 'the edge is back')
    await db.transaction().execute((trx) => emit(trx, 'edge.back', { downMs }, clock.now()))
  }
  const failed = async (reason: string) => {
    const down = { since: sight.down?.since ?? clock.now(), reason }
    // What it last said about health and certificates is not true of an edge that is away.
    sight = { ...sight, health: {}, certificates: {}, down }
    if (announced || clock.now() - down.since < ANNOUNCE_MS) return
    announced = true
    log.warn(down, 'the edge does not answer')
    await db.transaction().execute((trx) => emit(trx, 'edge.unreachable', down, clock.now()))
  }
  const ask = async (): Promise<Omit<Sight, 'down'>> => {
    const summary = await edge.summary()
    const known = sight.modules.length > 0 && runOf(summary) === runOf(sight.summary)
    const [info, health, certificates] = await Promise.all([
      known ? null : edge.info(),
      edge.health(),
      edge.certificates(),
    ])
    return { summary, modules: info?.modules ?? sight.modules, health, certificates }
  }
  const run = async () => {
    let said: Omit<Sight, 'down'>
    const before = expected()
    try {
      said = await ask()
    } catch (err) {
      // A fault of our own, as of the database, says nothing about the edge.
      if (!isEdgeError(err)) throw err
      await failed(err.message)
      return { edge: 'unreachable', reason: err.message }
    }
    await answered(said)
    // A change of ours may have gone by while it answered.
    if (before !== null && before === expected() && said.summary?.etag !== before) onOther()
    return { edge: 'ok', openRequests: said.summary?.open_requests ?? null }
  }
  return {
    name: 'edge-watch',
    everyMs: 5_000,
    timeoutMs: 30_000,
    run,
    sight: () => sight,
    look: async () => {
      await run()
    },
  }
}

const runOf = (s: Pick<EdgeInfo, 'pid' | 'started_at'> | null): string | null =>
  s ? `${s.pid}@${s.started_at}` : null
