import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'

export interface Answer {
  readonly status: number
  readonly body: string
}

const collect = (
  make: (done: (answer: Answer) => void, failed: (err: Error) => void) => void,
): Promise<Answer> => new Promise(make)

export interface Question {
  readonly path: string
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | undefined
}

/** One GET over a unix socket. Rejects when nobody answers in time. */
export const askSocket = (socketPath: string, path: string, timeoutMs = 2_000): Promise<Answer> =>
  sendSocket(socketPath, { path }, timeoutMs)

/** One request over a unix socket. Rejects when nobody answers in time. */
export const sendSocket = (socketPath: string, question: Question, timeoutMs: number): Promise<Answer> =>
  collect((done, failed) => {
    const { path, method = 'GET', headers = {}, body } = question
    const req = httpRequest(
      { socketPath, path, method, headers, agent: false, signal: AbortSignal.timeout(timeoutMs) },
      (res) => {
        let body = ''
        res.setEncoding('utf8')
        res.on('data', (chunk: string) => {
          body += chunk
        })
        res.on('end', () => done({ status: res.statusCode ?? 0, body }))
        res.on('error', failed)
      },
    )
    req.on('error', failed)
    req.end(body)
  })

/** One GET of this machine's own panel; its certificate is from the internal CA and is not checked here. */
export const askPanelUrl = (url: string, timeoutMs = 2_000): Promise<Answer> =>
  collect((done, failed) => {
    const options = { agent: false, rejectUnauthorized: false, signal: AbortSignal.timeout(timeoutMs) }
    const send = url.startsWith('https:') ? httpsRequest : httpRequest
    const req = send(url, options, (res) => {
      res.resume()
      res.on('end', () => done({ status: res.statusCode ?? 0, body: '' }))
      res.on('error', failed)
    })
    req.on('error', failed)
    req.end()
  })

/** The part of the edge's `/argos/info` that the console shows. */
export interface EdgeInfo {
  readonly version: string
  readonly caddy: string
  readonly pid: number
  readonly started_at: string
  readonly etag: string
  readonly base: string | null
  readonly generation: number
  readonly saved: boolean
  /** What goes back by itself unless it is kept; an edge without such changes says nothing. */
  readonly pending?: { readonly remaining_ms: number } | null
  readonly failed: Readonly<Record<string, string>> | null
  readonly boot: { readonly from: string; readonly errors: readonly string[] | null }
  readonly open_requests: number
  readonly listeners: readonly string[] | null
}

/** What the edge says about itself, or null when it does not answer. */
export async function edgeInfo(socket: string): Promise<EdgeInfo | null> {
  try {
    const { status, body } = await askSocket(socket, '/argos/info?summary=1')
    return status === 200 ? (JSON.parse(body) as EdgeInfo) : null
  } catch {
    return null
  }
}

/** Whether the panel answers on its socket. */
export async function panelAnswers(socket: string): Promise<boolean> {
  try {
    return (await askSocket(socket, '/healthz')).status === 200
  } catch {
    return false
  }
}
