import { decompileHost, decompilePool, policiesIn } from '@argos/caddy'
import { HostInput, IdParams, type PolicyInput, PoolInput, type Settings } from '@argos/contract'
import type { Kysely } from 'kysely'
import type { PolicyService } from '../access/policy.service.ts'
import { type DriftRow, driftKey } from '../apply/drift.ts'
import { nameIn } from '../apply/theirs.ts'
import type { ChangedObject } from '../changes/objects.ts'
import type { DB } from '../db/schema.ts'
import { AppError } from '../errors.ts'
import type { HostService, SavedHost } from '../hosts/host.service.ts'
import { inputOf } from '../hosts/host-view.ts'
import { refuseBadNames } from '../hosts/names.ts'
import type { PoolService } from '../pools/pool.service.ts'
import { type SavedPool, settingsOf } from '../pools/pool-settings.ts'
import type { SettingsService } from '../settings/settings.service.ts'

/** What the panel has. */
export interface SavedNow {
  readonly hosts: ReadonlyMap<string, SavedHost>
  readonly pools: ReadonlyMap<string, SavedPool>
  readonly policies: readonly (PolicyInput & { readonly id: string })[]
  readonly settings: Settings
}
export interface Asked {
  readonly row: Pick<DriftRow, 'kind' | 'id'>
  /** What is at the edge; null where it was removed. */
  readonly theirs: unknown
}
export interface Adoptions {
  /** What adopting all of it would change. */
  readonly changed: readonly ChangedObject[]
  /** Pools as they would be. */
  readonly pools: readonly PoolInput[]
  /** Why something cannot be adopted, by key. */
  readonly cannot: ReadonlyMap<string, string>
}

export interface SavedNowDeps {
  readonly hosts: Pick<HostService, 'within'>
  readonly pools: Pick<PoolService, 'within'>
  readonly policies: Pick<PolicyService, 'within'>
  readonly settings: Pick<SettingsService, 'within'>
}
export async function savedNow(
  trx: Kysely<DB>,
  { hosts, pools, policies, settings }: SavedNowDeps,
): Promise<SavedNow> {
  return {
    hosts: new Map((await hosts.within(trx).all()).map((host) => [host.id, host])),
    pools: new Map((await pools.within(trx).all()).map((pool) => [pool.id, pool])),
    policies: await policies.within(trx).all(),
    settings: (await settings.within(trx).view()).settings,
  }
}

/** Somebody else's objects in the panel's own terms, together: a host may need a pool that came along with it. */
export function adoptions(asked: readonly Asked[], saved: SavedNow): Adoptions {
  const cannot = new Map<string, string>()
  const changed = asked.flatMap(({ row, theirs }): ChangedObject[] => {
    const said = row.kind === 'base' ? { no: NO_BASE } : inOurTerms(row, theirs, saved)
    if ('no' in said) {
      cannot.set(driftKey(row), said.no)
      return []
    }
    return [{ ...said, kind: row.kind as 'host' | 'pool', id: row.id, name: nameOf(row, said, theirs) }]
  })
  const then = afterwards(changed, saved)
  for (const object of changed) {
    const no = inTheWay(object, then)
    if (no !== null) cannot.set(driftKey(object as Asked['row']), no)
  }
  const pools = changed.flatMap((o) => (o.kind === 'pool' && o.after ? [o.after as PoolInput] : []))
  return { changed, pools, cannot }
}

const NO_BASE =
  'The panel makes listeners, logs and certificate rules from its settings. Change them there, or put this back.'

type Said = { readonly no: string } | Pick<ChangedObject, 'before' | 'after'>

/** With the tags, the note and the name of a pool, which only the panel knows. */
function inOurTerms({ kind, id }: Asked['row'], theirs: unknown, { hosts, pools, policies }: SavedNow): Said {
  const host = kind === 'host' ? hosts.get(id) : undefined
  const pool = kind === 'pool' ? pools.get(id) : undefined
  const before = host ? inputOf(host) : pool ? settingsOf(pool) : null
  if (theirs === null) return { before, after: null }
  // Under another one nobody could open or delete it here.
  if (!IdParams.shape.id.safeParse(id).success) return { no: `The panel takes no id like ${id}.` }
  if (kind === 'pool') {
    const spec = decompilePool(id, theirs, pool ? { id, ...settingsOf(pool) } : null)
    if ('no' in spec) return spec
    const parsed = PoolInput.safeParse({ ...spec, name: pool?.name ?? id })
    return parsed.success ? { before, after: parsed.data } : { no: firstOf(parsed.error) }
  }
  const spec = decompileHost(
    id,
    theirs,
    policiesIn(policies.map((policy) => ({ ...policy.rules, id: policy.id }))),
  )
  if ('no' in spec) return spec
  const parsed = HostInput.safeParse({ ...spec, tags: host?.tags ?? [], note: host?.note ?? '' })
  if (!parsed.success) return { no: firstOf(parsed.error) }
  try {
    refuseBadNames(parsed.data)
  } catch (err) {
    if (err instanceof AppError) return { no: err.message }
    throw err
  }
  return { before, after: parsed.data }
}

const firstOf = ({ issues }: { readonly issues: readonly { readonly message: string }[] }): string =>
  issues[0]?.message ?? 'The panel has no words for it.'

function nameOf(
  { kind, id }: Asked['row'],
  { before, after }: Pick<ChangedObject, 'before' | 'after'>,
  theirs: unknown,
) {
  const form = after ?? before
  if (kind === 'pool' && form) return (form as PoolInput).name
  return (form as HostInput | null)?.domains[0] ?? nameIn(kind, id, theirs)
}

/** How it all would be, once the changes are saved. */
function afterwards(changed: readonly ChangedObject[], saved: SavedNow) {
  const hosts = new Map([...saved.hosts].map(([id, host]) => [id, inputOf(host) as HostInput]))
  const pools = new Set(saved.pools.keys())
  for (const { kind, id, after } of changed) {
    if (kind === 'host' && after) hosts.set(id, after as HostInput)
    else if (kind === 'host') hosts.delete(id)
    else if (after) pools.add(id)
    else pools.delete(id)
  }
  const owners = new Map<string, string[]>()
  const users = new Map<string, string>()
  for (const [id, { domains, poolId }] of hosts) {
    users.set(poolId, domains[0] ?? id)
    for (const domain of domains) owners.set(domain, [...(owners.get(domain) ?? []), id])
  }
  return { hosts, pools, owners, users, panelDomain: saved.settings.panelDomain }
}

/** What stands against saving it, once all the others are saved. */
function inTheWay(
  { kind, id, after }: ChangedObject,
  { hosts, pools, owners, users, panelDomain }: ReturnType<typeof afterwards>,
): string | null {
  if (kind === 'pool') {
    const user = after === null ? users.get(id) : undefined
    return user === undefined ? null : `${user} uses it.`
  }
  if (after === null) return null
  const { domains, poolId } = after as HostInput
  if (!pools.has(poolId)) return `It uses the pool ${poolId}, which the panel does not have.`
  for (const domain of domains) {
    if (domain === panelDomain) return `${domain} is the panel's own name.`
    const other = owners.get(domain)?.find((owner) => owner !== id)
    if (other !== undefined) return `${domain} belongs to ${hosts.get(other)?.domains[0] ?? other}.`
  }
  return null
}
