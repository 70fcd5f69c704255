import type { Compiled, Fragment, Pool } from '@argos/caddy'
import { type EdgeInfo, etagOf, hashOf } from '@argos/caddy-admin'

/** Compiled state with the hashes that panel and edge compare. */
export interface Target extends Compiled {
  readonly hashes: {
    readonly base: string
    readonly hosts: Record<string, string>
    readonly pools: Record<string, string>
  }
  readonly etag: string
  /** Hash of the base the edge keeps because it would not take this one, else null. */
  readonly keptBase: string | null
}

/** What it takes to bring the edge there. A null removes. */
export interface Plan {
  readonly kind: 'none' | 'swap' | 'load'
  readonly hosts: Readonly<Record<string, Fragment | null>>
  readonly pools: Readonly<Record<string, Pool | null>>
}

/** `keepBase`: the hash of the base to leave as it is, when the edge would not take ours. */
export function targetOf(compiled: Compiled, keepBase: string | null = null): Target {
  const hashes = {
    base: keepBase ?? hashOf(compiled.base),
    hosts: mapped(compiled.hosts, hashOf),
    pools: mapped(compiled.pools, hashOf),
  }
  return { ...compiled, hashes, etag: etagOf(hashes), keptBase: keepBase }
}

/** The difference by hash. Another base takes a load, and so does an edge that has none. */
export function planOf(target: Target, edge: Pick<EdgeInfo, 'base' | 'hosts' | 'pools'>): Plan {
  const hosts = difference(target.hosts, target.hashes.hosts, edge.hosts)
  const pools = difference(target.pools, target.hashes.pools, edge.pools)
  if (edge.base !== target.hashes.base) return { kind: 'load', hosts, pools }
  const none = Object.keys(hosts).length === 0 && Object.keys(pools).length === 0
  return { kind: none ? 'none' : 'swap', hosts, pools }
}

function difference<T>(
  want: Readonly<Record<string, T>>,
  hashes: Readonly<Record<string, string>>,
  have: Readonly<Record<string, { readonly hash: string }>>,
): Record<string, T | null> {
  const changed = Object.entries(want).filter(([id]) => have[id]?.hash !== hashes[id])
  const removed = Object.keys(have).filter((id) => !Object.hasOwn(want, id))
  return Object.fromEntries<T | null>([...changed, ...removed.map((id): [string, null] => [id, null])])
}

const mapped = <T>(from: Readonly<Record<string, T>>, f: (v: T) => string): Record<string, string> =>
  Object.fromEntries(Object.entries(from).map(([k, v]) => [k, f(v)]))
