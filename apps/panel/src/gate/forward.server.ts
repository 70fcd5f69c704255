import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { FastifyBaseLogger } from 'fastify'
import { hashToken, newToken, sameText } from '../secrets.ts'
import type { EdgeSessions } from './edge-session.service.ts'
import { type Answer, answersOf, identityHeaders, page } from './forward.answers.ts'
import { COOKIE, type Forwarded, forwardedOf, GUEST_PREFIX, STATE_COOKIE } from './forward.request.ts'
import type { ForwardJudge } from './forward.verdict.ts'
import type { Door } from './host-door.store.ts'

export interface ForwardDeps {
  readonly judge: ForwardJudge
  readonly edgeSessions: EdgeSessions
  readonly log: Pick<FastifyBaseLogger, 'error'>
  readonly secret: string
  /** Where people sign in for this name; null when there is no such place. */
  readonly login: (name: string) => Promise<{ readonly origin: string; readonly name: string } | null>
}

/** What the gate answers by itself, on every host that is not public. */
const OWN = /^\/_argos(\/|$)/

/**
 * Who may pass, for proxies other than ours: `/verify` answers 200, 302, 401 or 403, `/auth-request` the same without
 * the 302, as nginx knows no other. Whoever does not know the secret is told that there is nothing here.
 */
export function forwardServer({ judge, edgeSessions, log, secret, login }: ForwardDeps): Server {
  const signIn = async (request: Forwarded, door: Door, factor: boolean): Promise<Answer> => {
    const place = request.secure ? await login(request.name) : null
    const leaves = request.browser && ['GET', 'HEAD'].includes(request.method)
    if (place === null || !leaves) return answersOf.signIn(place?.origin ?? null, factor)
    const nonce = request.nonce ?? newToken()
    const query = new URLSearchParams({
      ...{ host: door.id, name: place.name, rd: request.uri.length <= 2_048 ? request.uri : '/' },
      state: createHash('sha256').update(nonce).digest('base64url'),
      ...(factor ? { factor: '1' } : {}),
    })
    return {
      status: 302,
      headers: {
        location: `${place.origin}/authorize?${query}`,
        'set-cookie': [cookie(STATE_COOKIE, nonce, 600)],
      },
    }
  }

  const own = async (request: Forwarded): Promise<Answer | null> => {
    const { path, method, credential, nonce, client } = request
    const door = await judge.doorOf(request.name)
    if (door === null || door.access.kind === 'public') return null
    const query = new URLSearchParams(request.uri.split('?')[1] ?? '')
    const enter = (entered: Awaited<ReturnType<EdgeSessions['guest']>>, prefix: string): Answer => {
      if (entered === null || !request.secure) return answersOf.stale
      if (!('token' in entered)) return answersOf.throttled(entered.retryAfterS)
      const set = cookie(COOKIE, `${prefix}${entered.token}`, entered.max_age_s)
      return { status: 303, headers: { location: entered.rd, 'set-cookie': [set] } }
    }
    if (path === '/_argos/session' && method === 'GET') {
      const asked = { ticket: hashToken(query.get('ticket') ?? ''), nonce: nonce ?? '', host: door.id }
      return enter(nonce === null ? null : await edgeSessions.redeem(asked), '')
    }
    if (path === '/_argos/guest' && method === 'GET') {
      const asked = { token: query.get('token') ?? '', host: door.id, client }
      return enter(await edgeSessions.guest(asked), GUEST_PREFIX)
    }
    if (path === '/_argos/logout' && method === 'GET') return answersOf.askLogout
    if (path === '/_argos/logout' && method === 'POST') {
      if (!request.sameOrigin) return answersOf.denied
      if (credential && ['cookie', 'guest'].includes(credential.kind))
        await edgeSessions.logout({ credential: credential.hash, host: door.id, client, here: false })
      return { ...answersOf.signedOut, headers: { 'set-cookie': [cookie(COOKIE, '', 0)] } }
    }
    return { status: 404, ...page('There is nothing here', 'This address is not known.') }
  }

  const verify = async (request: Forwarded): Promise<Answer> => {
    const answer = OWN.test(request.path) ? await own(request) : null
    if (answer) return answer
    const verdict = await judge.judge(request)
    switch (verdict.kind) {
      case 'pass':
        return { status: 200, headers: identityHeaders(verdict.facts, verdict.assertion) }
      case 'sign_in':
      case 'factor':
        return signIn(request, verdict.door, verdict.kind === 'factor')
      case 'throttled':
        return answersOf.throttled(verdict.retryAfterS)
      case 'denied':
        return answersOf.denied
    }
  }

  const answer = async (req: IncomingMessage): Promise<Answer> => {
    const [, path = '', inPath] =
      /^(\/verify|\/auth-request|\/_argos\/[^?]*)(?:\/([^/?]*))?(?:\?.*)?$/.exec(req.url ?? '') ?? []
    const given = req.headers['x-argos-secret'] ?? inPath
    if (typeof given !== 'string' || !sameText(given, secret)) return { status: 404 }
    const request = forwardedOf(req.headers)
    if (request === null) return { status: 400 }
    if (path.startsWith('/_argos/'))
      return (
        (await own({ ...request, method: req.method ?? '', uri: req.url ?? '', path })) ?? { status: 404 }
      )
    if (path === '') return { status: 404 }
    const found = await verify(request)
    if (path !== '/auth-request') return found
    // nginx knows yes, no and 401; where to is told beside it.
    if (found.status === 302 || found.status === 303) return { ...found, status: 401 }
    return { ...found, status: [200, 401].includes(found.status) ? found.status : 403 }
  }

  return createServer(
    { requestTimeout: 10_000, headersTimeout: 5_000, keepAliveTimeout: 75_000, maxHeaderSize: 65_536 },
    (req, res) => {
      req.resume() // What a visitor uploads is none of our business.
      answer(req)
        .catch((err: unknown): Answer => {
          log.error({ err }, 'a question of another proxy failed')
          return { status: 503, headers: { 'retry-after': '5' } }
        })
        .then(({ status, headers = {}, body = '' }) => {
          if (!res.writableEnded) res.writeHead(status, { 'cache-control': 'no-store', ...headers }).end(body)
        })
    },
  )
}

const cookie = (name: string, value: string, seconds: number): string =>
  `${name}=${value}; Path=/; Max-Age=${seconds}; Secure; HttpOnly; SameSite=Lax`
