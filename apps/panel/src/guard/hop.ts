import type { Admitted, Policy } from './admit.ts'
import type { SeenTls } from './connect.ts'

export interface GuardedRequest {
  readonly policy: Policy
  readonly method?: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Buffer
  /** How many redirects are followed; each is checked as if it were a call of its own. None unless told. */
  readonly redirects?: number
  /** `stay` ends at the first redirect to another host or port and answers with it. */
  readonly across?: 'any' | 'stay'
  readonly tls?: 'verify' | 'observe'
  /** For resolving, connecting, all redirects and the reply together. At most 10 s. */
  readonly timeoutMs?: number
  /** The reply's body is cut here. At most 64 kB. */
  readonly maxBytes?: number
  /** The reply is a document that may be larger, such as a provider's keys: at most 1 MB. */
  readonly large?: true
  readonly signal?: AbortSignal
}

export interface GuardedReply {
  readonly url: string
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: Buffer
  /** The body was longer, or slower, than allowed: what is here is its beginning. */
  readonly truncated: boolean
  readonly address: string
  readonly tls: SeenTls | null
}

/** One call of a chain. `before` is what the call that redirected here had reached. */
export interface Hop {
  readonly url: URL
  readonly request: GuardedRequest
  readonly before: { readonly url: URL; readonly reached: readonly Admitted[] } | null
}
