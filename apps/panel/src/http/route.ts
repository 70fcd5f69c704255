import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Operation } from '@argos/contract'
import type { FastifyBaseLogger, FastifyInstance, FastifyRequest, FastifyTypeProvider } from 'fastify'
import type { z } from 'zod'
import type { Actor } from '../audit/actor.ts'
import { AppError } from '../errors.ts'
import type { Session, Visitor } from './visitor.ts'

/** Types `req.params`, `req.query` and `req.body` and the answer from the contract's schemas. */
export interface ZodTypeProvider extends FastifyTypeProvider {
  validator: this['schema'] extends z.ZodType ? z.output<this['schema']> : unknown
  serializer: this['schema'] extends z.ZodType ? z.input<this['schema']> : unknown
}
/** A Fastify instance whose routes are made from operations. */
export type App = FastifyInstance<Server, IncomingMessage, ServerResponse, FastifyBaseLogger, ZodTypeProvider>
/** What a feature's routes are: `export const hostRoutes = (deps) => async (app: App) => {…}`. */
export type Routes = (app: App) => Promise<void>

declare module 'fastify' {
  interface FastifyContextConfig {
    operation?: Operation
    /** A public page or file, which is no operation: the UI, the API's description. */
    page?: true
  }
  interface FastifyRequest {
    /** Set before anything of the request is read. */
    visitor: Visitor
  }
}

type Of<O, K extends string> = O extends { readonly [P in K]: infer S extends z.ZodType } ? S : undefined
interface SchemaOf<O extends Operation> {
  params: Of<O, 'params'>
  querystring: Of<O, 'query'>
  body: Of<O, 'body'>
  response: {
    [S in O['status']]: O extends { readonly response: infer R extends z.ZodType } ? R : z.ZodUndefined
  }
}
export interface Route<O extends Operation> {
  method: O['method']
  url: O['path']
  config: { operation: Operation }
  schema: SchemaOf<O>
}

/**
 * Turns a contract operation into route options: `app.route({ ...route(hostList), handler })`. Routes are made no other
 * way (the app refuses them), so none lacks a scope. A handler that only returns answers with the operation's status.
 */
export function route<O extends Operation>(op: O): Route<O> {
  const schema = {
    ...(op.params ? { params: op.params } : {}),
    ...(op.query ? { querystring: op.query } : {}),
    ...(op.body ? { body: op.body } : {}),
    ...(op.response ? { response: { [op.status]: op.response } } : {}),
  }
  // The type says `undefined` where the object has no key: Fastify's inference needs all of them.
  return {
    method: op.method,
    url: op.path,
    config: { operation: op },
    schema: schema as unknown as SchemaOf<O>,
  }
}

/** The session of a request to an operation that needs one. */
export function sessionOf({ visitor }: Pick<FastifyRequest, 'visitor'>): Session {
  if (!visitor.session) throw new AppError('unauthenticated', 'Sign in first.')
  return visitor.session
}

/** Who is asking, for services and audit. Only for operations that are not public. */
export function actorOf(req: Pick<FastifyRequest, 'visitor'>): Actor {
  const { cli, program, address } = req.visitor
  if (cli) return { kind: 'cli', name: cli.name }
  if (program)
    return { kind: 'user', id: program.userId, name: `${program.username} by ${program.name}`, address }
  const { userId, username } = sessionOf(req)
  return { kind: 'user', id: userId, name: username, address }
}
