import type { Dispatcher } from 'undici'
import { type AdmitDeps, type Admitted, admit } from './admit.ts'
import { type PinnedConnection, pinned } from './connect.ts'
import { asGuardError, GuardError } from './error.ts'
import type { GuardedReply, GuardedRequest, Hop } from './hop.ts'
import { follow } from './redirect.ts'
import { addressesOf, type Resolve, systemResolve } from './resolve.ts'
import { callableHeaders, callableUrl, hostOf, placeOf, portOf } from './url.ts'

export interface GuardDeps extends AdmitDeps {
  resolve?: Resolve
}

export type { GuardedReply, GuardedRequest } from './hop.ts'
export type GuardedFetch = (url: string, request: GuardedRequest) => Promise<GuardedReply>

export const limits = {
  timeoutMs: 10_000,
  maxBytes: 64 * 1024,
  largeBytes: 1024 * 1024,
  redirects: 5,
} as const

/**
 * The only way the panel calls out (SS-01..05, SS-08): the URL is checked, its name resolved once, the connection
 * pinned to an address that was checked, and the reply cut.
 */
export function guardedFetch(deps: GuardDeps): GuardedFetch {
  return async (text, request) => {
    const timeoutMs = Math.min(request.timeoutMs ?? limits.timeoutMs, limits.timeoutMs)
    const timer = AbortSignal.timeout(timeoutMs)
    const signal = request.signal ? AbortSignal.any([request.signal, timer]) : timer
    const allowed = Math.min(request.redirects ?? 0, limits.redirects)
    const headers = callableHeaders(request.headers ?? {})
    let hop: Hop = { url: callableUrl(text), request: { ...request, headers }, before: null }
    for (let followed = 0; ; followed++) {
      const { reply, reached } = await once(deps, hop, signal)
      if (followed === allowed) return reply
      const next = follow({ hop, reply, reached })
      if (!next) return reply
      hop = next
    }
  }
}

/** A connection to a checked place, for one exchange; `use` ends it. */
export async function reach<T>(
  deps: GuardDeps,
  { url, request, before }: Hop,
  signal: AbortSignal,
  use: (connection: PinnedConnection, reached: readonly [Admitted, ...Admitted[]]) => Promise<T>,
): Promise<T> {
  const [host, port] = [hostOf(url), portOf(url)]
  const reached = await admittedOf(deps, { url, request, before }, signal)
  const inside = reached.find((a) => a.reach !== 'public')
  if (inside) await request.policy.onInside?.({ host, port, ...inside })
  const timeoutMs = Math.min(request.timeoutMs ?? limits.timeoutMs, limits.timeoutMs)
  const connection = pinned({
    origin: url.origin,
    addresses: reached,
    tls: request.tls ?? 'verify',
    timeoutMs,
  })
  try {
    return await use(connection, reached)
  } catch (err) {
    throw asGuardError(err, placeOf(host, port))
  } finally {
    connection.client.destroy().catch(() => undefined) // nothing is left to lose: the exchange is over
  }
}

async function admittedOf(deps: GuardDeps, { url, request, before }: Hop, signal: AbortSignal) {
  const [host, port] = [hostOf(url), portOf(url)]
  // A redirect on the same host stays on the addresses that were checked: a second answer cannot move it.
  if (before && hostOf(before.url) === host)
    return admit(deps, {
      host,
      port,
      addresses: before.reached.map(({ address }) => address),
      reach: request.policy.reach,
    })
  const addresses = await addressesOf(host, deps.resolve ?? systemResolve, signal)
  if (!before) return admit(deps, { host, port, addresses, reach: request.policy.reach })
  try {
    return admit({ ...deps, allow: [] }, { host, port, addresses, reach: 'public' })
  } catch (err) {
    throw new GuardError(
      'redirect',
      `It redirects to ${placeOf(host, port)}, which is not on the Internet.`,
      {
        cause: err,
      },
    )
  }
}

async function once(deps: GuardDeps, hop: Hop, signal: AbortSignal) {
  const { url, request } = hop
  return reach(deps, hop, signal, async ({ client, seen }, reached) => {
    const { statusCode, headers, body } = await client.request({
      path: url.pathname + url.search,
      method: request.method ?? 'GET',
      headers: { 'user-agent': 'Argos', accept: '*/*', 'accept-encoding': 'identity', ...request.headers },
      body: request.body ?? null,
      signal,
    })
    const most = request.large ? limits.largeBytes : limits.maxBytes
    const maxBytes = Math.min(request.maxBytes ?? most, most)
    const cut = await beginning(body, maxBytes, signal)
    const reply = {
      url: url.href,
      status: statusCode,
      headers,
      ...cut,
      address: reached[0].address,
      tls: seen(),
    }
    return { reply, reached }
  })
}

/** Reads until the end, the limit or the deadline, whichever comes first (SS-08). */
async function beginning(body: Dispatcher.ResponseData['body'], maxBytes: number, signal: AbortSignal) {
  const parts: Buffer[] = []
  let size = 0
  try {
    for await (const part of body as AsyncIterable<Buffer>) {
      parts.push(part.subarray(0, maxBytes - size))
      size += part.length
      if (size > maxBytes) return { body: Buffer.concat(parts), truncated: true }
    }
  } catch (err) {
    if (!signal.aborted) throw err
    return { body: Buffer.concat(parts), truncated: true }
  }
  return { body: Buffer.concat(parts), truncated: false }
}
