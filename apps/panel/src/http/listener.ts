import type { FastifyRequest } from 'fastify'
import { AppError } from '../errors.ts'
import type { Sessions } from '../identity/sessions.ts'
import { canonicalAddress } from './address.ts'
import { cookieOf, deviceOf } from './cookie.ts'
import { claimsProof, hashOfBody, type Proofs, type Proven } from './proof.ts'
import type { Program, Visitor } from './visitor.ts'

/** `edge`: the private unix socket, where the edge says who the visitor is. `plain`: TCP without TLS, where nobody does. */
export type Listener = 'edge' | 'plain'

/** Who knows what a credential stands for. */
export interface Judges {
  readonly sessions: Sessions
  readonly proofs: Proofs
  readonly tokens: { find(token: string, address: string): Promise<Program | null> }
}

const LOCAL = '127.0.0.1'

export async function visitorOf(
  req: FastifyRequest,
  listener: Listener,
  judges: Judges | null,
): Promise<Visitor> {
  const address = listener === 'edge' ? told(req) : canonicalAddress(req.socket.remoteAddress ?? '')
  if (address === null) throw new AppError('invalid', 'The address of the client is not known.')
  const secure = listener === 'edge' && req.headers['x-argos-proto'] !== 'http'
  const device = deviceOf(req, secure)
  const nobody = { address, secure, device, session: null, cli: null, program: null }
  if (judges === null) return nobody
  const { authorization } = req.headers
  // Whoever claims to hold the key is judged by that alone.
  if (claimsProof(authorization))
    return { ...nobody, cli: proven(req, authorization, listener, judges.proofs) }
  const bearer = /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1]
  if (bearer !== undefined) return { ...nobody, program: await known(bearer, address, judges.tokens) }
  const token = cookieOf(req, secure)
  const session = token === null ? null : await judges.sessions.find(token)
  return { ...nobody, session }
}

async function known(token: string, address: string, tokens: Judges['tokens']): Promise<Program> {
  const program = await tokens.find(token, address)
  if (program !== null) return program
  throw new AppError('unauthenticated', 'This token is not known, was taken back, or has ended.')
}

/** Only from the private socket, and not from the edge, which tells of every visitor that it brings. */
function proven(req: FastifyRequest, authorization: string, listener: Listener, proofs: Proofs): Proven {
  const brought = req.headers['x-argos-client'] !== undefined || req.headers['x-argos-proto'] !== undefined
  const cli =
    listener !== 'edge' || brought
      ? null
      : proofs.take({ method: req.method, path: req.raw.url ?? '', authorization })
  if (cli === null) throw notProven()
  return cli
}

/** Before the handler runs: the body is the one that was proven. `text` is undefined when none was read. */
export function refuseOtherBody({ visitor }: Pick<FastifyRequest, 'visitor'>, text = ''): void {
  if (visitor.cli && hashOfBody(text) !== visitor.cli.bodyHash) throw notProven()
}

const notProven = () =>
  new AppError(
    'unauthenticated',
    'This is no proof of the master key, or it was used, is too old, or came another way.',
  )

/** Whoever can open the socket without being the edge is a program of this machine's, of the service's group. */
function told(req: FastifyRequest): string | null {
  const header = req.headers['x-argos-client']
  if (header === undefined) return LOCAL
  return typeof header === 'string' ? canonicalAddress(header) : null
}
