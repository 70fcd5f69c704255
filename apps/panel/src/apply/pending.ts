import { EdgePending, EdgeRefused, EdgeStale, hashOf, isEdgeError } from '@argos/caddy-admin'
import type { Audit } from '../audit/audit.service.ts'
import { endings } from '../changes/pending.endings.ts'
import { type HeldPromise, type PendingRow, pendingStore } from '../changes/pending.store.ts'
import { type EdgeChange, revisionStore } from '../changes/revisions.store.ts'
import { AppError } from '../errors.ts'
import { type AppliedRow, appliedStore } from './applied.store.ts'
import type { ApplyLog } from './apply.types.ts'
import { fateIn, fateOf, tooOld } from './fate.ts'
import { noteApplied, noteChange } from './memory.ts'
import { offer } from './offer.ts'
import { lookBefore, type TestDeps, testPromises } from './promise-tests.ts'
import { promisesOf } from './promises.ts'
import { readAll } from './read.ts'
import { begin, type ReconcileDeps } from './reconcile.ts'
import { stranger } from './stranger.ts'

export interface PendingDeps extends ReconcileDeps, TestDeps {
  readonly edge: ReconcileDeps['edge']
  readonly places: ReconcileDeps['places']
  readonly audit: Pick<Audit, 'record'>
  readonly log: ApplyLog
  /** Brings what was saved before the change to the edge, for good. */
  readonly ordinary: (signal: AbortSignal) => Promise<unknown>
}

/** What is left to do: at once, when it is asked for or a moment has passed, or nothing. */
type Next = 'again' | 'later' | 'over'

/** A change that the edge could not be given for so long goes back: nobody is there any more to look at it. */
const AWAY_MS = 60_000
const TESTS_MS = 15_000
/** Of the time that is left, tests may take so much: somebody has to decide in the rest. */
const TESTS_SHARE = 0.7
const live = ['applying', 'testing', 'waiting'] as const

/**
 * Leads the change that waits to its end, step by step. Each step is written down before the edge is asked, so that
 * one that was cut off is done again and comes to the same. What the edge has decided stands.
 */
export function pendingSteps(deps: PendingDeps) {
  const { db, edge, clock, memory, log } = deps
  const end = endings(deps.audit)
  const store = pendingStore(db)
  /** Of the tests that run. */
  let tests: { id: string; promises: readonly HeldPromise[]; stop: AbortController } | null = null

  const goBack = async (row: PendingRow, reason: string): Promise<Next> => {
    await store.advance(row.id, [...live, 'keeping'], { state: 'returning', reason })
    return 'again'
  }

  const bring = async (row: PendingRow, signal: AbortSignal): Promise<Next> => {
    const objects = await store.objects(row.generation)
    const summary = await edge.summary()
    const fate = fateIn(summary, row)
    if (summary.reverted?.id === row.id && fate.kind === 'gone') return goBack(row, fate.reason)
    if (fate.kind === 'gone') {
      const old = tooOld(summary)
      if (old !== null) return goBack(row, old)
      if (late(row)) return goBack(row, `It did not reach the edge within ${AWAY_MS / 1_000} s.`)
      await deps.ordinary(signal)
      const { desired } = await readAll(db, row.generation)
      const promises = await lookBefore(deps, promisesOf(desired, objects))
      if (!(await store.advance(row.id, ['applying'], { promises }))) return 'again'
    }
    const offered = await offer(deps, row, objects, signal)
    if (offered.kind === 'refused') return goBack(row, offered.reason)
    if (offered.kind === 'taken') return 'again'
    return db.transaction().execute(async (trx): Promise<Next> => {
      // Somebody may have asked to put it back meanwhile.
      const now = await pendingStore(trx).get()
      if (now?.id !== row.id || now.state !== 'applying') return 'again'
      await end.kept(trx, now, clock.now())
      return 'over'
    })
  }

  const test = async (row: PendingRow, signal: AbortSignal): Promise<Next> => {
    const fate = await fateOf(edge, row)
    if (fate.kind !== 'holds') return decided(row, fate)
    const stop = new AbortController()
    const limit = AbortSignal.timeout(Math.min(TESTS_MS, Math.floor(fate.remainingMs * TESTS_SHARE)))
    tests = { id: row.id, promises: row.promises, stop }
    const until = AbortSignal.any([signal, limit, stop.signal])
    const promises = await testPromises(deps, row.promises, until, (now) => {
      tests = { id: row.id, promises: now, stop }
    })
    tests = null
    signal.throwIfAborted()
    // An edge that went away in the middle breaks every promise, and none of them is to blame.
    const after = await fateOf(edge, row)
    if (after.kind !== 'holds') return decided(row, after)
    const broken = promises.find((p) => p.state === 'broken')
    const said = broken ? `A promise does not hold: ${broken.words}. ${broken.detail}` : null
    const next = said === null ? { state: 'waiting' as const } : { state: 'returning' as const, reason: said }
    if (row.revision !== null) await revisionStore(db).saw(row.revision, new Map(promises.flatMap(seenOf)))
    await store.advance(row.id, ['testing'], { promises, ...next })
    return 'again'
  }

  const decided = (
    row: PendingRow,
    fate: { kind: 'kept' } | { kind: 'gone'; reason: string },
  ): Promise<Next> => (fate.kind === 'kept' ? keep(row) : goBack(row, fate.reason))

  /** A panel that was started again finds the change at the edge and does not send it. */
  const recall = async (row: PendingRow): Promise<void> => {
    if (memory.applied !== null || row.revision === null) return
    const read = await readAll(db, row.generation)
    begin(memory, read)
    memory.served = new Map(read.desired.hosts.map(({ id, enabled }) => [id, { off: !enabled }]))
    memory.lastRevision = row.revision
    noteApplied(memory, row.generation)
    for (const later of await appliedStore(db).changesAfter(row.generation))
      noteChange(memory, later.generation, later.hosts)
  }

  const watch = async (row: PendingRow): Promise<Next> => {
    const fate = await fateOf(edge, row)
    if (fate.kind !== 'holds') return decided(row, fate)
    memory.lastError = fate.problem && `Its time is over, but the edge cannot go back yet: ${fate.problem}`
    const deadline = clock.now() + fate.remainingMs
    if (Math.abs(deadline - (row.deadline ?? 0)) > 1_500)
      await store.advance(row.id, ['waiting'], { deadline })
    return 'later'
  }

  const confirm = async (row: PendingRow): Promise<Next> => {
    try {
      await edge.confirm(row.id)
    } catch (err) {
      if (!(err instanceof EdgeRefused || err instanceof EdgeStale)) throw err
      const fate = await fateOf(edge, row)
      if (fate.kind === 'gone') return goBack(row, fate.reason)
      if (fate.kind === 'holds') return 'later'
    }
    return keep(row)
  }

  const keep = async (row: PendingRow): Promise<Next> => {
    const changed = row.revision === null ? [] : await revisionStore(db).atEdge(row.revision)
    await db.transaction().execute(async (trx) => {
      const applied = appliedStore(trx)
      const there = changed.filter((c) => c.after !== null)
      await applied.put(there.map(appliedOf), clock.now())
      for (const kind of ['host', 'pool'] as const) {
        const gone = changed.filter((c) => c.kind === kind && c.after === null)
        await applied.remove(
          kind,
          gone.map((c) => c.id),
        )
      }
      await applied.setGeneration(row.generation)
      await end.kept(trx, row, clock.now())
    })
    return 'over'
  }

  const putBack = async (row: PendingRow): Promise<Next> => {
    try {
      await edge.revert(row.id)
    } catch (err) {
      // It goes back by itself, as nobody has confirmed it: at its deadline, or when it starts again.
      if (!isEdgeError(err)) throw err
    }
    try {
      await db.transaction().execute((trx) => end.returned(trx, row, clock.now()))
      return 'over'
    } catch (err) {
      if (!(err instanceof AppError)) throw err
      const words = `What was changed cannot be put back: ${err.message}`
      if (memory.lastError !== words)
        log.warn({ reason: err.message }, 'what was not kept cannot be put back')
      memory.lastError = words
      return 'later'
    }
  }

  const late = (row: PendingRow) => clock.now() - row.at >= AWAY_MS

  const once = (row: PendingRow, signal: AbortSignal): Promise<Next> => {
    if (row.state === 'applying') return bring(row, signal)
    if (row.state === 'testing') return test(row, signal)
    if (row.state === 'waiting') return watch(row)
    return row.state === 'keeping' ? confirm(row) : putBack(row)
  }

  return {
    /** As they run, else as they were written down. */
    promises: (row: PendingRow): readonly HeldPromise[] =>
      tests?.id === row.id ? tests.promises : row.promises,
    /** Ends tests that run: somebody has decided. */
    stopTests: () => tests?.stop.abort(),
    async step(row: PendingRow, signal: AbortSignal): Promise<Next> {
      try {
        await recall(row)
        return await once(row, signal)
      } catch (err) {
        if (!isEdgeError(err)) throw err
        // The one before may still be there, put back while the edge could not be told.
        if (err instanceof EdgePending && (await stranger(deps).catch(() => false))) return 'again'
        memory.lastError = err.message
        if (row.state === 'applying' && late(row))
          return goBack(row, `The edge could not be given it within ${AWAY_MS / 1_000} s: ${err.message}`)
        // Once its time is over the edge does not have it any more, whatever became of the edge.
        const over = row.deadline !== null && clock.now() > row.deadline
        if (over && (row.state === 'testing' || row.state === 'waiting'))
          return goBack(row, `Nobody kept it, and the edge went away: ${err.message}`)
        return 'later'
      }
    },
  }
}

/** What was seen of a host, in the words of a probe. */
const seenOf = ({ name, detail }: HeldPromise): [string, string][] =>
  detail === null ? [] : [[name, /^\d/.test(detail) ? `Answers ${detail}.` : detail]]

const appliedOf = ({ kind, id, after }: EdgeChange): AppliedRow => ({
  ...{ kind, id, hash: hashOf(after) },
  json: JSON.stringify(after),
})
