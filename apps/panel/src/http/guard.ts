import {
  authorize,
  invitationAccept,
  invitationOpen,
  login,
  loginChallenge,
  loginChallengeView,
  loginPasskey,
  loginPasskeyOptions,
  logout,
  type Operation,
  oidcBackchannelLogout,
  oidcCallback,
  type Role,
  resetFinish,
  resetOpen,
  type Scope,
  setupCreate,
} from '@argos/contract'
import type { FastifyRequest } from 'fastify'
import { AppError } from '../errors.ts'
import type { Sessions } from '../identity/sessions.ts'
import type { Program, Session } from './visitor.ts'

/** What a role may do in the panel. A member only signs in, to reach hosts. */
export const allows = (role: Role, scope: Scope): boolean =>
  scope === 'public' || scope === 'session' || role === 'admin'

/** These bring the credential they are judged by, so a session that happens to be there needs no token. */
const bringsCredential = new Set<string>(
  [
    login,
    loginChallenge,
    loginChallengeView,
    loginPasskey,
    loginPasskeyOptions,
    oidcBackchannelLogout,
    oidcCallback,
    setupCreate,
    invitationOpen,
    invitationAccept,
    resetOpen,
    resetFinish,
  ].map(({ id }) => id),
)

const comesIn = new Set<string>(
  [authorize, login, loginChallenge, loginChallengeView, loginPasskey, loginPasskeyOptions, logout].map(
    ({ id }) => id,
  ),
)

/**
 * Everything a request must pass before its body is read: where it comes from, who sends it, that the page meant it,
 * and that they may.
 */
export function guard(
  req: FastifyRequest,
  op: Operation,
  sessions: Sessions,
  publicOrigin: string | null,
): void {
  refuseForeignOrigin(req, publicOrigin)
  const { session, cli, program } = req.visitor
  if (op.scope === 'session' && cli) {
    throw new AppError('forbidden', 'This is about a person who is signed in; the command line is nobody.')
  }
  if (program) {
    refuseBeyond(program, op)
    return
  }
  if (op.scope !== 'public' && !session && !cli) throw new AppError('unauthenticated', 'Sign in first.')
  if (op.method !== 'GET' && session && !bringsCredential.has(op.id))
    refuseWithoutToken(req, session, sessions)
  if (session && !allows(session.role, op.scope)) {
    throw new AppError('forbidden', 'Your account may not do this.')
  }
  if (session && op.recent) sessions.requireRecent(session)
}

/** A token is for what it names: nothing that is about being signed in, or that asks who somebody is just now. */
function refuseBeyond({ role, scopes }: Program, op: Operation): void {
  if (op.scope === 'public') return
  if (op.scope === 'session' || op.recent)
    throw new AppError('forbidden', 'This is done by a person who is signed in, and by no token.')
  if (!scopes.includes(op.scope) || !allows(role, op.scope))
    throw new AppError('forbidden', `This token may not do that: it needs ${op.scope}.`)
}

/** What is asked for while nothing may be changed: to look, and to come in. */
export function refuseChange({ id, method, scope }: Operation): void {
  if (method === 'GET' || scope.endsWith(':read') || comesIn.has(id)) return
  throw new AppError(
    'read_only',
    'ARGOS_MASTER_KEY is not the key this database was made with, so nothing is changed. Put the key of your recovery sheet back.',
  )
}

/** Browsers say where a request comes from in headers that pages cannot set. Programs that send none have no cookie jar. */
function refuseForeignOrigin(req: FastifyRequest, publicOrigin: string | null): void {
  const { origin, host, 'sec-fetch-site': site, 'sec-fetch-mode': mode } = req.headers
  const reading = req.method === 'GET' || req.method === 'HEAD'
  const followsLink = reading && mode === 'navigate'
  const foreignSite = site !== undefined && site !== 'same-origin' && !(reading && site === 'none')
  const own = origin === publicOrigin || isOwn(origin ?? '', host, req.visitor.secure)
  const foreignOrigin = origin !== undefined && !own
  if (foreignOrigin || (foreignSite && !followsLink)) {
    throw new AppError('forbidden', 'This request came from another site.')
  }
}

function isOwn(origin: string, host: string | undefined, secure: boolean): boolean {
  // Behind a proxy of one's own, plain HTTP here may well be HTTPS there.
  const schemes = secure ? ['https:'] : ['http:', 'https:']
  try {
    const url = new URL(origin)
    return schemes.includes(url.protocol) && url.host === new URL(`${url.protocol}//${host}`).host
  } catch {
    return false // `null`, or nonsense
  }
}

function refuseWithoutToken(req: FastifyRequest, session: Session, sessions: Sessions): void {
  const sent = req.headers['x-csrf-token']
  if (typeof sent !== 'string' || !sessions.csrfFits(session, sent)) {
    throw new AppError('forbidden', 'The page is out of date with your session. Load it again.')
  }
}
