import type { CustomFetch } from 'openid-client'
import { GuardError } from '../guard/error.ts'
import type { GuardedFetch, GuardedRequest } from '../guard/fetch.ts'
import { isSafe } from './oidc.rules.ts'

/** A person waits for it (OI-19). */
const TIMEOUT_MS = 5_000

export interface Call {
  readonly method?: 'GET' | 'POST'
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  readonly large?: true
  /** `operator` may be in a private network, `public` may not. */
  readonly reach: 'operator' | 'public'
  readonly signal?: AbortSignal
}
export interface Answer {
  /** It was not on the Internet. */
  readonly inside: boolean
  readonly status: number
  readonly type: string
  readonly text: string
}
/** Calls a provider. Throws `GuardError` in words for people; an answer that is too long is one that did not come. */
export type CallProvider = (url: string, call: Call) => Promise<Answer>

/**
 * The operator entered the provider, so it may be in a network of theirs. Redirects are not followed: none of these
 * addresses has a reason to (OI-08). Calls are not in the audit one by one, as visitors cause them; the setting is.
 */
export const providerCaller =
  (fetch: GuardedFetch): CallProvider =>
  async (address, { method = 'GET', headers = {}, body, large, reach, signal }) => {
    if (!URL.canParse(address) || !isSafe(new URL(address)))
      throw new GuardError('url', 'The provider names an address of its own that is not https://.')
    let inside = false
    const onInside = () => {
      inside = true
    }
    const request: GuardedRequest = {
      policy: { reach, onInside },
      method,
      headers,
      timeoutMs: TIMEOUT_MS,
      ...(body === undefined ? {} : { body }),
      ...(large ? { large } : {}),
      ...(signal ? { signal } : {}),
    }
    const { status, headers: answered, body: bytes, truncated } = await fetch(address, request)
    const { host } = new URL(address)
    if (status >= 300 && status < 400)
      throw new GuardError(
        'redirect',
        `${host} redirects where an answer was due; enter the address it means.`,
      )
    if (truncated)
      throw new GuardError(
        'protocol',
        `The answer of ${host} is too long, or did not come to an end in time.`,
      )
    const encoding = String(answered['content-encoding'] ?? 'identity')
    // Asked for as it is; what comes packed anyway is not unpacked, however small it looks.
    if (encoding !== 'identity')
      throw new GuardError(
        'protocol',
        `${host} answers packed (${encoding.slice(0, 20)}), which was not asked for.`,
      )
    return { inside, status, type: String(answered['content-type'] ?? ''), text: bytes.toString('utf8') }
  }

/** The same as the library wants it. */
export const asFetch =
  (call: CallProvider, reachOf: (url: string) => Call['reach'], deadline: AbortSignal): CustomFetch =>
  async (url, { method, headers, body }) => {
    const { status, type, text } = await call(url, {
      method: method === 'POST' ? 'POST' : 'GET',
      headers: sendable(headers),
      reach: reachOf(url),
      signal: deadline,
      ...(body === undefined || body === null ? {} : { body: String(body) }),
    })
    const empty = status === 204 || status === 205
    return new Response(empty ? null : text, { status, headers: { 'content-type': type } })
  }

const sendable = (headers: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => name.toLowerCase() !== 'user-agent'))
