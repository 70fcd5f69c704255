import { type EdgeClient, EdgePending, EdgeUnreachable, isEdgeError } from '@argos/caddy-admin'
import type { Kysely } from 'kysely'
import type { Audit } from '../audit/audit.service.ts'
import type { Clock } from '../clock.ts'
import type { DB } from '../db/schema.ts'
import type { Worker } from '../workers/worker.ts'
import type { FirmPlaces } from './acme-root.ts'
import { appliedStore } from './applied.store.ts'
import type { Apply, ApplyLog } from './apply.types.ts'
import { check } from './check.ts'
import { checkEdit } from './check-edit.ts'
import { edgeWatch } from './edge-watch.ts'
import { exclusive } from './exclusive.ts'
import { tooOld } from './fate.ts'
import { liveWaiters } from './live.ts'
import { type Memory, newMemory } from './memory.ts'
import { type Pace, pace } from './pace.ts'
import { type PendingControl, pendingWorker } from './pending-worker.ts'
import { edgeProbe, type Probe } from './probe.ts'
import { probeTouched, realSleep } from './probes.ts'
import { quickPass } from './quick.ts'
import { type Passed, reconcile } from './reconcile.ts'
import { logRefusals } from './refusal-log.ts'
import { stranger } from './stranger.ts'
import { statusViews } from './views.ts'
import { edgeVisitor, type Visitor } from './visit.ts'

export type { Apply, ApplyStatus, Checked, CheckRefusal, EdgeView } from './apply.types.ts'

export interface ApplyDeps {
  readonly db: Kysely<DB>
  readonly edge: EdgeClient
  readonly clock: Clock
  readonly log: ApplyLog
  readonly places: FirmPlaces
  readonly audit: Pick<Audit, 'record'>
  /** When not over loopback. */
  readonly visit?: Visitor
  /** Only tests bring their own. */
  readonly probe?: Probe
  /** Only tests bring their own. */
  readonly sleep?: (ms: number, signal?: AbortSignal) => Promise<unknown>
}
export interface ApplyRoom {
  readonly apply: Apply
  /** For the driver. The applier's first pass repairs what a crash left; the last one leads a change that waits. */
  readonly workers: readonly [applier: Worker, watcher: Worker, pending: Worker]
  readonly pending: PendingControl
  /** Resolves when no probe is under way. */
  idle(): Promise<void>
}

/** Within a pass; after them the driver's own interval goes on. Together far below the 60 s of CF-10. */
const RETRIES_MS = [200, 800, 2_000]

/** However many small edits come, everything is compared this often. */
const COMPARED_MS = 30_000

export function applyRoom(deps: ApplyDeps): ApplyRoom {
  const { db, edge, clock, log, places, audit } = deps
  const sleep = deps.sleep ?? realSleep
  const visit = deps.visit ?? edgeVisitor(places)
  const probe = deps.probe ?? edgeProbe(places, visit)
  const memory: Memory = newMemory()
  const wake = new EventTarget()
  const rhythm: Pace = pace()
  const probing = new Set<Promise<void>>()
  const waiters = liveWaiters({ db, memory })
  const alone = exclusive()

  const rouse = (urgent = false) => {
    rhythm.woken(clock.now(), urgent)
    wake.dispatchEvent(new Event('wake'))
  }
  const watch = edgeWatch({
    ...{ db, edge, clock, log },
    onBack: () => rouse(),
    expected: () => memory.etag,
    // Nobody saved anything, so it is no part of a flood.
    onOther: () => void wake.dispatchEvent(new Event('wake')),
  })

  const follow = ({ revision, touched }: Passed) => {
    if (revision === null) return
    const work = Promise.all([
      probeTouched({ db, edge, probe, sleep }, revision, touched),
      watch.look(),
    ]).then(
      () => undefined,
      () => undefined, // Probes only tell; a database that is closing must not take the panel with it.
    )
    probing.add(work)
    work.finally(() => probing.delete(work))
  }

  const passing = { db, edge, clock, places, memory }
  let comparisonIsDue = false
  const onePass = async (signal: AbortSignal) => {
    const quick = comparisonIsDue ? null : await quickPass(passing, waiters.passed)
    // One edit after another must not put off the pass that compares everything: it follows right after this one.
    const comparedAt = memory.picture?.comparedAt ?? Number.POSITIVE_INFINITY
    comparisonIsDue = quick !== null && clock.now() - comparedAt >= COMPARED_MS
    if (comparisonIsDue) wake.dispatchEvent(new Event('wake'))
    return quick ?? (await reconcile(passing, signal))
  }

  const { waiting } = appliedStore(db)
  const ordinary = async (signal: AbortSignal) => {
    const passed = await reconcile(passing, signal)
    await waiters.passed()
    logRefusals(log, passed)
    follow(passed)
  }
  const pending = pendingWorker({
    ...passing,
    visit,
    sleep,
    audit,
    log,
    alone,
    ordinary,
    onEnd: () => rouse(),
  })

  const run = async (signal: AbortSignal): Promise<Record<string, unknown>> => {
    for (let ms = rhythm.waitMs(clock.now()); ms > 0; ms = rhythm.waitMs(clock.now())) await sleep(ms, signal)
    for (let tries = 0; ; tries++) {
      signal.throwIfAborted()
      try {
        const passed = await alone(async () => ((await waiting()) === null ? await onePass(signal) : null))
        if (passed === null) {
          pending.notice()
          return { waiting: 'A change waits to be kept; what was saved since goes live after it.' }
        }
        if (passed.revision !== null) rhythm.passed(clock.now())
        await waiters.passed()
        logRefusals(log, passed)
        follow(passed)
        const { generation, confirmed, revision, troubles } = passed
        return { generation, confirmed, revision, troubles: troubles.length }
      } catch (err) {
        if (!isEdgeError(err)) throw err
        if (err instanceof EdgeUnreachable && tries > 0) waiters.lost()
        if (err instanceof EdgePending) {
          waiters.lost()
          const over = await stranger({ db, edge, memory }).catch(() => false)
          if (!over || tries > 0) return { waiting: memory.lastError }
          continue
        }
        const pause = RETRIES_MS[tries]
        if (pause !== undefined) {
          await sleep(pause, signal)
          continue
        }
        // An outage is a state, not a fault of this worker: changes are kept, the next pass brings them.
        if (err instanceof EdgeUnreachable) return { waiting: err.message }
        throw err
      }
    }
  }
  const applier: Worker = { name: 'apply', everyMs: 10_000, timeoutMs: 180_000, wake, run }

  const apply: Apply = {
    wake: rouse,
    check: (wouldBe, touched) => check(edge, places, wouldBe, touched),
    checkEdit: (edit) => checkEdit({ db, edge, memory }, edit),
    live: async (generation, waitMs, urgent = false) =>
      waiters.live(generation, rhythm.flooded(clock.now()) && !urgent ? 0 : waitMs),
    confirmable: () => {
      const { summary } = watch.sight()
      return summary && tooOld(summary)
    },
    ...statusViews({ db, memory, sight: watch.sight }),
  }
  return {
    apply,
    workers: [applier, watch, pending.worker],
    pending: pending.control,
    idle: async () => {
      while (probing.size > 0) await Promise.all(probing)
    },
  }
}
