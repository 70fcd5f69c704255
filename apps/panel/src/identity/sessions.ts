import { createHmac } from 'node:crypto'
import { subkey } from '@argos/secretbox'
import type { Kysely, Selectable, Transaction } from 'kysely'
import type { Clock } from '../clock.ts'
import type { DB, SessionTable } from '../db/schema.ts'
import { AppError } from '../errors.ts'
import type { Session } from '../http/visitor.ts'
import { newId } from '../id.ts'
import { hashToken, looksLikeToken, newToken, sameText } from '../secrets.ts'
import { deviceStore } from './device.store.ts'
import { type SessionRow, sessionStore } from './session.store.ts'
import { readSessionHours, writeSessionHours } from './session-limits.ts'

const HOUR_MS = 60 * 60_000
export const IDLE_MS = 24 * HOUR_MS
/** How long somebody who has just proven who they are may do what asks for that. */
export const RECENT_MS = 10 * 60_000
/** The database learns of a use when the one it knows of is this old. */
export const SEEN_EVERY_MS = 5 * 60_000
const PER_PERSON = 20

export interface From {
  readonly address: string
  readonly userAgent: string
  /** The token in the cookie that makes this browser one that is known. Without it the browser stays a stranger. */
  readonly device?: string
}
export type SessionMethod = SessionTable['method']
export type OwnSession = Selectable<SessionTable> & { readonly lastSeenAt: number }

export interface Opened {
  /** For the cookie, and nowhere else. */
  readonly token: string
  readonly tokenHash: string
  readonly id: string
  /** Sessions that had to go because a person has only so many, by id. */
  readonly dropped: readonly string[]
}
interface More {
  /** When a second factor was given; null when none was. */
  readonly factorAt?: number | null
  readonly oidcSid?: string | null
  /** Sealed. */
  readonly oidcIdToken?: string | null
}

export interface Sessions {
  /** Begins a session and answers its token, which is kept nowhere else. */
  open(trx: Transaction<DB>, userId: string, from: From, by: SessionMethod, more?: More): Promise<Opened>
  /** Writes nothing, so that reading changes nothing; the use is kept in memory until `tidy`. */
  find(token: string): Promise<Session | null>
  /** The same by the id, for a cookie of a host that stands for it. It counts as a use. */
  findById(id: string): Promise<Session | null>
  /** When it was last used, as far as is known here. */
  lastUse(row: Pick<SessionRow, 'id' | 'last_seen_at'>): number
  /** A person's, the last used first. */
  listOf(userId: string): Promise<OwnSession[]>
  end(trx: Transaction<DB>, tokenHash: string): Promise<void>
  /** Ends one of a person's own; says whether there was one. */
  endOne(trx: Transaction<DB>, userId: string, id: string): Promise<boolean>
  /** Ends all of a person's but one, and answers the ids of those that ended. */
  endAllOf(trx: Transaction<DB>, userId: string, exceptTokenHash?: string): Promise<string[]>
  /** The same session under a new token: after each proof of who somebody is, and whenever they may more or less. */
  rotate(
    trx: Transaction<DB>,
    session: Pick<Session, 'tokenHash'>,
    proven?: { readonly authAt?: number; readonly factorAt?: number | null },
  ): Promise<Session & { readonly token: string }>
  /** Refuses with `step_up_required` who has not proven who they are within the last ten minutes. */
  requireRecent(session: Pick<Session, 'authAt'>): void
  /** How long they last in any case, in hours. Shorter counts for those that are open, too. */
  limitTo(trx: Transaction<DB>, hours: number): Promise<void>
  csrfToken(session: Pick<Session, 'id'>): string
  csrfFits(session: Pick<Session, 'id'>, sent: string): boolean
  /** Writes down when sessions were last used, and drops those that have ended. */
  tidy(): Promise<{ used: number }>
}

interface Use {
  readonly at: number
  /** What the database says, and when it was told. */
  readonly stored: number
  readonly writtenAt: number
}

export function sessionService({
  db,
  clock,
  masterKey,
}: {
  db: Kysely<DB>
  clock: Clock
  masterKey: Buffer
}): Sessions {
  const csrfKey = subkey(masterKey, 'csrf')
  /** Uses by id that the database may not know yet. Lost by a crash, a session only seems idle a little longer. */
  const used = new Map<string, Use>()

  // Bound to the session: neither another person's token nor a cookie set by a sibling domain fits it.
  const csrfToken: Sessions['csrfToken'] = ({ id }) =>
    createHmac('sha256', csrfKey).update(id).digest('base64url')
  const lastUse: Sessions['lastUse'] = ({ id, last_seen_at }) => Math.max(last_seen_at, used.get(id)?.at ?? 0)
  const alive = (row: SessionRow | undefined): Session | null => {
    if (row === undefined) return null
    const now = clock.now()
    if (now >= row.expires_at || now - lastUse(row) >= IDLE_MS) return null
    const { stored, writtenAt } = used.get(row.id) ?? {
      stored: row.last_seen_at,
      writtenAt: row.last_seen_at,
    }
    used.set(row.id, { at: now, stored, writtenAt })
    return sessionOf(row, now)
  }

  return {
    csrfToken,
    csrfFits: (session, sent) => sameText(csrfToken(session), sent),
    lastUse,

    async open(trx, userId, { address, userAgent, device }, method, more = {}) {
      const token = newToken()
      const tokenHash = hashToken(token)
      const id = newId('s')
      const now = clock.now()
      const store = sessionStore(trx)
      await store.insert({
        token_hash: tokenHash,
        id,
        user_id: userId,
        created_at: now,
        last_seen_at: now,
        expires_at: now + (await readSessionHours(trx)) * HOUR_MS,
        address,
        user_agent: userAgent.slice(0, 300),
        method,
        auth_at: now,
        factor_at: more.factorAt ?? null,
        oidc_sid: more.oidcSid ?? null,
        oidc_id_token: more.oidcIdToken ?? null,
      })
      if (device !== undefined && looksLikeToken(device))
        await deviceStore(trx).remember(hashToken(device), userId, now)
      return { token, tokenHash, id, dropped: await store.keepNewest(userId, PER_PERSON) }
    },

    async find(token) {
      return looksLikeToken(token) ? alive(await sessionStore(db).find(hashToken(token))) : null
    },

    findById: async (id) => alive(await sessionStore(db).findById(id)),

    async listOf(userId) {
      const now = clock.now()
      return (await sessionStore(db).allOf(userId))
        .map((row) => ({ ...row, lastSeenAt: lastUse(row) }))
        .filter(({ expires_at, lastSeenAt }) => now < expires_at && now - lastSeenAt < IDLE_MS)
        .sort((a, b) => b.lastSeenAt - a.lastSeenAt)
    },

    end: (trx, tokenHash) => sessionStore(trx).delete(tokenHash),
    endOne: (trx, userId, id) => sessionStore(trx).deleteOne(userId, id),
    endAllOf: (trx, userId, except) => sessionStore(trx).deleteAllOf(userId, except),

    async rotate(trx, { tokenHash }, proven = {}) {
      const token = newToken()
      const store = sessionStore(trx)
      await store.replaceToken(tokenHash, hashToken(token), {
        ...(proven.authAt === undefined ? {} : { auth_at: proven.authAt }),
        ...(proven.factorAt === undefined ? {} : { factor_at: proven.factorAt }),
      })
      const row = await store.find(hashToken(token))
      if (row === undefined) throw new AppError('unauthenticated', 'Sign in first.')
      return { ...sessionOf(row, clock.now()), token }
    },

    requireRecent({ authAt }) {
      if (clock.now() - authAt < RECENT_MS) return
      throw new AppError(
        'step_up_required',
        'Prove once more who you are: you signed in more than ten minutes ago.',
      )
    },

    async limitTo(trx, hours) {
      await writeSessionHours(trx, hours)
      await sessionStore(trx).shorten(hours * HOUR_MS)
    },

    async tidy() {
      const now = clock.now()
      const due = [...used].filter(([, { writtenAt }]) => now - writtenAt >= SEEN_EVERY_MS)
      const news = due.filter(([, { at, stored }]) => at > stored)
      await db.transaction().execute(async (trx) => {
        const store = sessionStore(trx)
        for (const [id, { at }] of news) await store.seen(id, at)
        // Whether it is over is judged at each use; rows go later, as what is in memory may be newer.
        await store.deleteExpired(now, now - IDLE_MS - HOUR_MS)
      })
      for (const [id, { at, stored }] of due) {
        const latest = used.get(id)
        if (at <= stored && latest?.at === at) used.delete(id)
        else if (latest) used.set(id, { at: latest.at, stored: at, writtenAt: now })
      }
      return { used: news.length }
    },
  }
}

const sessionOf = (row: SessionRow, now: number): Session => ({
  tokenHash: row.token_hash,
  id: row.id,
  userId: row.user_id,
  username: row.username,
  role: row.role,
  authAt: row.auth_at,
  factorAt: row.factor_at,
  endsAt: Math.min(row.expires_at, now + IDLE_MS),
})
