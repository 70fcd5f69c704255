import { setImmediate as othersFirst } from 'node:timers/promises'
import type { Fragment, Pool } from '@argos/caddy'
import {
  type EdgeClient,
  EdgeRefused,
  EdgeStale,
  etagAfter,
  isEdgeError,
  type Line,
} from '@argos/caddy-admin'
import { type Memory, noteApplied, noteChange } from './memory.ts'
import { advance, type CompiledEdit, compileEdit, type Picture } from './picture.ts'
import type { Target } from './plan.ts'
import { fail, type Passed, type ReconcileDeps } from './reconcile.ts'
import { settle } from './settle.ts'
import { readSince, type Since } from './since.ts'

/**
 * A pass for an edit of a few hosts on an edge that is known to hold everything else: it costs the same however many
 * there are. The edge takes it only while it holds what the picture says, and its answer is the read-back. Null when it
 * takes a whole pass, which then finds out why; nothing was written down in that case. `onLive` is called as soon as the
 * edge serves it.
 */
export async function quickPass(deps: ReconcileDeps, onLive: () => Promise<void>): Promise<Passed | null> {
  const { db, edge, clock, memory } = deps
  const { picture } = memory
  if (picture === null) return null
  const started = performance.now()
  const tookMs = () => Math.round((performance.now() - started) * 10) / 10
  const [since, unchanged] = await Promise.all([readSince(db, picture), holds(edge, memory, picture)])
  if (!unchanged) memory.picture = null
  if (since === null || !unchanged) return null
  if (since.seq === picture.seq && since.generation === picture.generation) return null
  const compiled = compileEdit(picture, since.edit)
  if (compiled === null) return null

  const { generation } = since
  const plan = planOf(picture, compiled)
  const settling = settlingOf(picture, since, compiled, plan)
  for (const change of since.changes) noteChange(memory, change.generation, change.hosts)
  memory.inSync = false
  // Until the edge has confirmed it there is no picture to go from.
  memory.picture = null
  try {
    const taken = await edge.swap(picture.etag, {
      ...{ generation, hosts: plan.hosts, pools: plan.pools, origin: memory.origin },
    })
    if (taken.etag !== plan.etag || Object.keys(taken.refused).length > 0) return null
  } catch (err) {
    if (err instanceof EdgeStale || err instanceof EdgeRefused) return null
    if (isEdgeError(err)) await fail(deps, settling.read, err, settling.reason, tookMs())
    throw err
  }
  note(memory, compiled, generation)
  const next = advance(picture, compiled, { seq: since.seq, generation, etag: plan.etag })
  memory.picture = next
  memory.etag = plan.etag
  await onLive()
  // Whoever waited is answered before the disk is.
  await othersFirst()
  try {
    const now = clock.now()
    const settled = await settle(db, { ...settling, memory, newBaseRefusal: false, now, tookMs: tookMs() })
    memory.lastRevision = settled.revision ?? memory.lastRevision
    return { ...settled, generation, confirmed: true, refusedBase: null }
  } catch (err) {
    // Not written down: a whole pass will do it.
    memory.picture = null
    throw err
  }
}

/** Whether the edge that is there now is the one of the picture and holds what it shows; false also when it is away. */
async function holds(edge: EdgeClient, memory: Memory, picture: Picture): Promise<boolean> {
  try {
    const { etag, pid, started_at } = await edge.summary()
    return etag === picture.etag && memory.edgeRun === `${pid}@${started_at}`
  } catch (err) {
    if (isEdgeError(err)) return false
    throw err
  }
}

interface QuickPlan {
  readonly hosts: Readonly<Record<string, Fragment | null>>
  readonly pools: Readonly<Record<string, Pool | null>>
  readonly etag: string
}

function planOf(picture: Picture, edit: CompiledEdit): QuickPlan {
  const gone: Line[] = []
  const come: Line[] = []
  const differing = <T>(
    kind: Line['kind'],
    objects: ReadonlyMap<string, { readonly value: T; readonly hash: string } | null>,
    hashOf: (id: string) => string | undefined,
  ): Record<string, T | null> => {
    const changed = [...objects].filter(([id, o]) => o?.hash !== hashOf(id))
    for (const [id, object] of changed) {
      const hash = hashOf(id)
      if (hash !== undefined) gone.push({ kind, id, hash })
      if (object !== null) come.push({ kind, id, hash: object.hash })
    }
    return Object.fromEntries(changed.map(([id, object]) => [id, object?.value ?? null]))
  }
  const hosts = differing('host', edit.hosts, (id) => picture.hosts.get(id)?.hash)
  const pools = differing('pool', edit.pools, (id) => picture.pools.get(id))
  return { hosts, pools, etag: etagAfter(picture.etag, gone, come) }
}

/** What a whole pass would have to write down, of what this one touched. */
function settlingOf(
  { base, baseHash, settings }: Picture,
  since: Since,
  edit: CompiledEdit,
  plan: QuickPlan,
) {
  const { seq, generation, changes, applied } = since
  const { hosts, pools, policies } = since.edit
  const lastGood = { hosts: {}, pools: {} }
  const values = <T>(of: ReadonlyMap<string, { readonly value: T } | null>): Record<string, T> =>
    Object.fromEntries([...of].flatMap(([id, o]) => (o === null ? [] : [[id, o.value]])))
  const hashes = (of: ReadonlyMap<string, { readonly hash: string } | null>): Record<string, string> =>
    Object.fromEntries([...of].flatMap(([id, o]) => (o === null ? [] : [[id, o.hash]])))
  const target: Target = {
    ...{ base, hosts: values(edit.hosts), pools: values(edit.pools), refused: [], etag: plan.etag },
    standIns: { hosts: [], pools: [] },
    hashes: { base: baseHash, hosts: hashes(edit.hosts), pools: hashes(edit.pools) },
    keptBase: null,
    held: new Map(),
  }
  const n = Object.keys(plan.hosts).length + Object.keys(plan.pools).length
  return {
    read: {
      ...{ seq, changes, troubles: [], desired: { generation, hosts, pools, policies, settings, lastGood } },
      applied: [...applied, { kind: 'base' as const, id: 'base', hash: baseHash, json: 'null' }],
    },
    converged: { target, kind: 'swap' as const, sent: new Set(Object.keys(plan.hosts)), confirmed: true },
    reason: `Brought ${n} hosts and pools to the edge.`,
  }
}

function note(memory: Memory, edit: CompiledEdit, generation: number): void {
  for (const [id, host] of edit.hosts) {
    if (host === null) memory.served.delete(id)
    else memory.served.set(id, { off: host.value.off })
  }
  memory.troubles = new Map()
  memory.failure = null
  memory.lastError = null
  memory.inSync = true
  noteApplied(memory, generation)
}
