import {
  type Base,
  compileHost,
  compilePool,
  type Fragment,
  type HostSpec,
  type PolicySpec,
  type Pool,
  type PoolSpec,
  policiesIn,
  type SettingsSpec,
} from '@argos/caddy'
import { hashOf } from '@argos/caddy-admin'
import type { Target } from './plan.ts'

/**
 * What the edge holds, when all of it is as it was saved: nothing refused, nothing standing in, nobody in trouble. In
 * that state an edit can be compiled by itself and comes to the same as compiling everything.
 */
export interface Picture {
  /** How far the list of what was touched is in here. */
  readonly seq: number
  readonly generation: number
  readonly etag: string
  readonly base: Base
  readonly baseHash: string
  readonly settings: SettingsSpec
  /** Whether a policy of the internal CA has a wildcard: names under it are listed in the base (see tlsApp). */
  readonly wildcards: boolean
  readonly hosts: Map<string, { readonly fragment: Fragment; readonly hash: string }>
  readonly pools: Map<string, string>
  readonly owners: Map<string, string>
  /** When everything was last compared. */
  readonly comparedAt: number
}

/** Ids in `hosts` and `pools` that have no spec are gone. */
export interface Edit {
  readonly hostIds: ReadonlySet<string>
  readonly poolIds: ReadonlySet<string>
  readonly hosts: readonly HostSpec[]
  readonly pools: readonly PoolSpec[]
  /** Those that the hosts need. */
  readonly policies: readonly PolicySpec[]
}
export interface Compiled<T> {
  readonly value: T
  readonly hash: string
}
/** The edit's objects as the edge gets them; null for those that are gone. */
export interface CompiledEdit {
  readonly hosts: ReadonlyMap<string, Compiled<Fragment> | null>
  readonly pools: ReadonlyMap<string, Compiled<Pool> | null>
}

/** The picture after everything was compared and confirmed, or null when something in it is not as it was saved. */
export function pictureOf(
  target: Target,
  settings: SettingsSpec,
  { seq, generation, comparedAt }: Pick<Picture, 'seq' | 'generation' | 'comparedAt'>,
): Picture | null {
  const { refused, standIns, keptBase, base, hashes, etag } = target
  if (refused.length + standIns.hosts.length + standIns.pools.length > 0 || keptBase !== null) return null
  const hosts: Picture['hosts'] = new Map()
  const owners = new Map<string, string>()
  for (const [id, fragment] of Object.entries(target.hosts)) {
    hosts.set(id, { fragment, hash: hashes.hosts[id] ?? '' })
    for (const name of fragment.names) owners.set(name, id)
  }
  return {
    ...{ seq, generation, comparedAt, etag, base, settings },
    baseHash: hashes.base,
    wildcards: base.apps.tls.automation.policies.some((p) => p.subjects?.some((n) => n.startsWith('*.'))),
    hosts,
    pools: new Map(Object.entries(hashes.pools)),
    owners,
  }
}

/**
 * Compiles an edit against a picture; null when others may be concerned, or something would be refused: then everything
 * has to be compiled to know.
 */
export function compileEdit(picture: Picture, edit: Edit): CompiledEdit | null {
  const pools = new Map<string, Compiled<Pool> | null>([...edit.poolIds].map((id) => [id, null]))
  for (const spec of edit.pools) {
    const pool = compilePool(spec)
    if ('message' in pool) return null
    pools.set(spec.id, compiled(pool))
  }
  const hosts = new Map<string, Compiled<Fragment> | null>([...edit.hostIds].map((id) => [id, null]))
  const hasPool = (id: string) => (pools.has(id) ? pools.get(id) !== null : picture.pools.has(id))
  const claimed = new Map<string, string>()
  for (const { id, domains } of edit.hosts)
    for (const name of domains) if (!claimed.has(name)) claimed.set(name, id)
  const taken = {
    by: (name: string, hostId: string) => {
      if (name === picture.settings.panelDomain) return 'the panel'
      const owner = picture.owners.get(name)
      const stays = owner !== undefined && !edit.hostIds.has(owner)
      return stays || claimed.get(name) !== hostId ? 'another host' : null
    },
  }
  const policies = policiesIn(edit.policies)
  for (const spec of edit.hosts) {
    const fragment = compileHost(spec, taken, hasPool, policies)
    if ('message' in fragment) return null
    hosts.set(spec.id, compiled(fragment))
  }
  for (const [id, host] of hosts) {
    const before = picture.hosts.get(id)?.fragment ?? null
    if (partInBase(picture, before) !== partInBase(picture, host?.value ?? null)) return null
  }
  return { hosts, pools }
}

/** The picture once the edge has taken an edit. The maps are carried on: the old picture must not be used any more. */
export function advance(
  picture: Picture,
  edit: CompiledEdit,
  to: Pick<Picture, 'seq' | 'generation' | 'etag'>,
): Picture {
  const { hosts, pools, owners } = picture
  for (const id of edit.hosts.keys())
    for (const name of hosts.get(id)?.fragment.names ?? []) if (owners.get(name) === id) owners.delete(name)
  for (const [id, host] of edit.hosts) {
    if (host === null) hosts.delete(id)
    else hosts.set(id, { fragment: host.value, hash: host.hash })
    for (const name of host?.value.names ?? []) owners.set(name, id)
  }
  for (const [id, pool] of edit.pools) {
    if (pool === null) pools.delete(id)
    else pools.set(id, pool.hash)
  }
  return { ...picture, ...to }
}

/** What the base says of a host: the names of internal ones, and those under an internal wildcard. */
function partInBase({ wildcards }: Picture, fragment: Fragment | null): string {
  if (fragment === null) return ''
  const { tls, names } = fragment
  return tls === 'internal' || (tls === 'auto' && wildcards) ? `${tls} ${names.join(' ')}` : ''
}

const compiled = <T>(value: T): Compiled<T> => ({ value, hash: hashOf(value) })
