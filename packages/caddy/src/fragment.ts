export type TlsMode = 'auto' | 'internal' | 'none'
/** Who gets into a host, as it is saved. */
export type AccessSpec =
  | { readonly kind: 'public' }
  | {
      readonly kind: 'policy'
      readonly policyId: string
      /** Where it is otherwise: `public`, or the id of a policy. */
      readonly paths: readonly { readonly path: string; readonly access: string }[]
      readonly keep: boolean
      readonly assertion: boolean
    }

export interface GateTime {
  readonly days: readonly number[]
  readonly from: string
  readonly to: string
  readonly zone: string
}
/** Passes when all its parts do; `people` or `groups` is one part. Without parts it passes everybody. */
export interface GateClause {
  readonly person?: true
  readonly people?: readonly string[]
  readonly groups?: readonly string[]
  readonly networks?: readonly string[]
  readonly times?: readonly GateTime[]
  readonly factor_s?: number
}
/** Passes when one of its clauses does. */
export interface GateRules {
  readonly id: string
  readonly any: readonly GateClause[]
}
export type GatePath = { readonly prefix: string } & (GateRules | { readonly kind: 'public' })
export type GatePolicy =
  | { readonly kind: 'public' }
  | ({ readonly kind: 'rules'; readonly paths: readonly GatePath[] } & GateRules)

/** Our handlers and those of Caddy that a fragment may use, as the edge reads them. Evaluated on every request. */
export interface Gate {
  readonly handler: 'argos_gate'
  readonly policy: GatePolicy
  readonly keep?: boolean
  readonly assertion?: boolean
}
export type Handler =
  | Gate
  | { readonly handler: 'argos_pool'; readonly pool: string }
  | {
      readonly handler: 'static_response'
      readonly status_code: number
      readonly headers?: Readonly<Record<string, readonly string[]>>
      readonly body?: string
    }

/** One published host at the edge. The gate is always the first handler. */
export interface Fragment {
  readonly names: readonly string[]
  readonly off: boolean
  readonly tls: TlsMode
  readonly handle: readonly Handler[]
}

/** The upstreams of one or more hosts. Only enabled targets; none of them answers 503. */
export interface Pool {
  readonly targets: readonly { readonly dial: string; readonly weight: number }[]
  readonly protocol: 'http' | 'https'
  readonly verify_tls: boolean
  readonly preserve_host: boolean
  readonly health: {
    readonly kind: 'tcp' | 'http' | 'off'
    readonly path: string
    readonly interval_s: number
    readonly timeout_s: number
  }
}
