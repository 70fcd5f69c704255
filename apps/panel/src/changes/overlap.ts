import type { HostInput, Settings } from '@argos/contract'
import type { Transaction } from 'kysely'
import type { DB } from '../db/schema.ts'
import { AppError } from '../errors.ts'
import type { ChangedObject } from './objects.ts'

type Held = Pick<ChangedObject, 'kind' | 'id' | 'name' | 'before' | 'after'>

/**
 * Refuses to change what a change that waits has changed, or what it needs to go back: its objects, the names that its
 * hosts or the panel had, the pools they used, and pools that it brought along.
 */
export async function refuseWhilePending(
  trx: Transaction<DB>,
  objects: readonly ChangedObject[],
): Promise<void> {
  const pending = await trx.selectFrom('pending').select('generation').executeTakeFirst()
  if (!pending) return
  const rows = await trx
    .selectFrom('change_object')
    .select(['kind', 'id', 'name', 'before', 'after'])
    .where('generation', '=', pending.generation)
    .execute()
  const held = rows.map((row): Held => ({ ...row, before: parsed(row.before), after: parsed(row.after) }))
  const name = overlap(held, objects)
  if (name === null) return
  throw new AppError(
    'pending_change',
    `${name} belongs to a change that waits to be kept. Keep it or put it back first.`,
  )
}

/** The name of something that both are about, or null. */
export function overlap(held: readonly Held[], objects: readonly Held[]): string | null {
  const keys = new Set(held.map((o) => `${o.kind}:${o.id}`))
  const hosts = held.flatMap((o) => (o.kind === 'host' && o.before ? [o.before as HostInput] : []))
  // The panel's former name comes back with it, too.
  const panel = held.flatMap((o) =>
    o.kind === 'settings' && o.before ? [(o.before as Settings).panelDomain] : [],
  )
  const names = new Set([...hosts.flatMap((host) => host.domains), ...panel].filter((name) => name !== ''))
  const needed = new Set(hosts.map((host) => host.poolId))
  const brought = new Set(held.flatMap((o) => (o.kind === 'pool' && o.before === null ? [o.id] : [])))
  for (const { kind, id, name, after } of objects) {
    if (keys.has(`${kind}:${id}`)) return kind === 'settings' ? 'A setting' : name
    if (kind === 'pool' && after === null && needed.has(id)) return name
    if (kind === 'host' && after !== null) {
      const { domains, poolId } = after as HostInput
      const taken = domains.find((domain) => names.has(domain))
      if (taken !== undefined) return taken
      if (brought.has(poolId)) return `The pool of ${name}`
    }
    if (kind === 'settings' && after !== null) {
      const { panelDomain } = after as Settings
      if (names.has(panelDomain)) return panelDomain
    }
  }
  return null
}

const parsed = (json: string | null) => (json === null ? null : JSON.parse(json))
