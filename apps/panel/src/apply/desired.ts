import {
  type AccessSpec,
  type DesiredState,
  type Fragment,
  type HealthSpec,
  type HostSpec,
  type PolicySpec,
  type Pool,
  type PoolSpec,
  policyIdsOf,
  type SettingsSpec,
  type TargetSpec,
} from '@argos/caddy'
import type { Kysely } from 'kysely'
import type { PolicyTable } from '../db/schema.identity.ts'
import type { DB, HostTable, PoolTable } from '../db/schema.ts'

/** What is saved, as plain data. Pass a transaction to read it as of one moment. */
export async function readDesired(db: Kysely<DB>): Promise<DesiredState> {
  const generation = await savedGeneration(db)
  const hosts = await db.selectFrom('host').select(hostColumns).execute()
  const domains = await db
    .selectFrom('host_domain')
    .selectAll()
    .orderBy('host_id')
    .orderBy('position')
    .execute()
  const pools = await db.selectFrom('pool').selectAll().execute()
  const policies = await db.selectFrom('policy').select(['id', 'rules']).execute()
  const setting = await db.selectFrom('setting').select('json').executeTakeFirst()
  const applied = await db
    .selectFrom('applied')
    .select(['kind', 'id', 'json'])
    .where('kind', '<>', 'base')
    .execute()

  const namesOf = Map.groupBy(domains, (d) => d.host_id)
  const lastGood = <T>(kind: 'host' | 'pool') =>
    Object.fromEntries(applied.filter((a) => a.kind === kind).map((a) => [a.id, parsed<T>(a.json)]))
  return {
    generation,
    hosts: hosts.map((h) => hostSpec(h, namesOf.get(h.id) ?? [])),
    pools: pools.map(poolSpec),
    policies: policies.map(policySpec),
    settings: { ...defaults, ...(setting ? parsed<Partial<SettingsSpec>>(setting.json) : {}) },
    lastGood: { hosts: lastGood<Fragment>('host'), pools: lastGood<Pool>('pool') },
  }
}

/** Some hosts and pools by id, with the policies of those hosts; what is not there any more is left out. */
export async function readSome(
  db: Kysely<DB>,
  ids: { readonly hosts: readonly string[]; readonly pools: readonly string[] },
): Promise<Pick<DesiredState, 'hosts' | 'pools' | 'policies'>> {
  const hosts = await db.selectFrom('host').select(hostColumns).where('id', 'in', ids.hosts).execute()
  const domains = await db
    .selectFrom('host_domain')
    .selectAll()
    .where('host_id', 'in', ids.hosts)
    .orderBy('position')
    .execute()
  const pools = await db.selectFrom('pool').selectAll().where('id', 'in', ids.pools).execute()
  const namesOf = Map.groupBy(domains, (d) => d.host_id)
  const specs = hosts.map((h) => hostSpec(h, namesOf.get(h.id) ?? []))
  return {
    hosts: specs,
    pools: pools.map(poolSpec),
    policies: await readPolicies(db, specs),
  }
}

/** The policies that these hosts need. */
export async function readPolicies(
  db: Kysely<DB>,
  hosts: readonly Pick<HostSpec, 'access'>[],
): Promise<PolicySpec[]> {
  const ids = [...new Set(hosts.flatMap((host) => policyIdsOf(host.access)))]
  if (ids.length === 0) return []
  const rows = await db.selectFrom('policy').select(['id', 'rules']).where('id', 'in', ids).execute()
  return rows.map(policySpec)
}

const hostColumns = ['id', 'enabled', 'tls', 'access', 'pool_id'] as const

const hostSpec = (
  h: Pick<HostTable, (typeof hostColumns)[number]>,
  names: readonly { readonly name: string }[],
): HostSpec => ({
  id: h.id,
  domains: names.map((d) => d.name),
  enabled: h.enabled === 1,
  tls: h.tls,
  access: parsed<AccessSpec>(h.access),
  poolId: h.pool_id,
})
const poolSpec = (p: PoolTable): PoolSpec => ({
  id: p.id,
  protocol: p.protocol,
  verifyTls: p.verify_tls === 1,
  preserveHost: p.preserve_host === 1,
  health: parsed<HealthSpec>(p.health),
  targets: parsed<TargetSpec[]>(p.targets),
})

const policySpec = ({ id, rules }: Pick<PolicyTable, 'id' | 'rules'>): PolicySpec => ({
  ...parsed<Omit<PolicySpec, 'id'>>(rules),
  id,
})

/** The newest committed change; 0 before the first. */
export async function savedGeneration(db: Kysely<DB>): Promise<number> {
  const row = await db
    .selectFrom('change')
    .select((e) => e.fn.max('generation').as('generation'))
    .executeTakeFirst()
  return row?.generation ?? 0
}

export const defaults: SettingsSpec = {
  panelDomain: '',
  panelTls: 'auto',
  acmeDirectory: '',
  acmeEmail: '',
  acmeRootPem: '',
  trustedProxies: [],
}

/** The stores wrote these columns from parsed bodies; compile() trusts their shape no further than it must. */
const parsed = <T>(json: string): T => JSON.parse(json) as T
