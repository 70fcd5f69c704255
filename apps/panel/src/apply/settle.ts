import type { Fragment } from '@argos/caddy'
import type { Revision } from '@argos/contract'
import type { Kysely } from 'kysely'
import { type NewRevision, revisionStore } from '../changes/revisions.store.ts'
import type { DB } from '../db/schema.ts'
import { emit } from '../events/outbox.ts'
import {
  type AppliedKind,
  type AppliedRow,
  appliedStore,
  type PendingChange,
  type Trouble,
} from './applied.store.ts'
import type { Converged } from './converge.ts'
import type { Memory } from './memory.ts'
import type { Read } from './read.ts'
import { troublesOf } from './troubles.ts'

export interface Settling {
  readonly read: Omit<Read, 'whole' | 'drift' | 'appliedUpTo'>
  readonly converged: Omit<Converged, 'edge'>
  readonly memory: Memory
  /** What to call it when no change of a person's caused it. */
  readonly reason: string
  /** Whether the refused base is one that no revision tells of yet. */
  readonly newBaseRefusal: boolean
  readonly now: number
  readonly tookMs: number
}
export interface Settled {
  readonly revision: number | null
  readonly troubles: readonly Trouble[]
  /** Those of them that were not there before. */
  readonly fresh: readonly Trouble[]
  /** Emitted hosts that this pass touched. */
  readonly touched: readonly {
    readonly id: string
    readonly name: string
    readonly fragment: Fragment | null
  }[]
}

export interface Difference {
  readonly kind: AppliedKind
  readonly id: string
  readonly before: unknown
  readonly after: unknown
}

const EVENTS_AT_ONCE = 20

/** Writes down, in one transaction, what the edge has confirmed: last good forms, troubles, generation, revision. */
export async function settle(db: Kysely<DB>, s: Settling): Promise<Settled> {
  const { read, converged, memory, now } = s
  const { desired } = read
  const troubles = troublesOf(desired, converged.target, memory, read.troubles, now)
  const fresh = troubles.filter((t) => !read.troubles.some((o) => sameTrouble(o, t)))
  const { put, remove, differences } = compare(s)
  const touched = touchedBy(s, differences, fresh)
  const worth = differences.length + fresh.length + converged.sent.size > 0 || s.newBaseRefusal
  const nothing = !worth && read.changes.length === 0 && same(read.troubles, troubles)
  if (nothing && converged.confirmed && (memory.applied ?? -1) >= desired.generation)
    return { revision: null, troubles, fresh, touched: [] }

  const revision = await db.transaction().execute(async (trx) => {
    const store = appliedStore(trx)
    await store.setTroubles(troubles)
    if (converged.confirmed) {
      await store.put(put, now)
      for (const kind of ['host', 'pool'] as const)
        await store.remove(
          kind,
          remove.filter((r) => r.kind === kind).map((r) => r.id),
        )
      await store.setGeneration(desired.generation)
      await store.forgetTouched(read.seq)
    }
    for (const t of fresh.slice(0, EVENTS_AT_ONCE)) {
      const hostId = t.kind === 'host' ? t.id : null
      await emit(trx, 'apply.refused', { generation: desired.generation, hostId, reason: t.message }, now)
    }
    if (s.newBaseRefusal && memory.rejectedBase) {
      const reason = memory.rejectedBase.message
      await emit(trx, 'apply.refused', { generation: desired.generation, hostId: null, reason }, now)
    }
    if (!worth) return null
    const number = await revisionStore(trx).insert(revisionOf(s, fresh, touched, differences))
    if (converged.confirmed) await store.brought(read.changes, number)
    return number
  })
  return { revision, troubles, fresh, touched }
}

/** The difference between what was known to be served and what is, without stand-ins: they are not anybody's wish. */
export function compare({ read, converged: { target, confirmed } }: Pick<Settling, 'read' | 'converged'>) {
  const known = new Map(read.applied.map((a) => [`${a.kind}:${a.id}`, a]))
  const put: AppliedRow[] = []
  const differences: Difference[] = []
  if (!confirmed) return { put, remove: [], differences }
  const look = (kind: AppliedKind, id: string, hash: string, value: unknown) => {
    const before = known.get(`${kind}:${id}`)
    // What somebody else made is not ours to write down.
    if (before?.hash === hash || target.held.has(`${kind}:${id}`)) return
    put.push({ kind, id, hash, json: JSON.stringify(value) })
    differences.push({ kind, id, before: before ? JSON.parse(before.json) : null, after: value })
  }
  for (const kinds of ['hosts', 'pools'] as const) {
    const stands = new Set(target.standIns[kinds])
    for (const [id, value] of Object.entries(target[kinds]))
      if (!stands.has(id))
        look(kinds === 'hosts' ? 'host' : 'pool', id, target.hashes[kinds][id] ?? '', value)
  }
  // A base that stayed because ours was refused is not ours to write down.
  if (target.keptBase === null) look('base', 'base', target.hashes.base, target.base)
  const wanted = {
    host: new Set(read.desired.hosts.map((h) => h.id)),
    pool: new Set(read.desired.pools.map((p) => p.id)),
  }
  const remove = read.applied.filter((a) => a.kind !== 'base' && !wanted[a.kind].has(a.id))
  for (const { kind, id, json } of remove)
    differences.push({ kind, id, before: JSON.parse(json), after: null })
  return { put, remove, differences }
}

export function touchedBy(
  { read, converged }: Pick<Settling, 'read' | 'converged'>,
  differences: readonly Difference[],
  fresh: readonly Trouble[],
) {
  const { target, sent } = converged
  const something = differences.length + sent.size > 0
  const ids = new Set([
    ...sent,
    ...differences.filter((d) => d.kind === 'host').map((d) => d.id),
    ...fresh.filter((t) => t.kind === 'host').map((t) => t.id),
    ...(something ? read.changes.flatMap((c) => c.hosts) : []),
  ])
  const names = new Map(read.desired.hosts.map((h) => [h.id, h.domains[0] ?? h.id]))
  return [...ids].map((id) => ({
    id,
    name: names.get(id) ?? formerName(read.applied, id),
    fragment: target.hosts[id] ?? null,
  }))
}

function formerName(applied: readonly AppliedRow[], id: string): string {
  const row = applied.find((a) => a.kind === 'host' && a.id === id)
  return row ? ((JSON.parse(row.json) as Fragment).names[0] ?? id) : id
}

export function revisionOf(
  s: Settling,
  fresh: readonly Trouble[],
  touched: Settled['touched'],
  differences: readonly Difference[],
): NewRevision {
  const { read, converged, memory } = s
  const names = new Map(touched.map((t) => [t.id, t.name]))
  const errors = [
    ...(s.newBaseRefusal && memory.rejectedBase ? [memory.rejectedBase.message] : []),
    ...fresh.map((t) => `${names.get(t.id) ?? t.id}: ${t.message}`),
  ]
  return {
    at: s.now,
    ...saying(read.changes, s.reason),
    kind: converged.kind,
    outcome: errors.length > 0 ? 'refused' : 'live',
    error: errors.length > 0 ? errors.join('\n').slice(0, 4_000) : null,
    generation: read.desired.generation,
    hosts: touched.map(({ id, name }) => ({ id, name, probe: null })),
    changes: differences,
    tookMs: s.tookMs,
  }
}

/** Whose revision it is: the people's whose changes it brings, in their order; else the system's. */
export function saying(changes: readonly PendingChange[], reason: string): Pick<Revision, 'actor' | 'words'> {
  const last = changes.at(-1)
  if (!last) return { actor: { kind: 'system', name: 'apply' }, words: [reason] }
  const one = changes.every((c) => c.actor.kind === last.actor.kind && c.actor.name === last.actor.name)
  const name = one ? last.actor.name : [...new Set(changes.map((c) => c.actor.name))].join(', ')
  return {
    actor: { kind: last.actor.kind as Revision['actor']['kind'], name },
    words: changes.flatMap((c) => c.words),
  }
}

const sameTrouble = (a: Trouble, b: Trouble) =>
  a.kind === b.kind && a.id === b.id && a.message === b.message && a.field === b.field
const same = (a: readonly Trouble[], b: readonly Trouble[]) =>
  a.length === b.length && a.every((t) => b.some((o) => sameTrouble(o, t)))
