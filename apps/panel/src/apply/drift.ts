import type { EdgeInfo } from '@argos/caddy-admin'
import type { AppliedKind, AppliedRow } from './applied.store.ts'
import type { Held, Target } from './plan.ts'

/** Something at the edge that somebody else made as it is there. */
export interface DriftRow {
  readonly kind: AppliedKind
  readonly id: string
  /** What it is at the edge; null where they removed it. */
  readonly hash: string | null
  readonly since: number
}
export type Edge = Pick<EdgeInfo, 'base' | 'hosts' | 'pools' | 'origin' | 'generation' | 'failed'>

export interface Known {
  /** What the edge confirmed last, by key. */
  readonly applied: ReadonlyMap<string, string>
  /** The generation of that. */
  readonly generation: number
  /** Keys of what is not live as it was saved, so that what the edge has of it is a stand-in. */
  readonly troubled: ReadonlySet<string>
  /** The name under which this panel makes changes. */
  readonly mine: string
}

export const BASE = 'base:base'
export const driftKey = ({ kind, id }: Pick<DriftRow, 'kind' | 'id'>): string => `${kind}:${id}`

/**
 * What of an edge is somebody else's doing, with the hash it has there. `target` is all that the panel wants, `before`
 * what was found earlier.
 *
 * The edge says who changed it last. When that was not this panel, whatever is neither as it was confirmed nor as it is
 * wanted was changed by hand; so was what differs at the very generation that was confirmed, as in an edited file. An
 * edge with nothing, or with an older state of ours, is only behind. An object that was saved anew since is the
 * operator's own word.
 */
export function driftIn(edge: Edge, target: Target, known: Known, before: Held): Held {
  const found = new Map<string, string | null>()
  // Nothing was loaded yet, so there is nothing of anybody's.
  if (edge.base === null) return found
  const foreign = edge.origin !== undefined && edge.origin !== known.mine
  const same = edge.origin === known.mine && edge.generation === known.generation
  const has = hashesAt(edge)
  const wants = hashesOf(target)
  const fresh = known.applied.size === 0
  for (const key of new Set([...has.keys(), ...wants.keys(), ...before.keys()])) {
    const [there, wanted] = [has.get(key) ?? null, wants.get(key) ?? null]
    if (there === wanted || known.troubled.has(key)) continue
    // A panel that has nothing yet must not take the listeners of another one away.
    const first = fresh && foreign && key === BASE
    if (wanted !== (known.applied.get(key) ?? null) && !first) continue
    // It could not be started again, so nobody's form of it is there.
    if (there === null && edge.failed?.[key] !== undefined) continue
    const edited = same && there !== null && key !== BASE
    if (foreign || edited || before.has(key)) found.set(key, there)
  }
  return found
}

/** What of it still counts: an object that was saved anew is the operator's own word. */
export function stillHeld(
  rows: Iterable<DriftRow>,
  target: Target,
  applied: ReadonlyMap<string, string>,
): Held {
  const wants = hashesOf(target)
  const held = new Map<string, string | null>()
  for (const row of rows) {
    const key = driftKey(row)
    const wanted = wants.get(key) ?? null
    if (wanted === (applied.get(key) ?? null) && wanted !== row.hash) held.set(key, row.hash)
  }
  return held
}

export const appliedHashes = (rows: readonly AppliedRow[]): Map<string, string> =>
  new Map(rows.map(({ kind, id, hash }) => [`${kind}:${id}`, hash]))

/** Of everything that an edge holds, by key. */
export function hashesAt({
  base,
  hosts,
  pools,
}: Pick<Edge, 'base' | 'hosts' | 'pools'>): Map<string, string> {
  const found = new Map<string, string>(base === null ? [] : [[BASE, base]])
  for (const [id, { hash }] of Object.entries(hosts)) found.set(`host:${id}`, hash)
  for (const [id, { hash }] of Object.entries(pools)) found.set(`pool:${id}`, hash)
  return found
}

function hashesOf({ hashes, keptBase }: Target): Map<string, string> {
  // A base that stays because the edge would not take ours says nothing about what is wanted.
  const found = new Map<string, string>(keptBase === null ? [[BASE, hashes.base]] : [])
  for (const [id, hash] of Object.entries(hashes.hosts)) found.set(`host:${id}`, hash)
  for (const [id, hash] of Object.entries(hashes.pools)) found.set(`pool:${id}`, hash)
  return found
}
