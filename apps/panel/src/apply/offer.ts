import { EdgeFailed, EdgeRefused, EdgeStale, type EdgeSummary } from '@argos/caddy-admin'
import { type PendingRow, pendingStore } from '../changes/pending.store.ts'
import { revisionStore } from '../changes/revisions.store.ts'
import { appliedStore } from './applied.store.ts'
import { concerned } from './concerned.ts'
import { compileFor, send } from './converge.ts'
import { panelId } from './drift.store.ts'
import { drifting } from './drifting.ts'
import { keyOf, noteApplied, noteRun } from './memory.ts'
import { holding, planOf, type Target } from './plan.ts'
import type { ChangedRow } from './promises.ts'
import { type Read, readAll } from './read.ts'
import { begin, placesFor, type ReconcileDeps } from './reconcile.ts'
import { split } from './refusals.ts'
import { compare, revisionOf, touchedBy } from './settle.ts'

export type Offered =
  /** It is live for now, and written down as that. */
  | { readonly kind: 'taken' }
  /** The edge serves it already: there is nothing to keep. */
  | { readonly kind: 'nothing' }
  | { readonly kind: 'refused'; readonly reason: string }

const ROUNDS = 8
/** Of many that are refused, some say enough. */
const NAMED = 3

/**
 * Brings a change to the edge for a limited time: whole, or not at all. Nothing of it is written down as good. However
 * often it is interrupted, asking again finds out what the edge has of it. Rejects with an edge error when that cannot
 * be said.
 */
export async function offer(
  deps: ReconcileDeps,
  row: PendingRow,
  objects: readonly ChangedRow[],
  signal: AbortSignal,
): Promise<Offered> {
  const { db, edge, memory } = deps
  const started = performance.now()
  const read = await readAll(db, row.generation)
  begin(memory, read)
  const places = await placesFor(deps, read)
  memory.origin ||= await panelId(db)
  const drift = drifting(deps, read, true)
  for (let round = 0; round < ROUNDS; round++) {
    signal.throwIfAborted()
    const summary = await edge.summary()
    noteRun(memory, `${summary.pid}@${summary.started_at}`)
    const wanted = compileFor(read.desired, places, summary.base, deps)
    const target = holding(wanted, drift.held(wanted))
    if (summary.pending?.id === row.id || summary.confirmed === row.id) {
      await taken(deps, row, objects, { read, target, summary, tookMs: performance.now() - started })
      return { kind: 'taken' }
    }
    const reason = notAsSaved(read, wanted, objects, deps)
    if (reason !== null) return { kind: 'refused', reason }
    const info = await edge.info()
    if (await drift.look(info, wanted)) continue
    const plan = planOf(target, info)
    if (plan.kind === 'none') return { kind: 'nothing' }
    try {
      await send(deps, info, plan, target, row.generation, { id: row.id, within_s: row.withinS })
    } catch (err) {
      if (err instanceof EdgeStale) continue
      if (err instanceof EdgeRefused) return { kind: 'refused', reason: wordsOf(err, read, objects) }
      throw err
    }
  }
  throw new EdgeFailed('The edge does not hold what it said it took.')
}

/** What the edge would not take, by the names people know. */
function wordsOf(
  { message, refused }: EdgeRefused,
  { desired }: Read,
  objects: readonly ChangedRow[],
): string {
  const named = Object.entries(refused).map(([key, why]) => {
    const { kind, id } = split(key)
    const host = kind === 'host' ? desired.hosts.find((h) => h.id === id) : undefined
    const name = host?.domains[0] ?? objects.find((o) => o.kind === kind && o.id === id)?.name ?? id
    return `${name}: ${why.message}`
  })
  return named.length === 0 ? message : named.slice(0, NAMED).join(' ')
}

/** Why something of the change would not be served as it was saved, else null. What was in trouble before may stay so. */
function notAsSaved(
  { desired, troubles }: Read,
  target: Target,
  objects: readonly ChangedRow[],
  { memory }: Pick<ReconcileDeps, 'memory'>,
): string | null {
  if (target.keptBase !== null && objects.some((o) => o.kind === 'settings'))
    return memory.rejectedBase?.message ?? null
  const before = new Set(troubles.map((t) => keyOf(t.kind, t.id)))
  for (const { kind, id } of concerned(desired, objects)) {
    if (kind === 'settings' || before.has(keyOf(kind, id))) continue
    const kinds = kind === 'host' ? 'hosts' : 'pools'
    if (!desired[kinds].some((o) => o.id === id)) continue
    if (Object.hasOwn(target[kinds], id) && !target.standIns[kinds].includes(id)) continue
    const refused = target.refused.find((r) => r.kind === kind && r.id === id)
    return refused?.message ?? memory.why.get(keyOf(kind, id))?.message ?? 'The edge would not take it.'
  }
  return null
}

interface Taking {
  readonly read: Read
  readonly target: Target
  readonly summary: EdgeSummary
  readonly tookMs: number
}

/** Writes down that the edge has it for now; what is applied stays what was kept last. */
async function taken(
  { db, clock, memory }: ReconcileDeps,
  row: PendingRow,
  objects: readonly ChangedRow[],
  { read, target, summary, tookMs }: Taking,
): Promise<void> {
  const now = clock.now()
  const mine = new Set(concerned(read.desired, objects).map((o) => `${o.kind}:${o.id}`))
  const converged = { target, kind: 'swap' as const, sent: new Set<string>(), confirmed: true }
  // All else is as it was a moment ago. After a restart it may seem otherwise, as refusals are forgotten then.
  const differences = compare({ read, converged }).differences.filter(({ kind, id }) =>
    kind === 'base' ? summary.base === target.hashes.base : mine.has(`${kind}:${id}`),
  )
  const touched = touchedBy({ read, converged }, differences, [])
  const kind = differences.some((d) => d.kind === 'base') ? ('load' as const) : ('swap' as const)
  const settling = { read, converged: { ...converged, kind }, memory, now, tookMs: Math.round(tookMs) }
  const drawn = revisionOf({ ...settling, reason: '', newBaseRefusal: false }, [], touched, differences)
  memory.lastRevision = await db.transaction().execute(async (trx) => {
    const store = pendingStore(trx)
    const previous = await revisionStore(trx).lastLive()
    const revision = await revisionStore(trx).insert({ ...drawn, outcome: 'pending' })
    await appliedStore(trx).brought(read.changes, revision)
    const deadline = now + (summary.pending?.remaining_ms ?? 0)
    await store.advance(row.id, ['applying', 'returning'], { revision, previous, deadline })
    await store.advance(row.id, ['applying'], { state: 'testing' })
    return revision
  })
  memory.picture = null
  memory.etag = target.etag
  memory.failure = null
  memory.lastError = null
  memory.inSync = false
  memory.served = new Map(Object.entries(target.hosts).map(([id, f]) => [id, { off: f.off }] as const))
  noteApplied(memory, row.generation)
}
