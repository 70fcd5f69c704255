import type { FastifyReply, FastifyRequest } from 'fastify'
import { SESSION_MS } from '../identity/sessions.ts'
import type { Visitor } from './visitor.ts'

/**
 * `__Host-` cookies cannot be set by a sibling domain, and browsers take them only over TLS. Over plain HTTP the session
 * has another name, so that neither is ever mistaken for the other.
 */
const nameFor = (secure: boolean): string => (secure ? '__Host-panel' : 'argos-panel-plain')

const attributes = (secure: boolean) => ({ path: '/', secure, httpOnly: true, sameSite: 'strict' }) as const

export const cookieOf = (req: FastifyRequest, secure: boolean): string | null =>
  req.cookies[nameFor(secure)] ?? null

export function setCookie(reply: FastifyReply, { secure }: Pick<Visitor, 'secure'>, token: string): void {
  reply.setCookie(nameFor(secure), token, { ...attributes(secure), maxAge: SESSION_MS / 1_000 })
}

export function clearCookie(reply: FastifyReply, { secure }: Pick<Visitor, 'secure'>): void {
  reply.clearCookie(nameFor(secure), attributes(secure))
}
