import { isDeepStrictEqual } from 'node:util'
import type { HostInput, PolicyInput, PoolInput, Settings } from '@argos/contract'
import type { Transaction } from 'kysely'
import { policyIds } from '../access/around.ts'
import { policyStore } from '../access/policy.store.ts'
import { inUse } from '../access/policy-writes.ts'
import type { DB } from '../db/schema.ts'
import { AppError } from '../errors.ts'
import { hostStore } from '../hosts/host.store.ts'
import { panelDomainOf } from '../hosts/names.ts'
import { poolStore } from '../pools/pool.store.ts'
import { settingsStore } from '../settings/settings.store.ts'
import type { ChangedObject, Saveable } from './objects.ts'

export interface Restored {
  readonly kind: ChangedObject['kind']
  readonly id: string
  readonly target: Saveable | null
}

/**
 * Writes exactly these objects back as they were, under their own ids, in an order that needs nothing that is not there.
 * Versions go up, so that an editor that is open notices.
 */
export async function restoreObjects(
  trx: Transaction<DB>,
  objects: readonly Restored[],
  now: number,
): Promise<void> {
  const [hosts, pools] = [hostStore(trx), poolStore(trx)]
  for (const { kind, id, target } of objects) {
    if (kind !== 'pool' || target === null) continue
    const there = await pools.get(id)
    if (there) await pools.update(id, there.version, target as PoolInput, now)
    else await pools.insert(id, target as PoolInput, now)
  }
  await policiesBack(trx, objects, now)
  const mine = objects.filter((o) => o.kind === 'host')
  const there = new Map((await hosts.byIds(mine.map((o) => o.id))).map((host) => [host.id, host]))
  const wanted = mine.flatMap(({ id, target }) =>
    target === null ? [] : [{ id, input: target as HostInput }],
  )
  const renamed = wanted.filter(({ id, input }) => !isDeepStrictEqual(there.get(id)?.domains, input.domains))
  const renamedIds = new Set(renamed.map(({ id }) => id))
  // First, as names may move between them.
  for (const { id, target } of mine) if (target === null) await hosts.remove(id)
  await trx
    .deleteFrom('host_domain')
    .where('host_id', 'in', [...renamedIds])
    .execute()
  const [taken] = await hosts.owners(renamed.flatMap(({ input }) => input.domains))
  if (taken)
    throw new AppError('conflict', `${taken.name} belongs to ${taken.hostName} now. Free the name first.`)
  const poolIds = new Set(wanted.map(({ input }) => input.poolId))
  const known = new Set((await pools.some([...poolIds])).map((pool) => pool.id))
  await refuseWithoutPolicies(trx, wanted)
  for (const { id, input } of wanted) {
    if (!known.has(input.poolId))
      throw new AppError('conflict', `The pool that ${input.domains[0]} used is gone. Restore it first.`)
    const was = there.get(id)
    if (was) await hosts.update(renamedIds.has(id) ? { ...was, domains: [] } : was, input, now)
    else await hosts.insert(id, input, now)
  }
  for (const { kind, id, target } of objects) {
    if (kind !== 'pool' || target !== null) continue
    const [user] = await pools.users(id)
    if (user) {
      const name = (await pools.get(id))?.name ?? id
      throw new AppError('conflict', `${user.name} uses the pool ${name} by now. Give it another pool first.`)
    }
    await pools.remove(id)
  }
  for (const { kind, id, target } of objects) {
    if (kind !== 'policy' || target !== null) continue
    const users = await policyStore(trx).users(id)
    if (users.length > 0)
      throw new AppError('conflict', inUse((await policyStore(trx).get(id))?.name ?? id, users))
    await policyStore(trx).remove(id)
  }
  for (const { kind, target } of objects) {
    if (kind !== 'settings' || target === null) continue
    const store = settingsStore(trx)
    const { panelDomain } = target as Settings
    if (panelDomain !== '' && (await store.nameIsTaken(panelDomain)))
      throw new AppError('conflict', `A host is published as ${panelDomain} by now. Free the name first.`)
    await store.write(target as Settings, (await store.read()).version)
  }
  // At the edge the panel would win, and the host would be back in name only.
  const panel = await panelDomainOf(trx)
  if (mine.some(({ target }) => (target as HostInput | null)?.domains.includes(panel)))
    throw new AppError(
      'conflict',
      `${panel} is the panel's own name by now. Give the panel another one first.`,
    )
}

/** First, as hosts need them. Nobody who uses one is let in more widely for a moment: it is all one transaction. */
async function policiesBack(trx: Transaction<DB>, objects: readonly Restored[], now: number): Promise<void> {
  const policies = policyStore(trx)
  for (const { kind, id, target } of objects) {
    if (kind !== 'policy' || target === null) continue
    const input = target as PolicyInput
    const namesake = await policies.named(input.name)
    if (namesake && namesake.id !== id)
      throw new AppError('conflict', `Another policy is called ${input.name} by now. Rename it first.`)
    const there = await policies.get(id)
    if (there) await policies.update(id, there.version, input, now)
    else await policies.insert(id, input, now)
  }
}

async function refuseWithoutPolicies(
  trx: Transaction<DB>,
  hosts: readonly { readonly input: HostInput }[],
): Promise<void> {
  const needed = [...new Set(hosts.flatMap(({ input }) => policyIds(input.access)))]
  const known = new Set((await policyStore(trx).some(needed)).map((policy) => policy.id))
  for (const { input } of hosts)
    if (policyIds(input.access).some((id) => !known.has(id)))
      throw new AppError('conflict', `The policy that ${input.domains[0]} used is gone. Restore it first.`)
}
