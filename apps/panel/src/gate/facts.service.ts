import type { FastifyBaseLogger } from 'fastify'
import type { Kysely } from 'kysely'
import type { Clock } from '../clock.ts'
import type { DB } from '../db/schema.ts'
import type { Sessions } from '../identity/sessions.ts'
import type { AppUses } from './app-uses.ts'
import type { FactsCache } from './facts.cache.ts'
import { factsStore } from './facts.store.ts'
import type { Facts, FactsPerson } from './facts.ts'
import type { Guesses } from './guesses.ts'

/** How the credential was brought. */
export const kinds = ['cookie', 'guest', 'basic', 'bearer', 'header'] as const
export type CredentialKind = (typeof kinds)[number]

export interface Question {
  /** Hex SHA-256; the credential itself stays at the edge. */
  readonly credential: string
  readonly kind: CredentialKind
  readonly host: string
  /** Which of its names the visitor is at. */
  readonly name?: string | undefined
  readonly client: string
  /** The name beside an app password, when it came as Basic. */
  readonly user?: string | undefined
}
export type FactsAnswer = { readonly facts: Facts | null } | { readonly retryAfterS: number }
export interface FactsService {
  ask(question: Question): Promise<FactsAnswer>
}
export interface FactsDeps {
  readonly db: Kysely<DB>
  readonly clock: Clock
  readonly sessions: Pick<Sessions, 'findById'>
  readonly cache: FactsCache
  readonly guesses: Guesses
  readonly uses: Pick<AppUses, 'used'>
  readonly log: Pick<FastifyBaseLogger, 'warn'>
}

/** What has no end of its own is asked for again long before this. */
const OPEN_ENDED_MS = 24 * 60 * 60_000

/** Says what a credential stands for. It judges nothing: the gate has the policy and the request. */
export function factsService(deps: FactsDeps): FactsService {
  const { db, clock, sessions, cache, guesses, uses, log } = deps
  const store = factsStore(db)

  const personOf = async (userId: string, provider: FactsPerson['provider']) => {
    const row = await store.person(userId)
    if (row === undefined) return null
    const groups = await store.groupsOf(userId)
    const person: FactsPerson = {
      id: row.id,
      username: row.username,
      name: headerText(row.display_name) || row.username,
      email: headerText(row.email ?? ''),
      // Applications are given a list with commas; a group that has one would be two.
      groups: groups.map(({ name }) => headerText(name)).filter((name) => name !== '' && !name.includes(',')),
      provider,
    }
    return { person, groups: groups.map(({ id }) => id) }
  }

  const ofCookie = async ({ credential, host }: Question): Promise<Facts | null> => {
    const row = await store.edgeSession(credential, host)
    if (row === undefined || row.expires_at <= clock.now()) return null
    const session = await sessions.findById(row.session_id)
    if (session === null) return null
    const method = (await store.methodOf(session.id))?.method
    const who = await personOf(session.userId, method === 'oidc' ? 'oidc' : 'local')
    return (
      who && {
        ...who,
        session: session.id,
        factor_at: session.factorAt,
        auth_at: session.authAt,
        paths: null,
        until: Math.min(session.endsAt, row.expires_at),
        source: 'session',
      }
    )
  }
  const ofGuest = async ({ credential, host }: Question): Promise<Facts | null> => {
    const row = await store.guestSession(credential, host)
    if (row === undefined) return null
    const until = Math.min(row.expires_at, row.link_expires_at)
    if (until <= clock.now()) return null
    const { id: session, created_at: auth_at } = row
    const paths = pathsOf(row.paths)
    return { session, person: null, groups: [], factor_at: null, auth_at, paths, until, source: 'guest' }
  }
  const ofApp = async ({ credential, host, kind, user, client }: Question): Promise<Facts | null> => {
    const row = await store.appPassword(credential, host)
    if (row === undefined || (kind === 'basic' && !sameName(row.username, user))) return null
    const now = clock.now()
    if (row.expires_at !== null && row.expires_at <= now) return null
    const who = await personOf(row.user_id, 'local')
    if (who === null) return null
    uses.used(row.id, client)
    return {
      ...who,
      session: row.id,
      factor_at: null,
      auth_at: row.created_at,
      paths: pathsOf(row.paths),
      until: row.expires_at ?? now + OPEN_ENDED_MS,
      source: 'app',
    }
  }

  return {
    async ask(question) {
      const { credential, host, client } = question
      const known = cache.get(credential, host)?.facts
      if (known && fits(known, question)) return { facts: known }
      const source = sourceOf(question.kind)
      const byApp = source === 'app'
      // Cookies are not counted: browsers bring those of sessions that have ended.
      const retryAfterS = byApp ? guesses.waitS(client) : 0
      if (retryAfterS > 0) return { retryAfterS }
      const epoch = cache.epoch()
      const facts = await { session: ofCookie, app: ofApp, guest: ofGuest }[source](question)
      if (facts) cache.put(epoch, { credential, host, facts })
      else if (byApp && guesses.wrong(client, `${credential} ${question.user ?? ''}`))
        log.warn({ client }, 'too many wrong app passwords: this address is refused for half an hour')
      return { facts }
    },
  }
}

const sourceOf = (kind: CredentialKind): Facts['source'] =>
  kind === 'cookie' ? 'session' : kind === 'guest' ? 'guest' : 'app'

/** What is remembered of a credential is not what it stands for when it is brought in another way. */
const fits = ({ source, person }: Facts, { kind, user }: Question): boolean =>
  source === sourceOf(kind) && (kind !== 'basic' || sameName(person?.username ?? '', user))

const sameName = (username: string, typed: string | undefined): boolean =>
  typed !== undefined && typed.normalize('NFKC').trim().toLowerCase() === username

/** Null: the whole host. */
function pathsOf(json: string): readonly string[] | null {
  const paths = JSON.parse(json) as unknown
  if (!Array.isArray(paths) || paths.length === 0) return null
  return paths.filter((path) => typeof path === 'string')
}

/** Goes into a header: a line end in it would be another header. */
const headerText = (text: string): string => text.replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '').trim()
