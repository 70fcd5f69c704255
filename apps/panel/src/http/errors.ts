import type { FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '../errors.ts'
import { securityHeaders } from './headers.ts'
import { toProblem } from './problem.ts'
import type { App } from './route.ts'

/** Turns everything that is thrown, and every path that is not there, into a problem with its request's id. */
export function errorHandling(app: App): void {
  app.setErrorHandler(answer)
  app.setNotFoundHandler((req, reply) =>
    answer(new AppError('not_found', 'There is nothing here.'), req, reply),
  )
}

/** For what is refused before any hook has run, such as a path that is no path. */
export const beforeHooks = (err: unknown, req: FastifyRequest, reply: FastifyReply): void =>
  void answer(err, req, reply.headers(securityHeaders))

function answer(err: unknown, req: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { status, body, log } = toProblem(err, req.id)
  const of = { requestId: req.id, operation: req.routeOptions.config?.operation?.id, status }
  if (log === 'bug') req.log.error({ ...of, err }, 'request failed')
  else if (log === 'trouble') req.log.warn({ ...of, err }, body.message)
  else req.log.debug({ ...of, code: body.code }, body.message)
  if (body.retryAfterS !== undefined) reply.header('retry-after', body.retryAfterS)
  return reply.code(status).header('cache-control', 'no-store').send(body)
}
