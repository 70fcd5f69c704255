import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { FastifyBaseLogger } from 'fastify'
import { z } from 'zod'
import type { EdgeSessions } from './edge-session.service.ts'
import { type FactsAnswer, kinds, type Question } from './facts.service.ts'

/** Whoever asks more than this is not the gate. */
const BODY_BYTES = 4_096
const JSON_TYPE = { 'content-type': 'application/json', 'cache-control': 'no-store' } as const

const Hash = z.string().regex(/^[0-9a-f]{64}$/)
const Host = z.string().regex(/^[a-z0-9][a-z0-9_-]{0,63}$/)
const Client = z.string().max(64)
const Facts = z.object({
  credential: Hash,
  kind: z.enum(kinds),
  host: Host,
  name: z.string().max(253).optional(),
  client: Client,
  user: z.string().max(256).optional(),
})
const Redeem = z.object({ ticket: Hash, nonce: z.string().max(128), host: Host })
const Guest = z.object({ token: z.string().max(128), host: Host, client: Client.default('') })
const Logout = z.object({
  credential: Hash,
  host: Host,
  client: Client.default(''),
  /** Only at this host. */
  here: z.boolean().default(false),
})

/** What one question is answered with; `null` is 204. */
interface Answer {
  readonly status: number
  readonly body: object | null
}
export interface GateServerDeps {
  readonly facts: { ask(question: Question): Promise<FactsAnswer> }
  readonly edgeSessions: EdgeSessions
  readonly log: Pick<FastifyBaseLogger, 'error'>
}

/**
 * The panel's side of the gate, on a socket that no listener of the edge leads to. It is on the way of requests, so it
 * is Node's own server and nothing more. What goes wrong is a 5xx, which the gate takes for no.
 */
export function gateServer({ facts, edgeSessions, log }: GateServerDeps): Server {
  const questions: Readonly<Record<string, (body: unknown) => Promise<Answer>>> = {
    '/facts': async (body) => {
      const answer = await facts.ask(Facts.parse(body))
      return 'facts' in answer ? ok(answer) : later(answer)
    },
    '/redeem': async (body) => ok((await edgeSessions.redeem(Redeem.parse(body))) ?? { token: null }),
    '/guest': async (body) => {
      const answer = (await edgeSessions.guest(Guest.parse(body))) ?? { token: null }
      return 'token' in answer ? ok(answer) : later(answer)
    },
    '/logout': async (body) => {
      await edgeSessions.logout(Logout.parse(body))
      return { status: 204, body: null }
    },
  }

  const answer = async (req: IncomingMessage): Promise<Answer> => {
    const ask = req.method === 'POST' ? questions[req.url ?? ''] : undefined
    if (ask === undefined || !Object.hasOwn(questions, req.url ?? '')) return { status: 404, body: {} }
    const text = await bodyOf(req)
    if (text === null) return { status: 413, body: {} }
    try {
      return await ask(JSON.parse(text))
    } catch (err) {
      if (err instanceof z.ZodError || err instanceof SyntaxError) return { status: 400, body: {} }
      log.error({ err, url: req.url }, 'a question of the gate failed')
      return { status: 500, body: {} }
    }
  }

  const server = createServer(
    { requestTimeout: 10_000, headersTimeout: 5_000, keepAliveTimeout: 75_000, maxHeaderSize: 4_096 },
    (req, res) => {
      answer(req).then(
        ({ status, body }) => {
          if (body === null) res.writeHead(status).end()
          else res.writeHead(status, JSON_TYPE).end(JSON.stringify(body))
          // What was too long is not read to its end.
          if (status === 413) req.destroy()
        },
        () => req.destroy(), // It broke off in the middle of its question.
      )
    },
  )
  return server
}

const ok = (body: object): Answer => ({ status: 200, body })
const later = ({ retryAfterS }: { retryAfterS: number }): Answer => ({
  status: 429,
  body: { retry_after_s: retryAfterS },
})

async function bodyOf(req: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of req as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > BODY_BYTES) return null
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}
