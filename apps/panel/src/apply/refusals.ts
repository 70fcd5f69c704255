import type { DesiredState } from '@argos/caddy'
import type { EdgeRefusal, Taken } from '@argos/caddy-admin'
import { hostField, poolField } from './fields.ts'
import { keyOf, type Memory, type Why } from './memory.ts'
import type { Plan, Target } from './plan.ts'

export interface Noting {
  readonly memory: Memory
  readonly desired: DesiredState
  readonly target: Target
  readonly plan: Plan
  readonly taken: Taken
  /** What was refused once in this pass while other things went in. */
  readonly struck: Set<string>
}

/**
 * Remembers what the edge would not take, by the bytes it was sent. Something that was refused beside others that went
 * in gets a second try first: it may have waited for one of them, as a name that moves between hosts does.
 */
export function noteRefusals({ memory, desired, target, plan, taken, struck }: Noting): void {
  const refused = Object.entries(taken.refused)
  const tried = Object.keys(plan.hosts).length + Object.keys(plan.pools).length
  for (const [key, refusal] of refused) {
    const { kind, id } = split(key)
    if (tried > refused.length && !struck.has(key)) {
      struck.add(key)
      continue
    }
    const kinds = kind === 'host' ? 'hosts' : 'pools'
    const bytes = JSON.stringify(target[kinds][id])
    if (target.standIns[kinds].includes(id)) {
      memory.hopeless.add(key)
      continue
    }
    memory.hopeless.delete(key)
    memory.rejected[kinds][id] = bytes
    memory.why.set(key, whyOf(kind, id, refusal, desired, target))
  }
  for (const [id, pool] of Object.entries(plan.pools)) {
    if (pool !== null && taken.refused[keyOf('pool', id)] === undefined) giveAnotherTry(memory, id)
  }
}

/** A host may have been refused for its pool's sake, and this pool is another one now. */
function giveAnotherTry(memory: Memory, poolId: string): void {
  const named = `"pool":${JSON.stringify(poolId)}`
  for (const [id, bytes] of Object.entries(memory.rejected.hosts)) {
    if (!bytes.includes(named)) continue
    delete memory.rejected.hosts[id]
    memory.why.delete(keyOf('host', id))
    memory.hopeless.delete(keyOf('host', id))
  }
}

/** The edge's refusal in the API's terms. */
export function whyOf(
  kind: 'host' | 'pool',
  id: string,
  { message, field }: EdgeRefusal,
  desired: Pick<DesiredState, 'hosts' | 'pools'>,
  compiled: Pick<Target, 'hosts'>,
): Why {
  if (kind === 'pool') {
    const pool = desired.pools.find((p) => p.id === id)
    return { message, field: poolField(field, pool) }
  }
  const host = desired.hosts.find((h) => h.id === id)
  return { message, field: hostField(field, host, compiled.hosts[id]?.names ?? []) }
}

export function split(key: string): { kind: 'host' | 'pool'; id: string } {
  const at = key.indexOf(':')
  return { kind: key.slice(0, at) === 'pool' ? 'pool' : 'host', id: key.slice(at + 1) }
}
