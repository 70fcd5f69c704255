import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { selfSigned } from '../certificate.ts'
import { listen, type Upstream } from './server.ts'

/** What an echo upstream saw, as it answers it. Header names are as the wire had them, in order. */
export interface Echo {
  readonly upstream: string
  readonly method: string
  readonly url: string
  readonly headers: readonly (readonly [string, string])[]
  readonly bodyBytes: number
  readonly bodySha256: string
  readonly remoteAddress: string
  readonly tls: boolean
}

const answer = (upstream: string, tls: boolean) => async (req: IncomingMessage, res: ServerResponse) => {
  const hash = createHash('sha256')
  let bodyBytes = 0
  for await (const chunk of req as AsyncIterable<Buffer>) {
    hash.update(chunk)
    bodyBytes += chunk.length
  }
  const raw = req.rawHeaders
  const headers = raw.flatMap((n, i) => (i % 2 === 0 ? [[n, raw[i + 1] ?? ''] as const] : []))
  const echo: Echo = {
    upstream,
    method: req.method ?? '',
    url: req.url ?? '',
    headers,
    bodyBytes,
    bodySha256: hash.digest('hex'),
    remoteAddress: req.socket.remoteAddress ?? '',
    tls,
  }
  res.setHeader('content-type', 'application/json')
  res.setHeader('x-upstream', upstream)
  res.end(JSON.stringify(echo))
}

/** Answers each request with what it saw of it. `name` tells several apart. */
export const echo = (name = 'echo', port = 0): Promise<Upstream> =>
  listen(createServer(answer(name, false)), port)

/** The same over TLS, with a certificate nobody trusts. */
export const tlsEcho = (name = 'tls-echo', port = 0): Promise<Upstream> =>
  listen(createTlsServer(selfSigned(['localhost', '127.0.0.1']), answer(name, true)), port)

/** Waits before it answers, as long as `?ms=` says, else `defaultMs`. */
export function slow(defaultMs: number): Promise<Upstream> {
  const server = createServer((req, res) => {
    const ms = Number(new URL(req.url ?? '/', 'http://upstream').searchParams.get('ms') ?? defaultMs)
    const timer = setTimeout(() => res.end('slow'), ms)
    res.once('close', () => clearTimeout(timer))
  })
  return listen(server)
}

/** A page with a title, for browsers. */
export function page(title: string, port = 0): Promise<Upstream> {
  const html = `<!doctype html><html lang="en"><title>${title}</title><h1>${title}</h1>`
  return listen(
    createServer((_req, res) => res.setHeader('content-type', 'text/html; charset=utf-8').end(html)),
    port,
  )
}
