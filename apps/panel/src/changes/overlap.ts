import type { HostInput, Settings } from '@argos/contract'
import type { Transaction } from 'kysely'
import { policyIds } from '../access/around.ts'
import type { DB } from '../db/schema.ts'
import { AppError } from '../errors.ts'
import type { ChangedObject } from './objects.ts'
import { pendingStore } from './pending.store.ts'

/**
 * Refuses to change what a change that waits has changed, or what it needs to go back: its objects, the names that its
 * hosts or the panel had, the pools and policies they used, and those that it brought along.
 */
export async function refuseWhilePending(
  trx: Transaction<DB>,
  objects: readonly ChangedObject[],
): Promise<void> {
  const store = pendingStore(trx)
  const pending = await store.get()
  if (!pending) return
  const name = overlap(await store.objects(pending.generation), objects)
  if (name === null) return
  throw new AppError(
    'pending_change',
    `${name} belongs to a change that waits to be kept. Keep it or put it back first.`,
  )
}

/** The name of something that both are about, or null. */
export function overlap(held: readonly ChangedObject[], objects: readonly ChangedObject[]): string | null {
  const keys = new Set(held.map((o) => `${o.kind}:${o.id}`))
  const hosts = held.flatMap((o) => (o.kind === 'host' && o.before ? [o.before as HostInput] : []))
  // The panel's former name comes back with it, too.
  const panel = held.flatMap((o) =>
    o.kind === 'settings' && o.before ? [(o.before as Settings).panelDomain] : [],
  )
  const names = new Set([...hosts.flatMap((host) => host.domains), ...panel].filter((name) => name !== ''))
  const needed = new Set(hosts.map((host) => host.poolId))
  const neededPolicies = new Set(hosts.flatMap((host) => policyIds(host.access)))
  const brought = new Set(
    held.flatMap((o) => ((o.kind === 'pool' || o.kind === 'policy') && o.before === null ? [o.id] : [])),
  )
  for (const { kind, id, name, after } of objects) {
    if (keys.has(`${kind}:${id}`)) return kind === 'settings' ? 'A setting' : name
    if (kind === 'pool' && after === null && needed.has(id)) return name
    if (kind === 'policy' && after === null && neededPolicies.has(id)) return name
    if (kind === 'host' && after !== null) {
      const { domains, poolId, access } = after as HostInput
      const taken = domains.find((domain) => names.has(domain))
      if (taken !== undefined) return taken
      if (brought.has(poolId)) return `The pool of ${name}`
      if (policyIds(access).some((policy) => brought.has(policy))) return `The policy of ${name}`
    }
    if (kind === 'settings' && after !== null) {
      const { panelDomain } = after as Settings
      if (names.has(panelDomain)) return panelDomain
    }
  }
  return null
}
