import type { FastifyReply, FastifyRequest } from 'fastify'
import { looksLikeToken, newToken } from '../secrets.ts'
import type { Visitor } from './visitor.ts'

/**
 * `__Host-` cookies cannot be set by a sibling domain, and browsers take them only over TLS. Over plain HTTP the session
 * has another name, so that neither is ever mistaken for the other.
 */
const nameFor = (secure: boolean): string => (secure ? '__Host-panel' : 'argos-panel-plain')
const deviceNameFor = (secure: boolean): string => (secure ? '__Host-argos-device' : 'argos-device-plain')

const attributes = (secure: boolean) => ({ path: '/', secure, httpOnly: true, sameSite: 'strict' }) as const

/** The longest a session may be set to last. When it ends is the panel's to say; the cookie only must not go before. */
const COOKIE_S = 720 * 60 * 60
/** Browsers keep none longer. */
const DEVICE_S = 400 * 24 * 60 * 60

export const cookieOf = (req: FastifyRequest, secure: boolean): string | null =>
  req.cookies[nameFor(secure)] ?? null

/** What makes this browser known once somebody has signed in from it: what it brings, or what it will be given. */
export function deviceOf(req: FastifyRequest, secure: boolean): string {
  const brought = req.cookies[deviceNameFor(secure)]
  return brought !== undefined && looksLikeToken(brought) ? brought : newToken()
}

/** Signs the browser in, and makes it one that is known. */
export function setCookie(
  reply: FastifyReply,
  { secure, device }: Pick<Visitor, 'secure' | 'device'>,
  token: string,
): void {
  reply.setCookie(nameFor(secure), token, { ...attributes(secure), maxAge: COOKIE_S })
  reply.setCookie(deviceNameFor(secure), device, { ...attributes(secure), maxAge: DEVICE_S })
}

export function clearCookie(reply: FastifyReply, { secure }: Pick<Visitor, 'secure'>): void {
  reply.clearCookie(nameFor(secure), attributes(secure))
}
