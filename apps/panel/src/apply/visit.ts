import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import type { Places } from '@argos/caddy'

export interface Visit {
  readonly port: number
  readonly name: string
  readonly tls: boolean
  readonly path?: string
  readonly timeoutMs: number
  readonly signal?: AbortSignal
}
export interface Seen {
  readonly status: number
  /** Whether a service behind the edge said it, and not the edge itself. */
  readonly passedOn: boolean
  readonly ms: number
}
/** Why nothing came back. `tls`: the edge was reached and refused the handshake. */
export class NotSeen extends Error {
  override readonly name = 'NotSeen'
  readonly why: 'tls' | 'silent' | 'away'
  constructor(message: string, why: NotSeen['why']) {
    super(message)
    this.why = why
  }
}
/** Visits a name through the edge's own listeners, as a browser would. Rejects with NotSeen only. */
export type Visitor = (visit: Visit) => Promise<Seen>

export const edgeVisitor =
  ({ bind }: Pick<Places, 'bind'>): Visitor =>
  async (visit) => {
    const started = performance.now()
    try {
      const { status, via } = await ask(loopback(bind), visit)
      // Caddy's proxy says so on what it hands on; the edge's own answers do not have it.
      return { status, passedOn: via.includes('Caddy'), ms: Math.round(performance.now() - started) }
    } catch (err) {
      throw notSeen(err, visit)
    }
  }

const ask = (host: string, visit: Visit): Promise<{ status: number; via: string }> =>
  new Promise((resolve, reject) => {
    const { port, name, tls, path = '/', timeoutMs, signal } = visit
    const limit = AbortSignal.timeout(timeoutMs)
    const options = {
      ...{ host, port, path, method: 'GET', agent: false as const },
      headers: { host: name, 'user-agent': 'argos-probe', accept: '*/*' },
      signal: signal ? AbortSignal.any([limit, signal]) : limit,
    }
    // Whether browsers trust it is the certificate's own light; an internal CA or a pending one must not hide the host.
    const req = tls
      ? httpsRequest({ ...options, servername: name, rejectUnauthorized: false })
      : httpRequest(options)
    req.on('error', reject)
    req.on('response', (res) => {
      resolve({ status: res.statusCode ?? 0, via: res.headers.via ?? '' })
      res.destroy()
    })
    req.end()
  })

const loopback = (bind: string): string =>
  bind === '' || bind === '0.0.0.0' ? '127.0.0.1' : bind === '::' ? '::1' : bind

function notSeen(err: unknown, { timeoutMs }: Visit): NotSeen {
  const { name, code, message } = err as { name?: string; code?: string; message?: string }
  if (name === 'TimeoutError' || name === 'AbortError' || code === 'ABORT_ERR')
    return new NotSeen(`no answer within ${timeoutMs / 1000} s`, 'silent')
  if (code === 'ECONNREFUSED') return new NotSeen('nobody listens there', 'away')
  if (code === 'EPROTO' || code?.startsWith('ERR_SSL'))
    return new NotSeen('the TLS handshake was refused', 'tls')
  return new NotSeen(message ?? 'no reason given', 'away')
}
