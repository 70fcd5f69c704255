import { randomBytes } from 'node:crypto'
import cookie from '@fastify/cookie'
import fastify, { type FastifyBaseLogger, type FastifyRequest, LogController } from 'fastify'
import type { z } from 'zod'
import { AppError } from './errors.ts'
import { beforeHooks, errorHandling } from './http/errors.ts'
import { guard, refuseChange } from './http/guard.ts'
import { securityHeaders } from './http/headers.ts'
import { parseJson } from './http/json.ts'
import { type Judges, type Listener, refuseOtherBody, visitorOf } from './http/listener.ts'
import { invalid } from './http/problem.ts'
import type { Proofs } from './http/proof.ts'
import type { App, Routes, ZodTypeProvider } from './http/route.ts'
import type { Sessions } from './identity/sessions.ts'

export interface AppDeps {
  readonly log: FastifyBaseLogger
  readonly sessions: Sessions
  readonly proofs: Proofs
  readonly tokens: Judges['tokens']
  readonly features: readonly Routes[]
  /** The UI and the reference page; after the features, so that no page hides an operation. */
  readonly pages: Routes
  /** Where a proxy of the operator's own serves the panel; it may bring another Host than the visitor asked for. */
  readonly publicOrigin?: string | null
  /** The key is not the one the database was made with: nothing is changed. */
  readonly readOnly?: boolean
}

const BODY_BYTES = 1024 * 1024

/** The panel's HTTP side for one listener. It never listens itself; tests `inject` into it. */
export async function buildApp(deps: AppDeps, listener: Listener): Promise<App> {
  const { log, sessions, proofs, tokens, features, pages, publicOrigin = null, readOnly = false } = deps
  const app: App = fastify({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }),
    requestIdHeader: false,
    genReqId: () => randomBytes(9).toString('base64url'),
    frameworkErrors: beforeHooks,
    // Refused below, in the API's own words.
    return503OnClosing: false,
    bodyLimit: BODY_BYTES,
    // A whole request, header and body, within this; Fastify's own default is no limit.
    requestTimeout: 30_000,
    // Longer than the edge keeps its side, so that it never sends into a connection that is just closing.
    keepAliveTimeout: 75_000,
    routerOptions: { maxParamLength: 200 },
  }).withTypeProvider<ZodTypeProvider>()

  app.setValidatorCompiler<z.ZodType>(({ schema }) => (data) => {
    const parsed = schema.safeParse(data)
    return parsed.success ? { value: parsed.data } : { error: invalid(parsed.error) }
  })
  // Answers are parsed as well: a column the contract does not name never leaves.
  app.setSerializerCompiler<z.ZodType>(
    ({ schema }) =>
      (data) =>
        JSON.stringify(schema.parse(data)),
  )

  app.removeAllContentTypeParsers()
  app.addContentTypeParser(
    'application/json',
    { parseAs: 'string' },
    async (req: FastifyRequest, body: string) => {
      refuseOtherBody(req, body)
      return body === '' ? undefined : parseJson(body)
    },
  )
  await app.register(cookie)

  app.addHook('onRoute', ({ url, method, config }) => {
    if (config?.operation === undefined && config?.page !== true) {
      throw new Error(`${String(method)} ${url} was not made with route(): it would have no scope`)
    }
  })
  let stopping = false
  app.addHook('preClose', async () => {
    stopping = true
  })
  // Set by the first hook; nothing of ours runs before it.
  app.decorateRequest('visitor')
  app.addHook('onRequest', async (req, reply) => {
    reply.headers(securityHeaders)
    if (stopping)
      throw new AppError('busy', 'The panel is stopping. Nothing was changed.', { retryAfterS: 5 })
    const op = req.routeOptions.config?.operation
    req.visitor = await visitorOf(req, listener, op === undefined ? null : { sessions, proofs, tokens })
    if (op === undefined) return
    reply.header('cache-control', 'no-store')
    guard(req, op, sessions, publicOrigin)
    if (readOnly) refuseChange(op)
    reply.code(op.status)
  })
  app.addHook('preValidation', async (req) => {
    if (req.body === undefined || req.body === null) refuseOtherBody(req)
  })
  errorHandling(app)

  for (const routes of features) await app.register(routes)
  await app.register(pages)
  return app
}
