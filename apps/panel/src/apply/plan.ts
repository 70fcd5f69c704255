import type { Compiled, Fragment, Pool } from '@argos/caddy'
import { type EdgeInfo, etagOf, hashOf } from '@argos/caddy-admin'

/** Objects that stay as somebody else made them, by key: what they are at the edge, null for what was removed there. */
export type Held = ReadonlyMap<string, string | null>

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
  /** Of these the hashes are what the edge has, and nothing is sent. */
  readonly held: Held
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
  return { ...compiled, hashes, etag: etagOf(hashes), keptBase: keepBase, held: new Map() }
}

/** The same, but for what stays as it is at the edge. */
export function holding(target: Target, held: Held): Target {
  if (held.size === 0) return target
  const hashes = {
    base: held.get('base:base') ?? target.hashes.base,
    hosts: instead(target.hashes.hosts, 'host', held),
    pools: instead(target.hashes.pools, 'pool', held),
  }
  const drop = <T>(all: Readonly<Record<string, T>>, kind: string) =>
    Object.fromEntries(Object.entries(all).filter(([id]) => !held.has(`${kind}:${id}`)))
  return {
    ...target,
    hosts: drop(target.hosts, 'host'),
    pools: drop(target.pools, 'pool'),
    hashes,
    etag: etagOf(hashes),
    keptBase: held.get('base:base') ?? target.keptBase,
    held,
  }
}

/** For a load, which says everything: what is held goes along as it is there. */
export function withHeld(
  target: Target,
  theirs: {
    readonly hosts: Readonly<Record<string, unknown>>
    readonly pools: Readonly<Record<string, unknown>>
  },
): Target {
  const { hosts, pools } = target.hashes
  return {
    ...target,
    hosts: { ...those<Fragment>(theirs.hosts, hosts), ...target.hosts },
    pools: { ...those<Pool>(theirs.pools, pools), ...target.pools },
  }
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
  const removed = Object.keys(have).filter((id) => !Object.hasOwn(hashes, id))
  return Object.fromEntries<T | null>([...changed, ...removed.map((id): [string, null] => [id, null])])
}

function instead(
  hashes: Readonly<Record<string, string>>,
  kind: 'host' | 'pool',
  held: Held,
): Record<string, string> {
  const ours = Object.entries(hashes).filter(([id]) => !held.has(`${kind}:${id}`))
  const theirs = [...held].flatMap(([key, hash]): [string, string][] =>
    key.startsWith(`${kind}:`) && hash !== null ? [[key.slice(kind.length + 1), hash]] : [],
  )
  return Object.fromEntries([...ours, ...theirs])
}

/** The edge took them once, whatever is in them. */
const those = <T>(
  all: Readonly<Record<string, unknown>>,
  ids: Readonly<Record<string, string>>,
): Record<string, T> =>
  Object.fromEntries(Object.entries(all).filter(([id]) => Object.hasOwn(ids, id))) as Record<string, T>

const mapped = <T>(from: Readonly<Record<string, T>>, f: (v: T) => string): Record<string, string> =>
  Object.fromEntries(Object.entries(from).map(([k, v]) => [k, f(v)]))
