import type { SealBroken, Secretbox } from '@argos/secretbox'
import type { FastifyBaseLogger } from 'fastify'
import { compactVerify, decodeProtectedHeader } from 'jose'
import type { Kysely } from 'kysely'
import { z } from 'zod'
import type { Audit } from '../audit/audit.service.ts'
import type { Clock } from '../clock.ts'
import type { DB } from '../db/schema.ts'
import { AppError } from '../errors.ts'
import type { Evictions } from '../gate/evictions.ts'
import type { Session } from '../http/visitor.ts'
import type { Identity } from '../identity/identity.service.ts'
import { providerOf } from './accounts.ts'
import type { Exchange } from './oidc.exchange.ts'
import { algorithms } from './oidc.keys.ts'
import type { Providers } from './oidc.provider.ts'
import { idTokenPlace } from './oidc.service.ts'
import { addressesAt, type OidcSettingsService } from './oidc.settings.ts'
import { oidcSessionStore } from './oidc.store.ts'
import { quoted } from './oidc.words.ts'

const SKEW_S = 30
/** A token that tells of a sign-out is made for now. */
const OLDEST_S = 10 * 60
const MOST_SEEN = 10_000
const EVENT = 'http://schemas.openid.net/event/backchannel-logout'

/** OpenID Connect Back-Channel Logout 1.0, 2.4 and 2.6. */
const LogoutToken = z.object({
  iss: z.string(),
  aud: z.union([z.string(), z.array(z.string())]),
  iat: z.number(),
  exp: z.number(),
  jti: z.string().min(1),
  events: z.looseObject({ [EVENT]: z.looseObject({}) }),
  sub: z.string().min(1).optional(),
  sid: z.string().min(1).optional(),
  nonce: z.undefined().optional(),
})

export interface OidcLogouts {
  /** Signs out here; answers where the browser signs out at the provider, when it can. */
  own(session: Session, address: string): Promise<string | null>
  /** The provider says that somebody signed out there. Throws when it is not the provider that says so. */
  backchannel(token: string): Promise<void>
}

export interface OidcLogoutDeps {
  readonly db: Kysely<DB>
  readonly clock: Clock
  readonly audit: Audit
  readonly box: Secretbox
  readonly log: Pick<FastifyBaseLogger, 'warn' | 'info'>
  readonly settings: OidcSettingsService
  readonly providers: Providers
  readonly exchange: Exchange
  readonly identity: Pick<Identity, 'logout'>
  readonly evictions: Pick<Evictions, 'now'>
}

export function oidcLogouts(deps: OidcLogoutDeps): OidcLogouts {
  const { db, clock, audit, box, log, settings, providers, exchange, identity, evictions } = deps
  /** Tokens that were taken, until they are over by themselves. */
  const seen = new Map<string, number>()

  const urlOf = async (sealed: string, userId: string) => {
    const { settings: now } = await settings.read()
    const origin = await settings.origin()
    if (!now.enabled || origin === null) return null
    try {
      const idToken = box.open({ ...idTokenPlace, row: userId }, sealed)
      const client = { settings: now, secret: null, provider: await providers.get(now) }
      return exchange.logoutUrl(client, idToken, addressesAt(origin).afterLogout)
    } catch (err) {
      // Signed out here is what counts; a provider that is away is told another time.
      log.warn({ reason: quoted((err as SealBroken).message) }, 'the provider’s sign-out cannot be offered')
      return null
    }
  }

  const read = async (token: string) => {
    const { settings: now } = await settings.read()
    if (!now.enabled) throw wrong('single sign-on is off')
    const { alg, kid, typ } = decodeProtectedHeader(token)
    if (typ !== undefined && !/^(application\/)?(logout\+jwt|jwt)$/i.test(typ)) throw wrong('typ')
    const { keys } = await providers.get(now)
    const header = { alg: alg ?? 'none', ...(kid === undefined ? {} : { kid }) }
    const { payload } = await keys.verify(header, (key) =>
      compactVerify(token, key, { algorithms: [...algorithms] }),
    )
    const parsed = LogoutToken.safeParse(JSON.parse(Buffer.from(payload).toString('utf8')))
    if (!parsed.success) throw wrong(parsed.error.issues[0]?.path.join('.') ?? 'claims')
    const { iss, aud, iat, exp, jti, sub, sid } = parsed.data
    const at = clock.now() / 1_000
    if (iss !== now.issuer) throw wrong('iss')
    if (![aud].flat().includes(now.clientId)) throw wrong('aud')
    if (iat > at + SKEW_S || iat < at - OLDEST_S || exp < at - SKEW_S) throw wrong('time')
    if (sub === undefined && sid === undefined) throw wrong('sub and sid')
    const until = (Math.min(exp, at + OLDEST_S) + SKEW_S) * 1_000
    return { settings: now, jti, until, of: { issuer: iss, sub: sub ?? null, sid: sid ?? null } }
  }

  const once = (jti: string, until: number) => {
    const now = clock.now()
    if (seen.has(jti)) throw wrong('jti')
    if (seen.size >= MOST_SEEN) for (const [old, end] of seen) if (end <= now) seen.delete(old)
    if (seen.size >= MOST_SEEN) seen.clear()
    seen.set(jti, until)
  }

  return {
    async own(session, address) {
      const sealed = await oidcSessionStore(db).idTokenOf(session.tokenHash)
      await identity.logout(session, address)
      return sealed === null ? null : urlOf(sealed, session.userId)
    },

    async backchannel(token) {
      let told: Awaited<ReturnType<typeof read>>
      try {
        told = await read(token)
        once(told.jti, told.until)
      } catch (err) {
        if (err instanceof AppError && err.code === 'busy') throw err
        const detail = quoted(err instanceof Error ? (err.cause ?? err.message) : err)
        log.warn({ detail }, 'a sign-out that the provider is said to tell of was refused')
        throw new AppError('invalid', 'This is no logout token of the provider’s for this client.')
      }
      const ended = await db.transaction().execute(async (trx) => {
        const ids = await oidcSessionStore(trx).endOf(told.of)
        if (ids.length > 0)
          await audit.record(trx, providerOf(told.settings), {
            action: 'logout',
            subject: { kind: 'session', id: null, name: told.settings.name },
            words: `Ended ${ids.length === 1 ? 'a session' : `${ids.length} sessions`} that were signed out at ${told.settings.name}`,
          })
        return ids
      })
      await evictions.now(...ended.map((session) => ({ session })))
    },
  }
}

const wrong = (what: string) => new AppError('invalid', 'This is no logout token.', { cause: what })
