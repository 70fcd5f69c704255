import type { Rejected } from '@argos/caddy'
import type { Trouble } from './applied.store.ts'

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
  served: ReadonlyMap<string, { readonly off: boolean }>
  /** Hosts of changes that are not applied yet. */
  applying: ReadonlySet<string>
  troubles: ReadonlyMap<string, Trouble>
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
  applying: new Set(),
  troubles: new Map(),
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

export const keyOf = (kind: 'host' | 'pool', id: string): string => `${kind}:${id}`
