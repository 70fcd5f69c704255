import { Agent, type Dispatcher } from 'undici'
import {
  EdgeFailed,
  EdgePending,
  type EdgeProblem,
  EdgeRefused,
  EdgeStale,
  EdgeUnreachable,
} from './errors.ts'
import type { EdgePendingChange, EdgeRefusals } from './types.ts'

export interface TransportLimits {
  /** For a whole question, its answer included: somebody may be waiting. Default 5 s. */
  readonly timeoutMs?: number
  /** For a swap. Default 15 s. */
  readonly swapTimeoutMs?: number
  /** For a load. Default 60 s. */
  readonly loadTimeoutMs?: number
}

export interface Ask {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly maxBytes: number
  readonly body?: string
  readonly ifMatch?: string
  /** What kind of time limit. */
  readonly takes?: 'swap' | 'load'
}

/** One call after another over a unix socket, each on a connection of its own: none is kept that a restart would break. */
export function socketTransport(socketPath: string, limits: TransportLimits) {
  const { timeoutMs = 5_000, swapTimeoutMs = 15_000, loadTimeoutMs = 60_000 } = limits
  const agent = new Agent({ connect: { socketPath, timeout: timeoutMs }, pipelining: 0, connections: 8 })

  const ask = async ({ method, path, maxBytes, body, ifMatch, takes }: Ask): Promise<string> => {
    const limitMs = takes === 'load' ? loadTimeoutMs : takes === 'swap' ? swapTimeoutMs : timeoutMs
    let answer: Dispatcher.ResponseData
    let text: string
    try {
      answer = await agent.request({
        origin: 'http://edge',
        method,
        path,
        headersTimeout: 0,
        bodyTimeout: 0,
        signal: AbortSignal.timeout(limitMs),
        headers: {
          accept: 'application/json',
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(ifMatch === undefined ? {} : { 'if-match': ifMatch === '*' ? '*' : `"${ifMatch}"` }),
        },
        ...(body === undefined ? {} : { body }),
      })
      text = await bounded(answer, maxBytes)
    } catch (err) {
      if (err instanceof EdgeFailed) throw err
      throw new EdgeUnreachable(reasonOf(err, limitMs), { cause: err })
    }
    if (answer.statusCode === 200) return text
    throw failure(answer, text)
  }
  return { ask, close: () => agent.destroy() }
}

async function bounded(answer: Dispatcher.ResponseData, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of answer.body as AsyncIterable<Buffer>) {
    size += chunk.length
    // Leaving the loop destroys the body and with it the connection.
    if (size > maxBytes) throw new EdgeFailed(`The edge answered more than ${maxBytes} bytes.`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function failure({ statusCode, headers }: Dispatcher.ResponseData, text: string) {
  const said = errorOf(text)
  if (statusCode === 412) return new EdgeStale(said.error, said.etag ?? unquoted(headers.etag))
  if (statusCode === 423) return new EdgePending(said.error, said.pending)
  if (statusCode >= 400 && statusCode < 500) return new EdgeRefused(said.error, statusCode, said)
  return new EdgeFailed(`The edge answered ${statusCode}: ${said.error}`)
}

interface Said extends EdgeProblem {
  readonly error: string
  readonly etag: string | null
}

function errorOf(text: string): Said {
  const nothing = { etag: null, refused: null, pending: null, confirmed: null }
  try {
    const { error, etag, refused, pending, confirmed } = JSON.parse(text) as Record<string, unknown>
    return {
      error: stringOf(error) ?? 'no reason given',
      etag: stringOf(etag),
      refused: objectOf<EdgeRefusals>(refused),
      pending: objectOf<EdgePendingChange>(pending),
      confirmed: stringOf(confirmed),
    }
  } catch {
    return { ...nothing, error: text.trim().slice(0, 500) || 'no reason given' }
  }
}

const stringOf = (value: unknown): string | null => (typeof value === 'string' ? value : null)
const objectOf = <T extends object>(value: unknown): T | null =>
  typeof value === 'object' && value !== null ? (value as T) : null
const unquoted = (etag: string | string[] | undefined): string | null =>
  typeof etag === 'string' ? etag.replaceAll('"', '') : null

function reasonOf(err: unknown, limitMs: number): string {
  const { name, code, message } = err as { name?: string; code?: string; message?: string }
  if (name === 'TimeoutError' || code === 'UND_ERR_CONNECT_TIMEOUT')
    return `The edge did not answer within ${limitMs / 1000} s.`
  if (code === 'ENOENT') return 'The edge does not run: its socket is not there.'
  if (code === 'ECONNREFUSED') return 'The edge does not run: nobody listens on its socket.'
  if (code === 'EACCES') return 'The edge cannot be reached: its socket may not be opened.'
  return `The edge broke off: ${message ?? 'no reason given'}.`
}
