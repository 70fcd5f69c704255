import type { OidcCallbackQuery, OidcPurpose, OidcReturn } from '@argos/contract'
import type { Secretbox } from '@argos/secretbox'
import type { FastifyBaseLogger } from 'fastify'
import type { Kysely, Transaction } from 'kysely'
import type { Clock } from '../clock.ts'
import type { DB } from '../db/schema.ts'
import { AppError } from '../errors.ts'
import type { Evictions } from '../gate/evictions.ts'
import { bucketOf } from '../http/address.ts'
import type { Session } from '../http/visitor.ts'
import type { Asked, Finish, Finished } from '../identity/finish.ts'
import type { From, Sessions } from '../identity/sessions.ts'
import { accountStore } from './account.store.ts'
import type { Accounts } from './accounts.ts'
import { factorAtOf, profileOf } from './oidc.claims.ts'
import type { Client, Exchange, Exchanged } from './oidc.exchange.ts'
import type { Providers } from './oidc.provider.ts'
import { addressesAt, type OidcSettingsService } from './oidc.settings.ts'
import type { Begun, States } from './oidc.state.ts'
import { NotSignedIn } from './oidc.words.ts'

/** Sign-ins that wait for the provider at once: of one visitor few, so that they do not take all places. */
const AT_ONCE = { all: 64, each: 8 } as const

export interface Browser {
  readonly asked: Asked
  readonly from: From
  readonly session: Session | null
}
export interface Begin {
  readonly purpose: OidcPurpose
  readonly authorize: OidcReturn | null
}
export type Came = Finished & { readonly purpose: OidcPurpose; readonly authorize: OidcReturn | null }

export interface Oidc {
  /** The provider's settings when it is on and can be used here; null otherwise. */
  offered(): Promise<{ name: string; preset: Client['settings']['preset']; origin: string } | null>
  start(begin: Begin, browser: Browser): Promise<{ url: string; cookie: string }>
  callback(query: OidcCallbackQuery, cookie: string | undefined, browser: Browser): Promise<Came>
  link(session: Session): Promise<{ issuer: string; email: string | null; at: number } | null>
  unlink(session: Session, address: string): Promise<void>
}

export interface OidcDeps {
  readonly db: Kysely<DB>
  readonly clock: Clock
  readonly log: Pick<FastifyBaseLogger, 'warn'>
  readonly box: Secretbox
  readonly settings: OidcSettingsService
  readonly providers: Providers
  readonly exchange: Exchange
  readonly states: States
  readonly accounts: Accounts
  readonly sessions: Sessions
  readonly finish: Finish
  readonly evictions: Pick<Evictions, 'now'>
}

export function oidcService(deps: OidcDeps): Oidc {
  const {
    db,
    clock,
    log,
    box,
    settings,
    providers,
    exchange,
    states,
    accounts,
    sessions,
    finish,
    evictions,
  } = deps
  const running = new Map<string, number>()

  const place = async () => {
    const { settings: now } = await settings.read()
    const origin = await settings.origin()
    if (!now.enabled) throw new AppError('forbidden', 'Single sign-on is switched off. Sign in another way.')
    if (origin === null)
      throw new AppError('forbidden', 'Single sign-on needs a name of the panel. Sign in another way.')
    return { now, origin, redirect: addressesAt(origin).redirect }
  }
  const clientOf = async (now: Client['settings']): Promise<Client> => ({
    settings: now,
    provider: await providers.get(now),
    secret: await settings.secret(),
  })
  /** Said on the page in words; what the provider said goes into the log. */
  const logged = async <T>(what: () => Promise<T>): Promise<T> => {
    try {
      return await what()
    } catch (err) {
      if (err instanceof NotSignedIn)
        log.warn({ reason: err.message, detail: err.detail }, 'single sign-on failed')
      throw err
    }
  }
  const limited = async <T>({ from }: Browser, what: () => Promise<T>): Promise<T> => {
    const bucket = bucketOf(from.address)
    const theirs = running.get(bucket) ?? 0
    const all = [...running.values()].reduce((sum, n) => sum + n, 0)
    if (theirs >= AT_ONCE.each || all >= AT_ONCE.all)
      throw new AppError('busy', 'Too many sign-ins wait for the provider. Try again.', { retryAfterS: 10 })
    running.set(bucket, theirs + 1)
    try {
      return await what()
    } finally {
      const left = (running.get(bucket) ?? 1) - 1
      if (left === 0) running.delete(bucket)
      else running.set(bucket, left)
    }
  }

  const signIn = async (client: Client, begun: Begun, { claims, idToken }: Exchanged, browser: Browser) => {
    const profile = profileOf(claims, client.settings)
    const factorAt = factorAtOf(claims, client.settings, clock.now())
    const { end_session_endpoint: ends } = client.provider.metadata
    let changed: string | null = null
    const finished = await finish.signIn(browser.asked, async (trx) => {
      // The exchange took its time: it may have been switched off, or made another's, meanwhile.
      const { settings: now } = await settings.read(trx)
      if (!now.enabled || now.issuer !== begun.issuer || now.clientId !== begun.clientId) throw another()
      const admitted = await accounts.admit(trx, profile, now)
      if (admitted.changed) changed = admitted.user.id
      const row = admitted.user.id
      // A token too long for an address is no hint that anybody could be given.
      const kept = ends !== undefined && idToken.length <= 6_000
      return {
        user: admitted.user,
        method: 'oidc',
        from: browser.from,
        replaces: browser.session,
        factorAt,
        oidc: {
          sid: typeof claims.sid === 'string' ? claims.sid.slice(0, 300) : null,
          idToken: kept ? box.seal({ ...idTokenPlace, row }, idToken) : null,
        },
      }
    })
    if (changed !== null) await evictions.now({ person: changed })
    return finished
  }

  const link = async ({ settings: now }: Client, session: Session, { claims }: Exchanged, from: From) => {
    const profile = profileOf(claims, now)
    // With the new token: a session that ended while the provider was asked connects nothing.
    const next = await rotated(session, {}, (trx) => accounts.link(trx, profile, now, session, from.address))
    await evictions.now({ person: session.userId })
    return next
  }
  const again = async ({ settings: now }: Client, session: Session, { claims }: Exchanged, from: From) => {
    const { issuer, sub } = profileOf(claims, now)
    const identity = await accountStore(db).identity(issuer, sub)
    if (identity?.user_id !== session.userId)
      throw new NotSignedIn(`That is another account of ${now.name} than the one connected with yours.`)
    const factorAt = factorAtOf(claims, now, clock.now())
    const proven = { authAt: clock.now(), ...(factorAt === null ? {} : { factorAt }) }
    return rotated(session, proven, (trx) => accounts.again(trx, now, session, from.address))
  }
  const rotated = async (
    session: Session,
    proven: { readonly authAt?: number; readonly factorAt?: number },
    act: (trx: Transaction<DB>) => Promise<void>,
  ): Promise<Finished> => {
    const next = await db.transaction().execute(async (trx) => {
      await act(trx)
      return sessions.rotate(trx, session, proven)
    })
    await evictions.now({ session: session.id })
    return { kind: 'signed_in', token: next.token, session: next }
  }

  return {
    async offered() {
      const { settings: now } = await settings.read()
      const origin = await settings.origin()
      return now.enabled && origin !== null ? { name: now.name, preset: now.preset, origin } : null
    },

    start: ({ purpose, authorize }, { asked, session }) =>
      logged(async () => {
        const { now, origin, redirect } = await place()
        // The cookie belongs to the address it is set on, and the provider comes back to one only.
        if (asked.origin !== origin)
          throw new AppError('invalid', `Open the panel at ${origin} to sign in with ${now.name}.`)
        if (purpose !== 'sign_in') {
          if (session === null) throw new AppError('unauthenticated', 'Sign in first.')
          if (purpose === 'link') sessions.requireRecent(session)
        }
        const client = await clientOf(now)
        const of = { issuer: now.issuer, clientId: now.clientId, purpose, authorize }
        const { begun, cookie } = states.begin({
          ...of,
          session: purpose === 'sign_in' ? null : (session?.id ?? null),
        })
        return { url: exchange.authorizationUrl(client, begun, redirect), cookie }
      }),

    callback: (query, cookie, browser) =>
      logged(async () => {
        const begun = states.take(cookie, query.state)
        const { now, redirect } = await place()
        if (now.issuer !== begun.issuer || now.clientId !== begun.clientId) throw another()
        const { purpose, authorize } = begun
        const { session } = browser
        if (purpose !== 'sign_in' && (session === null || session.id !== begun.session))
          throw new AppError('unauthenticated', 'You signed out meanwhile. Sign in, and begin again.')
        return limited(browser, async () => {
          const client = await clientOf(now)
          const exchanged = await exchange.redeem(client, begun, redirect, query)
          const finished =
            session === null || purpose === 'sign_in'
              ? await signIn(client, begun, exchanged, browser)
              : purpose === 'link'
                ? await link(client, session, exchanged, browser.from)
                : await again(client, session, exchanged, browser.from)
          return { ...finished, purpose, authorize }
        })
      }),

    async link({ userId }) {
      const { settings: now } = await settings.read()
      const row = await accountStore(db).linkOf(now.issuer, userId)
      return row ? { issuer: row.issuer, email: row.email, at: row.created_at } : null
    },

    async unlink(session, address) {
      const { settings: now } = await settings.read()
      await db.transaction().execute((trx) => accounts.unlink(trx, now, session, address))
      await evictions.now({ person: session.userId })
    },
  }
}

/** Under the person: it is sealed before there is a session. */
export const idTokenPlace = { table: 'session', column: 'oidc_id_token' } as const

const another = () =>
  new AppError('unauthenticated', 'Single sign-on was changed meanwhile. Begin once more.')
