export type TlsMode = 'auto' | 'internal' | 'none'
/** Who gets in; the gate evaluates it on every request. */
export type AccessSpec = { readonly kind: 'public' }

/** Our handlers and those of Caddy that a fragment may use, as the edge reads them. */
export type Gate = { readonly handler: 'argos_gate'; readonly policy: AccessSpec }
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
