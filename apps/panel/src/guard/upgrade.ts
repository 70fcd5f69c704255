import { randomBytes } from 'node:crypto'
import { GuardError } from './error.ts'
import { type GuardDeps, type GuardedRequest, limits, reach } from './fetch.ts'
import { callableHeaders, callableUrl } from './url.ts'

export type GuardedUpgrade = (
  url: string,
  request: Pick<GuardedRequest, 'policy' | 'headers' | 'tls' | 'timeoutMs' | 'signal'>,
) => Promise<boolean>

/** Whether a place takes a WebSocket handshake (RFC 6455, 4.1). The connection is dropped at once. */
export function guardedUpgrade(deps: GuardDeps): GuardedUpgrade {
  return async (text, request) => {
    const url = callableUrl(text)
    const timer = AbortSignal.timeout(Math.min(request.timeoutMs ?? limits.timeoutMs, limits.timeoutMs))
    const signal = request.signal ? AbortSignal.any([request.signal, timer]) : timer
    const headers = {
      'user-agent': 'Argos',
      'sec-websocket-version': '13',
      'sec-websocket-key': randomBytes(16).toString('base64'),
      origin: url.origin,
      ...callableHeaders(request.headers ?? {}),
    }
    try {
      return await reach(deps, { url, request, before: null }, signal, async ({ client }) => {
        const { socket } = await client.upgrade({
          path: url.pathname + url.search,
          protocol: 'websocket',
          headers,
          signal,
        })
        socket.destroy()
        return true
      })
    } catch (err) {
      if (err instanceof GuardError && ['address', 'url', 'unresolved'].includes(err.reason)) throw err
      return false
    }
  }
}
