import type { FastifyRequest } from 'fastify'
import { AppError } from '../errors.ts'
import type { Sessions } from '../identity/sessions.ts'
import { canonicalAddress } from './address.ts'
import { cookieOf } from './cookie.ts'
import type { Visitor } from './visitor.ts'

/** `edge`: the private unix socket, where the edge says who the visitor is. `plain`: TCP without TLS, where nobody does. */
export type Listener = 'edge' | 'plain'

const LOCAL = '127.0.0.1'

export async function visitorOf(
  req: FastifyRequest,
  listener: Listener,
  sessions: Sessions | null,
): Promise<Visitor> {
  const address = listener === 'edge' ? told(req) : canonicalAddress(req.socket.remoteAddress ?? '')
  if (address === null) throw new AppError('invalid', 'The address of the client is not known.')
  const secure = listener === 'edge' && req.headers['x-argos-proto'] !== 'http'
  const token = sessions === null ? null : cookieOf(req, secure)
  return { address, secure, session: token === null ? null : ((await sessions?.find(token)) ?? null) }
}

/** Whoever can open the socket without being the edge is a program of this machine's, of the service's group. */
function told(req: FastifyRequest): string | null {
  const header = req.headers['x-argos-client']
  if (header === undefined) return LOCAL
  return typeof header === 'string' ? canonicalAddress(header) : null
}
