import { request as httpRequest, type IncomingHttpHeaders } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { isIP } from 'node:net'

/** One request to the edge by address, with the name a browser would have resolved. */
export interface EdgeRequest {
  readonly port: number
  /** The visited name: Host header, and SNI with TLS. */
  readonly name: string
  readonly tls?: boolean
  readonly path?: string
  readonly method?: string
  readonly headers?: Readonly<Record<string, string | readonly string[]>>
  readonly body?: string | Buffer
  readonly timeoutMs?: number
}

export interface EdgeAnswer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** Sends one request on a connection of its own; certificates are not checked. Rejects on timeouts and resets. */
export const visit = (r: EdgeRequest): Promise<EdgeAnswer> =>
  new Promise((resolve, reject) => {
    const options = {
      host: '127.0.0.1',
      port: r.port,
      path: r.path ?? '/',
      method: r.method ?? 'GET',
      headers: { host: r.name, ...(r.headers as Record<string, string | string[]>) },
      agent: false as const,
      signal: AbortSignal.timeout(r.timeoutMs ?? 10_000),
    }
    const req = r.tls
      ? httpsRequest({ ...options, servername: serverName(r.name), rejectUnauthorized: false })
      : httpRequest(options)
    req.on('response', (res) => {
      const chunks: Buffer[] = []
      res.on('data', (chunk: Buffer) => chunks.push(chunk))
      res.on('error', reject)
      res.on('end', () =>
        resolve({
          status: res.statusCode ?? 0,
          headers: res.headers,
          body: Buffer.concat(chunks).toString('utf8'),
        }),
      )
    })
    req.on('error', reject)
    req.end(r.body)
  })

/** What a client sends as SNI for a host: its name without a port; nothing for an address (RFC 6066, 3). */
export function serverName(host: string): string {
  const name = host.replace(/:\d+$/, '')
  return isIP(name) ? '' : name
}
