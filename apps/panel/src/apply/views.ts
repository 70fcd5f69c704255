import type { EdgeCertificate, EdgeCertificates, EdgeSummary } from '@argos/caddy-admin'
import type { HostState } from '@argos/contract'
import type { Kysely } from 'kysely'
import { revisionStore } from '../changes/revisions.store.ts'
import type { DB } from '../db/schema.ts'
import { appliedStore } from './applied.store.ts'
import type { Apply, CertificateView, EdgeView } from './apply.types.ts'
import { savedGeneration } from './desired.ts'
import { driftStore } from './drift.store.ts'
import { driftWords } from './drift-words.ts'
import type { Sight } from './edge-watch.ts'
import { keyOf, type Memory } from './memory.ts'
import { split } from './refusals.ts'

export interface ViewDeps {
  readonly db: Kysely<DB>
  readonly memory: Memory
  readonly sight: () => Sight
}

/** What pages show of the edge, from memory and without asking it. */
export const statusViews = ({
  db,
  memory,
  sight,
}: ViewDeps): Pick<Apply, 'status' | 'hostEdge' | 'targetHealth' | 'certificateOf'> => ({
  async status() {
    const store = appliedStore(db)
    const saved = await savedGeneration(db)
    const waiting = await store.waiting()
    const waits = waiting !== null
    // What waits to be kept is live for now, and applied once it is kept.
    const applied = waits ? await store.generation() : (memory.applied ?? (await store.generation()))
    const inSync = memory.inSync && !waits && applied >= saved && sight().down === null
    const asSaved = inSync || (waits && waiting === saved && memory.applied === waiting)
    const drift = await driftStore(db).all()
    const revisions = revisionStore(db)
    // One that went back is not what the edge serves.
    const lastRevision = waits
      ? (memory.lastRevision ?? (await revisions.last())?.number ?? null)
      : await revisions.lastLive()
    return {
      saved,
      applied,
      inSync,
      lastRevision,
      lastError: memory.lastError,
      waits,
      // An edge that says none speaks the first one.
      api: summaryOf(sight(), (s) => s.api ?? 1),
      edge: edgeView(sight(), asSaved, waits, { count: drift.length, words: await driftWords(db, drift) }),
    }
  },

  hostEdge(id, poolId) {
    const trouble = troubleOf(memory, id, poolId)
    if (memory.applied === null || sight().down !== null) return { edge: 'unknown', trouble }
    if (trouble) return { edge: 'refused', trouble }
    if (memory.drift.has(keyOf('host', id))) return { edge: 'drifted', trouble }
    const served = memory.served.get(id)
    if (!served || memory.changed.has(id)) return { edge: 'applying', trouble }
    return { edge: served.off ? 'off' : 'live', trouble }
  },

  targetHealth(poolId) {
    const targets = Object.entries(sight().health[poolId] ?? {})
    return Object.fromEntries(
      targets.map(([dial, { state, since, checked_at, error }]) => [
        dial,
        { state, since, checkedAt: checked_at, error },
      ]),
    )
  },

  certificateOf(names) {
    const found = names.flatMap((name) => certificateFor(sight().certificates, name) ?? [])
    const worst = order.flatMap((state) => found.find((c) => c.state === state) ?? [])[0]
    return worst ? view(worst) : noCertificate
  },
})

/** Of the host itself, or of the pool behind it. */
function troubleOf(memory: Memory, id: string, poolId: string | undefined): HostState['trouble'] {
  const own = memory.troubles.get(keyOf('host', id))
  if (own) return { message: own.message, field: own.field, since: own.since }
  const pool = poolId === undefined ? undefined : memory.troubles.get(keyOf('pool', poolId))
  if (!pool) return null
  return {
    message: pool.message,
    field: pool.field === null ? 'pool' : `pool.${pool.field}`,
    since: pool.since,
  }
}

function behindWords(waits: boolean, asSaved: boolean, drift: string | null): string {
  const why = waits
    ? 'A change waits to be kept. What was saved since goes live after it.'
    : 'The edge does not serve yet what is saved.'
  return [...(asSaved ? [] : [why]), ...(drift === null ? [] : [drift])].join(' ')
}

const summaryOf = <T>({ summary }: Sight, f: (s: EdgeSummary) => T): T | null => summary && f(summary)

function edgeView(
  { summary, modules, down }: Sight,
  asSaved: boolean,
  waits: boolean,
  drift: { readonly count: number; readonly words: string | null },
): EdgeView {
  const failed = Object.entries(summary?.failed ?? {}).map(([key, reason]) => ({
    hostId: split(key).id,
    reason,
  }))
  const state = down || !summary ? 'unreachable' : asSaved && drift.count === 0 ? 'ok' : 'behind'
  const problem = {
    ok: null,
    behind: behindWords(waits, asSaved, drift.words),
    unreachable: down?.reason ?? 'The edge was not asked yet.',
  }[state]
  return {
    state,
    problem,
    version: summary?.version ?? null,
    caddy: summary?.caddy ?? null,
    pid: down ? null : (summary?.pid ?? null),
    startedAt: summary ? Date.parse(summary.started_at) : null,
    modules: [...modules],
    listeners: [...(summary?.listeners ?? [])],
    openRequests: down ? null : (summary?.open_requests ?? null),
    bootedFrom: summary?.boot.from ?? null,
    failed,
    drifted: drift.count,
  }
}

const order: readonly EdgeCertificate['state'][] = ['error', 'pending', 'none', 'ok']

const certificateFor = (all: EdgeCertificates, name: string): EdgeCertificate | undefined =>
  all[name] ?? all[`*${name.slice(name.indexOf('.'))}`]

const view = (c: EdgeCertificate): CertificateView => ({
  state: c.state,
  issuer: c.issuer,
  notBefore: c.not_before,
  notAfter: c.not_after,
  error: c.error,
})
const noCertificate: CertificateView = {
  state: 'none',
  issuer: null,
  notBefore: null,
  notAfter: null,
  error: null,
}
