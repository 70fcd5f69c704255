import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import type { Fragment, Places } from '@argos/caddy'

export interface ProbeResult {
  readonly ok: boolean
  /** As a person would say it. */
  readonly words: string
}
export type Probe = (fragment: Fragment) => Promise<ProbeResult>

const TIMEOUT_MS = 5_000

/** Visits a host through the edge itself, over loopback, as a browser would: its name, its TLS, its first page. */
export const edgeProbe =
  ({ ports, bind }: Pick<Places, 'ports' | 'bind'>): Probe =>
  async (fragment) => {
    const [first] = fragment.names
    if (first === undefined) return { ok: false, words: 'It has no name to visit.' }
    const name = first.startsWith('*.') ? `argos-probe${first.slice(1)}` : first
    // A paused host has no certificate any more; both listeners answer 404 for it.
    const tls = fragment.tls !== 'none' && !fragment.off
    const started = performance.now()
    try {
      const status = await visit(loopback(bind), tls ? ports.https : ports.http, name, tls)
      return judge(fragment, status, Math.round(performance.now() - started))
    } catch (err) {
      return { ok: false, words: `${tls ? 'HTTPS' : 'HTTP'} to ${name} failed: ${reasonOf(err)}.` }
    }
  }

function judge({ off }: Fragment, status: number, ms: number): ProbeResult {
  if (off) return { ok: status === 404, words: `Paused: answers ${status}.` }
  if (status === 421) return { ok: false, words: 'The edge does not know this name.' }
  if (status === 502 || status === 503 || status === 504)
    return { ok: false, words: `Answers ${status}: the service behind it does not.` }
  return { ok: true, words: `Answers ${status} in ${ms} ms.` }
}

const visit = (host: string, port: number, name: string, tls: boolean): Promise<number> =>
  new Promise((resolve, reject) => {
    const options = {
      host,
      port,
      path: '/',
      method: 'GET',
      agent: false as const,
      headers: { host: name, 'user-agent': 'argos-probe', accept: '*/*' },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    }
    // Whether browsers trust it is the certificate's own light; an internal CA or a pending one must not hide the host.
    const req = tls
      ? httpsRequest({ ...options, servername: name, rejectUnauthorized: false })
      : httpRequest(options)
    req.on('error', reject)
    req.on('response', (res) => {
      resolve(res.statusCode ?? 0)
      res.destroy()
    })
    req.end()
  })

const loopback = (bind: string): string =>
  bind === '' || bind === '0.0.0.0' ? '127.0.0.1' : bind === '::' ? '::1' : bind

function reasonOf(err: unknown): string {
  const { name, code, message } = err as { name?: string; code?: string; message?: string }
  if (name === 'TimeoutError' || code === 'ABORT_ERR') return `no answer within ${TIMEOUT_MS / 1000} s`
  if (code === 'ECONNREFUSED') return 'nobody listens there'
  if (code?.startsWith('ERR_SSL')) return 'the TLS handshake was refused'
  return message ?? 'no reason given'
}
