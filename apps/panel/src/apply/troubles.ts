import type { DesiredState } from '@argos/caddy'
import type { Trouble } from './applied.store.ts'
import { keyOf, type Memory, type Why } from './memory.ts'
import type { Target } from './plan.ts'

/** Everything saved that is not live as it was saved, with its reason, and since when that reason holds. */
export function troublesOf(
  desired: DesiredState,
  target: Target,
  memory: Memory,
  before: readonly Trouble[],
  now: number,
): Trouble[] {
  const known = new Map(before.map((t) => [keyOf(t.kind, t.id), t]))
  const found = new Map<string, Why & { kind: 'host' | 'pool'; id: string }>()
  for (const { kind, id, message, field } of target.refused)
    if (kind !== 'settings') found.set(keyOf(kind, id), { kind, id, message, field })
  for (const [kind, kinds] of [
    ['pool', 'pools'],
    ['host', 'hosts'],
  ] as const) {
    const stands = new Set(target.standIns[kinds])
    for (const { id } of desired[kinds]) {
      const why = memory.why.get(keyOf(kind, id))
      const replaced = stands.has(id) || !Object.hasOwn(target[kinds], id)
      if (why && replaced && !found.has(keyOf(kind, id))) found.set(keyOf(kind, id), { kind, id, ...why })
    }
  }
  // A pool's trouble is the reason of hosts that have no pool because of it.
  for (const host of desired.hosts) {
    const own = found.get(keyOf('host', host.id))
    const pool = found.get(keyOf('pool', host.poolId))
    if (own?.field === 'poolId' && pool) blamePool(found, host.id, pool.message)
  }
  return [...found.values()].map((t) => {
    const old = known.get(keyOf(t.kind, t.id))
    return { ...t, since: old?.message === t.message && old.field === t.field ? old.since : now }
  })
}

const blamePool = (
  found: Map<string, Why & { kind: 'host' | 'pool'; id: string }>,
  id: string,
  message: string,
): void => {
  found.set(keyOf('host', id), {
    kind: 'host',
    id,
    message: `Its pool is not live: ${message}`,
    field: 'poolId',
  })
}
