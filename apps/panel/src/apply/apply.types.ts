import type { DesiredState, HostSpec, PolicySpec, PoolSpec } from '@argos/caddy'
import type { HostState, SystemStatus, TargetState } from '@argos/contract'
import type { FastifyBaseLogger } from 'fastify'
import type { z } from 'zod'

export type ApplyLog = Pick<FastifyBaseLogger, 'error' | 'warn' | 'info'>

export type EdgeView = SystemStatus['edge']
export type TargetHealth = z.infer<typeof TargetState>
export type CertificateView = HostState['certificate']

export interface Touched {
  readonly hosts: readonly string[]
  readonly pools: readonly string[]
}
/** A change to the desired state, before it is saved. */
export interface WouldBe {
  readonly hosts?: readonly HostSpec[]
  readonly pools?: readonly PoolSpec[]
  readonly policies?: readonly PolicySpec[]
  /** Ids of what goes. */
  readonly gone?: { readonly hosts: readonly string[]; readonly pools: readonly string[] }
}
export interface CheckRefusal {
  readonly kind: 'host' | 'pool' | 'settings'
  readonly id: string
  readonly message: string
  /** A path into the API's object, as in `domains[1]`. */
  readonly field: string | null
}
export interface Checked {
  /** Null when the edge could not be asked: saving still works, and it goes live later. */
  readonly accepted: boolean | null
  readonly refused: readonly CheckRefusal[]
  /** Whether listeners, TLS or logs change, which takes a reload. */
  readonly needsLoad: boolean
  /** The base as it would be, when it would change. */
  readonly base?: unknown
}

/** What is saved, what is served, and the last thing that went wrong. */
export interface ApplyStatus {
  readonly saved: number
  readonly applied: number
  readonly inSync: boolean
  readonly lastRevision: number | null
  readonly lastError: string | null
  /** Whether a change waits to be kept. */
  readonly waits: boolean
  readonly edge: EdgeView
  /** The dialect of the edge's control socket; null while it is not known. */
  readonly api: number | null
}

export interface Apply {
  /** Says that something was committed; `urgent` if it takes something away from visitors. Never waits. */
  wake(urgent?: boolean): void
  /** Compiles the would-be state and asks the edge to try the touched objects. Changes nothing, never rejects for the edge's sake. */
  check(wouldBe: DesiredState, touched: Touched): Promise<Checked>
  /** The same of a few hosts and pools put in, changed or taken out, without reading all the others; null when that takes `check`. */
  checkEdit(edit: WouldBe): Promise<Checked | null>
  /**
   * True once the edge serves this generation as it was saved; false when it refused it, when it is not there, after
   * `waitMs`, or at once in a flood of changes, but for an `urgent` one.
   */
  live(generation: number, waitMs: number, urgent?: boolean): Promise<boolean>
  /** Why a change cannot be made for a limited time, as far as is known; else null. */
  confirmable(): string | null
  status(): Promise<ApplyStatus>
  /** As of the last pass; nothing is asked. A change that waits to be kept is live for now, those after it under way. */
  hostEdge(id: string, poolId?: string): Pick<HostState, 'edge' | 'trouble'>
  /** By `address:port`; empty while nothing is known. */
  targetHealth(poolId: string): Readonly<Record<string, TargetHealth>>
  /** The certificate a visitor of these names gets; of several the one in the worst state. */
  certificateOf(names: readonly string[]): CertificateView
}
