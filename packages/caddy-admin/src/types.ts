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
  readonly pending?: EdgePendingChange | null
  /** The last change that was confirmed; empty when none was. */
  readonly confirmed?: string | null
  /** The last change that went back; forgotten with the process. Reasons are `timeout` and `asked`. */
  readonly reverted?: { readonly id: string; readonly at: string; readonly reason: string } | null
  /** Who made the last change that changed something, as they said; empty when they did not. */
  readonly origin?: string
  readonly open_requests: number
  readonly listeners: readonly string[] | null
}
export interface EdgeInfo extends EdgeSummary {
  readonly hosts: Readonly<Record<string, { readonly hash: string; readonly generation: number }>>
  readonly pools: Readonly<Record<string, { readonly hash: string }>>
  readonly modules: readonly string[]
}

/** A change that is live for a limited time. */
export interface EdgePendingChange {
  readonly id: string
  readonly generation: number
  readonly deadline: string
  /** By the edge's own clock, which nobody sets; 0 once it is going back. */
  readonly remaining_ms: number
  readonly within_s: number
  /** Its time is over and it could not go back yet, and why. It is tried again. */
  readonly problem?: string
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
  /** At most 64 letters, digits, _ and -. */
  readonly id: string
  /** 1 to 600. */
  readonly within_s: number
}
interface Terms {
  readonly generation: number
  /** Default: for good. */
  readonly confirm?: Confirm
  /** Who makes it: at most 64 letters, digits, _ and -. Default: nobody. */
  readonly origin?: string
}
export interface Swap extends Terms {
  /** Null removes. */
  readonly hosts: Readonly<Record<string, Fragment | null>>
  readonly pools: Readonly<Record<string, Pool | null>>
}
export interface Load extends Terms {
  readonly base: Base
  readonly hosts: Readonly<Record<string, Fragment>>
  readonly pools: Readonly<Record<string, Pool>>
}
/** Whom or what the gate forgets; requests that are open because of it end. */
export type Evict =
  | { readonly session: string }
  | { readonly person: string }
  | { readonly host: string }
  /** Hex SHA-256. */
  | { readonly credential: string }
  | { readonly all: true }
export interface Evicted {
  readonly dropped: number
  readonly cancelled: number
}
/** What is served after a change was kept or put back. */
export interface Decided {
  readonly etag: string
  readonly generation: number
}
export interface Taken extends Decided {
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
