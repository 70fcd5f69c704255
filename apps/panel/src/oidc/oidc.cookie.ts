import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Visitor } from '../http/visitor.ts'
import { STATE_MS } from './oidc.state.ts'

/** As for the session: over plain HTTP it has another name, so that neither is mistaken for the other. */
const nameFor = (secure: boolean): string => (secure ? '__Host-argos-oidc' : 'argos-oidc-plain')
const attributes = (secure: boolean) => ({ path: '/', secure, httpOnly: true, sameSite: 'lax' }) as const

export const stateCookieOf = (req: FastifyRequest): string | undefined =>
  req.cookies[nameFor(req.visitor.secure)]

export function setStateCookie(reply: FastifyReply, { secure }: Visitor, value: string): void {
  reply.setCookie(nameFor(secure), value, { ...attributes(secure), maxAge: STATE_MS / 1_000 })
}

export function clearStateCookie(reply: FastifyReply, { secure }: Visitor): void {
  reply.clearCookie(nameFor(secure), attributes(secure))
}
