import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Operation } from '@argos/contract'
import type { FastifyBaseLogger, FastifyInstance, FastifyRequest, FastifyTypeProvider } from 'fastify'
import type { z } from 'zod'
import type { Actor } from '../audit/actor.ts'
import { AppError } from '../errors.ts'
import type { Visitor } from './visitor.ts'

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
  response: { 200: O extends { readonly response: infer S extends z.ZodType } ? S : z.ZodUndefined }
}
export interface Route<O extends Operation> {
  method: O['method']
  url: O['path']
  config: { operation: Operation }
  schema: SchemaOf<O>
}

/**
 * Turns a contract operation into route options: `app.route({ ...route(hostList), handler })`. Routes are made no other
 * way (the app refuses them), so none lacks a scope. The status of a success is the operation's, whatever it is.
 */
export function route<O extends Operation>(op: O): Route<O> {
  const schema = {
    ...(op.params ? { params: op.params } : {}),
    ...(op.query ? { querystring: op.query } : {}),
    ...(op.body ? { body: op.body } : {}),
    ...(op.response ? { response: { [op.status]: op.response } } : {}),
  }
  // Only the types say 200 for every success; Fastify's inference needs one fixed key.
  return {
    method: op.method,
    url: op.path,
    config: { operation: op },
    schema: schema as unknown as SchemaOf<O>,
  }
}

/** Who is asking, for services and audit. Only for operations that need a session. */
export function actorOf(req: Pick<FastifyRequest, 'visitor'>): Extract<Actor, { kind: 'user' }> {
  const { session, address } = req.visitor
  if (!session) throw new AppError('unauthenticated', 'Sign in first.')
  return { kind: 'user', id: session.userId, name: session.username, address }
}
