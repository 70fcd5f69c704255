import type { Rejected } from '@argos/caddy'
import type { Trouble } from './applied.store.ts'
import type { Picture } from './picture.ts'

/** Why the edge would not take something, in the API's terms. */
export interface Why {
  readonly message: string
  readonly field: string | null
}

/** What the applier knows between passes. A restarted panel forgets it and finds out again. */
export interface Memory {
  /** The edge process seen last. Another one is asked again about everything it refused. */
  edgeRun: string | null
  readonly rejected: { -readonly [K in keyof Rejected]: Record<string, string> }
  readonly why: Map<string, Why>
  /** Hosts and pools whose stand-in was refused too: they are taken away. */
  readonly hopeless: Set<string>
  rejectedBase: { readonly hash: string; readonly message: string; readonly at: number } | null
  /** Generation and message of the failure that has its revision already. */
  failure: string | null
  lastError: string | null
  lastRevision: number | null
  /** Generation the edge serves; null before the first pass. */
  applied: number | null
  /** Whether the last pass left the edge as compiled, base included. */
  inSync: boolean
  /** Hosts the edge serves, and whether they are paused. */
  served: Map<string, { readonly off: boolean }>
  /** The newest change known of each host; under way as long as it is newer than what is applied. */
  readonly changed: Map<string, number>
  troubles: ReadonlyMap<string, Trouble>
  /** The name under which this panel changes the edge; empty until it was read. */
  origin: string
  /** What somebody else changed at the edge, by key, with the hash it has there. */
  drift: ReadonlyMap<string, string | null>
  /** What the edge held after the last pass; null when that is not known. */
  etag: string | null
  /** What the edge holds, as long as nothing about it is in doubt: small edits go from here. */
  picture: Picture | null
}

export const newMemory = (): Memory => ({
  edgeRun: null,
  rejected: { hosts: {}, pools: {} },
  why: new Map(),
  hopeless: new Set(),
  rejectedBase: null,
  failure: null,
  lastError: null,
  lastRevision: null,
  applied: null,
  inSync: false,
  served: new Map(),
  changed: new Map(),
  troubles: new Map(),
  origin: '',
  drift: new Map(),
  etag: null,
  picture: null,
})

/** A new edge process may take what the old one would not: its ports may be free now, its modules newer. */
export function noteRun(memory: Memory, run: string): void {
  if (memory.edgeRun === run) return
  if (memory.edgeRun !== null) {
    for (const kind of ['hosts', 'pools'] as const) memory.rejected[kind] = {}
    memory.why.clear()
    memory.hopeless.clear()
    memory.rejectedBase = null
  }
  memory.edgeRun = run
}

/** Something was committed for these hosts, and is under way unless it is applied by now. */
export function noteChange(memory: Memory, generation: number, hosts: readonly string[]): void {
  if (memory.applied !== null && generation <= memory.applied) return
  for (const id of hosts) memory.changed.set(id, Math.max(generation, memory.changed.get(id) ?? 0))
}

/** What is applied is no longer under way. */
export function noteApplied(memory: Memory, generation: number): void {
  memory.applied = generation
  for (const [id, changed] of memory.changed) if (changed <= generation) memory.changed.delete(id)
}

export const keyOf = (kind: 'host' | 'pool', id: string): string => `${kind}:${id}`
