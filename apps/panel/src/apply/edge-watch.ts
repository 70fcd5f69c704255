import type { EdgeCertificates, EdgeClient, EdgeHealth, EdgeInfo, EdgeSummary } from '@argos/caddy-admin'
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
  /** The edge answers again, or is another process. */
  readonly onBack: () => void
}

/** An edge that restarts is away for a moment; that alone is nothing to wake anybody for. */
const ANNOUNCE_MS = 10_000

/** Keeps the edge's own view in memory: its state, its health checks, its certificates. */
export function edgeWatch({ db, edge, clock, onBack }: EdgeWatchDeps): EdgeWatch {
  let sight: Sight = { summary: null, modules: [], health: {}, certificates: {}, down: null }
  let announced = false

  const answered = async (next: Omit<Sight, 'down'>) => {
    const { down, summary } = sight
    sight = { ...next, down: null }
    if (down && announced) {
      announced = false
      const downMs = clock.now() - down.since
      await db.transaction().execute((trx) => emit(trx, 'edge.back', { downMs }, clock.now()))
    }
    if (down || runOf(summary) !== runOf(next.summary)) onBack()
  }
  const failed = async (reason: string) => {
    const down = { since: sight.down?.since ?? clock.now(), reason }
    // What it last said about health and certificates is not true of an edge that is away.
    sight = { ...sight, health: {}, certificates: {}, down }
    if (announced || clock.now() - down.since < ANNOUNCE_MS) return
    announced = true
    await db.transaction().execute((trx) => emit(trx, 'edge.unreachable', down, clock.now()))
  }
  const run = async () => {
    try {
      const summary = await edge.summary()
      const known = sight.modules.length > 0 && runOf(summary) === runOf(sight.summary)
      const [info, health, certificates] = await Promise.all([
        known ? null : edge.info(),
        edge.health(),
        edge.certificates(),
      ])
      await answered({ summary, modules: info?.modules ?? sight.modules, health, certificates })
    } catch (err) {
      await failed((err as Error).message)
      return { edge: 'unreachable', reason: (err as Error).message }
    }
    return { edge: 'ok', openRequests: sight.summary?.open_requests ?? null }
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
