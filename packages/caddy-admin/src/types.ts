import type { Base, Fragment, Pool } from '@argos/caddy'

/** What `/argos/info` answers. Times are RFC 3339 there. */
export interface EdgeSummary {
  readonly version: string
  readonly caddy: string
  readonly go: string
  readonly pid: number
  readonly started_at: string
  readonly etag: string
  /** Null until something was loaded. */
  readonly base: string | null
  readonly generation: number
  readonly saved: boolean
  readonly failed: Readonly<Record<string, string>> | null
  readonly boot: {
    readonly from: 'current' | 'previous' | 'nothing'
    readonly errors: readonly string[] | null
  }
  /** Of the control socket. Absent of an edge that knows nothing of changes for a limited time. */
  readonly api?: number
  /** The change that goes back by itself unless it is confirmed. */
  readonly pending?: {
    readonly id: string
    readonly generation: number
    readonly deadline: string
    readonly remaining_ms: number
    readonly within_s: number
  } | null
  /** The last change that was confirmed. */
  readonly confirmed?: string | null
  /** The last change that went back. */
  readonly reverted?: { readonly id: string; readonly at: string; readonly reason: string } | null
  readonly open_requests: number
  readonly listeners: readonly string[] | null
}
export interface EdgeInfo extends EdgeSummary {
  readonly hosts: Readonly<Record<string, { readonly hash: string; readonly generation: number }>>
  readonly pools: Readonly<Record<string, { readonly hash: string }>>
  readonly modules: readonly string[]
}

export interface EdgeRefusal {
  readonly message: string
  /** A path into the fragment or pool as it was sent. */
  readonly field: string | null
}
/** Keys are `host:<id>` and `pool:<id>`. */
export type EdgeRefusals = Readonly<Record<string, EdgeRefusal>>

/** Takes a change whole or not at all, and goes back by itself unless it is confirmed in time. */
export interface Confirm {
  readonly id: string
  readonly within_s: number
}
export interface Swap {
  readonly generation: number
  readonly confirm?: Confirm
  /** Null removes. */
  readonly hosts: Readonly<Record<string, Fragment | null>>
  readonly pools: Readonly<Record<string, Pool | null>>
}
export interface Load {
  readonly generation: number
  readonly confirm?: Confirm
  readonly base: Base
  readonly hosts: Readonly<Record<string, Fragment>>
  readonly pools: Readonly<Record<string, Pool>>
}
export interface Taken {
  readonly etag: string
  readonly generation: number
  readonly refused: EdgeRefusals
}

export interface TargetHealth {
  readonly state: 'up' | 'down' | 'unknown'
  readonly since: number | null
  readonly checked_at: number | null
  readonly error: string | null
}
/** By pool, then by `address:port`. */
export type EdgeHealth = Readonly<Record<string, Readonly<Record<string, TargetHealth>>>>

export interface EdgeCertificate {
  readonly state: 'ok' | 'pending' | 'error' | 'none'
  readonly issuer: string | null
  readonly not_before: number | null
  readonly not_after: number | null
  readonly error: string | null
}
export type EdgeCertificates = Readonly<Record<string, EdgeCertificate>>
