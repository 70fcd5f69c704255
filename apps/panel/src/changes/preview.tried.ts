import type { DesiredState } from '@argos/caddy'
import type { HostInput } from '@argos/contract'
import type { Kysely } from 'kysely'
import { type KnownPolicies, knownPolicies } from '../access/around.ts'
import type { Apply, Checked } from '../apply/apply.types.ts'
import { readDesired, readSome } from '../apply/desired.ts'
import type { DB } from '../db/schema.ts'
import { AppError } from '../errors.ts'
import type { PoolService } from '../pools/pool.service.ts'
import type { SavedPool } from '../pools/pool-settings.ts'
import { askEdge } from '../pools/would-be.ts'
import { type Draft, tried, type Write } from './commit.ts'
import { poolsNamed } from './describe.ts'
import type { ChangedObject } from './objects.ts'
import { refuseWhilePending } from './overlap.ts'

/** What a write would leave behind, read before it was taken back. */
export interface Tried {
  readonly draft: Draft
  readonly blocked: string | null
  readonly hosts: number
  /** Hosts that it concerns because of a pool or a policy they use. */
  readonly users: readonly { readonly id: string; readonly name: string; readonly by: 'pool' | 'policy' }[]
  /** Of those users the ones that are published. */
  readonly published: ReadonlySet<string>
  readonly specs: Pick<DesiredState, 'hosts' | 'pools' | 'policies'>
  /** All of it, when the edge must be asked about all of it. */
  readonly whole: DesiredState | null
  /** That the hosts use or used. */
  readonly pools: readonly SavedPool[]
  readonly policies: KnownPolicies
}

/** Of more objects the edge is asked about everything at once. */
const FEW = 50
const nothing: Draft = { words: [], objects: [], audit: [] }

/** Does it, looks, and takes it back. */
export const tryOut = (
  { db, pools }: { readonly db: Kysely<DB>; readonly pools: Pick<PoolService, 'within'> },
  write: Write,
): Promise<Tried> =>
  tried(db, async (trx) => {
    const { n } = await trx
      .selectFrom('host')
      .select((e) => e.fn.countAll<number>().as('n'))
      .executeTakeFirstOrThrow()
    const draft = (await write(trx)) ?? nothing
    const { objects } = draft
    const ids = (kind: ChangedObject['kind']) => objects.flatMap((o) => (o.kind === kind ? [o.id] : []))
    const changedPools = new Set(ids('pool'))
    const users: Tried['users'][number][] = []
    for (const id of changedPools)
      users.push(...(await pools.within(trx).users(id)).map((user) => ({ ...user, by: 'pool' as const })))
    const policies = await knownPolicies(trx, objects)
    users.push(...policies.users.map(({ id, name }) => ({ id, name, by: 'policy' as const })))
    const hostIds = [...new Set([...ids('host'), ...policies.users.map((user) => user.id)])]
    const needed = objects.flatMap(({ kind, after }) =>
      kind === 'host' && after ? [(after as HostInput).poolId] : [],
    )
    const all = hostIds.length + changedPools.size > FEW || objects.some((o) => o.kind === 'settings')
    return {
      draft,
      blocked: await pendingInTheWay(trx, objects),
      hosts: n,
      users,
      published: await publishedOf(
        trx,
        users.map((user) => user.id),
      ),
      specs: await readSome(trx, { hosts: hostIds, pools: [...new Set([...changedPools, ...needed])] }),
      whole: all ? await readDesired(trx) : null,
      pools: await pools.within(trx).some(poolsNamed(objects)),
      policies,
    }
  })

/** What the edge says of it: of all that is saved when much of it changes, else of what changes alone. */
export function askAbout(
  { apply, db }: { readonly apply: Pick<Apply, 'check' | 'checkEdit'>; readonly db: Kysely<DB> },
  { draft: { objects }, specs, whole, users }: Tried,
): Promise<Checked> {
  const touched = {
    hosts: [...new Set([...specs.hosts.map((h) => h.id), ...users.map((u) => u.id)])],
    pools: specs.pools.map((p) => p.id),
  }
  if (whole) return apply.check(whole, touched)
  const changed = new Set(objects.flatMap((o) => (o.kind === 'pool' ? [o.id] : [])))
  const gone = (kind: ChangedObject['kind']) =>
    objects.flatMap((o) => (o.kind === kind && o.after === null ? [o.id] : []))
  return askEdge(
    { apply, db },
    {
      hosts: specs.hosts,
      policies: specs.policies,
      pools: specs.pools.filter((p) => changed.has(p.id)),
      gone: { hosts: gone('host'), pools: gone('pool') },
    },
  )
}

async function pendingInTheWay(
  trx: Parameters<Write>[0],
  objects: readonly ChangedObject[],
): Promise<string | null> {
  try {
    await refuseWhilePending(trx, objects)
    return null
  } catch (err) {
    if (err instanceof AppError) return err.message
    throw err
  }
}

async function publishedOf(db: Kysely<DB>, ids: readonly string[]): Promise<ReadonlySet<string>> {
  const rows = await db
    .selectFrom('host')
    .select('id')
    .where('id', 'in', ids)
    .where('enabled', '=', 1)
    .execute()
  return new Set(rows.map((row) => row.id))
}
