import type { Kysely } from 'kysely'
import type { Audit } from '../audit/audit.service.ts'
import type { Clock } from '../clock.ts'
import type { DB } from '../db/schema.ts'
import type { Sessions } from '../identity/sessions.ts'
import { hashToken, newToken } from '../secrets.ts'
import { edgeSessionStore } from './edge-session.store.ts'
import type { Evictions } from './evictions.ts'
import type { Guesses } from './guesses.ts'
import { guestStore } from './guest.store.ts'
import { doorStore } from './host-door.store.ts'
import { pathTarget } from './return-to.ts'
import type { Tickets } from './tickets.ts'

/** What the gate puts into the browser. */
export interface EdgeCookie {
  readonly token: string
  readonly rd: string
  readonly max_age_s: number
}
export interface EdgeSessions {
  /** The ticket's hash and what the host had put into the browser, for the host's own cookie. Null: they do not fit. */
  redeem(asked: { ticket: string; nonce: string; host: string }): Promise<EdgeCookie | null>
  /** The link's token. Null: there is no such link, or it is over. */
  guest(asked: {
    token: string
    host: string
    client: string
  }): Promise<EdgeCookie | { retryAfterS: number } | null>
  /** Ends the session that the cookie stands for, at the panel and at every host; or only here. */
  logout(asked: { credential: string; host: string; client: string; here: boolean }): Promise<void>
  tidy(): Promise<void>
}
export interface EdgeSessionDeps {
  readonly db: Kysely<DB>
  readonly clock: Clock
  readonly audit: Pick<Audit, 'record'>
  readonly sessions: Pick<Sessions, 'findById' | 'end'>
  readonly tickets: Tickets
  readonly guesses: Guesses
  readonly evictions: Evictions
}

export function edgeSessionService(deps: EdgeSessionDeps): EdgeSessions {
  const { db, clock, audit, sessions, tickets, guesses, evictions } = deps
  const doors = doorStore(db)

  return {
    async redeem({ ticket: hash, nonce, host }) {
      const ticket = tickets.take(hash)
      if (ticket === null || ticket.host !== host || ticket.state !== stateOf(nonce)) return null
      // Looked at again: a minute is long enough to sign out, or to take the host away.
      const session = await sessions.findById(ticket.session)
      if (session === null || (await doors.byId(host)) === null) return null
      const token = newToken()
      const now = clock.now()
      const end = await db.transaction().execute(async (trx) => {
        const store = edgeSessionStore(trx)
        const row = await store.endOf(session.id)
        if (row === undefined) return null
        const { expires_at } = row
        await store.insert({
          ...{ token_hash: hashToken(token), host_id: host, session_id: session.id },
          ...{ created_at: now, expires_at },
        })
        return expires_at
      })
      if (end === null) return null
      return { token, rd: pathTarget(ticket.rd) ?? '/', max_age_s: Math.floor((end - now) / 1_000) }
    },

    async guest({ token: raw, host, client }) {
      const retryAfterS = guesses.waitS(client)
      if (retryAfterS > 0) return { retryAfterS }
      const now = clock.now()
      const token = newToken()
      const link = await db
        .transaction()
        .execute((trx) =>
          guestStore(trx).open({ linkHash: hashToken(raw), tokenHash: hashToken(token), host, now }),
        )
      if (link === null) {
        guesses.wrong(client, hashToken(raw))
        return null
      }
      const [first = '/'] = JSON.parse(link.paths) as string[]
      const max_age_s = Math.floor((link.expires_at - now) / 1_000)
      return { token, rd: pathTarget(first) ?? '/', max_age_s }
    },

    async logout({ credential, host, client, here }) {
      const store = edgeSessionStore(db)
      const owner = await store.owner(credential, host)
      if (owner === undefined || here) {
        await store.delete(credential)
        if (owner === undefined) await store.deleteGuest(credential)
        await evictions.now({ credential })
        return
      }
      const door = await doors.byId(host)
      await db.transaction().execute(async (trx) => {
        await sessions.end(trx, owner.token_hash)
        await audit.record(
          trx,
          { kind: 'user', id: owner.userId, name: owner.username, address: client },
          {
            action: 'logout',
            subject: { kind: 'user', id: owner.userId, name: owner.username },
            words: `Signed out${door ? ` at ${door.name}` : ''}`,
          },
        )
      })
      await evictions.now({ session: owner.sessionId })
    },

    tidy: () => db.transaction().execute((trx) => edgeSessionStore(trx).deleteExpired(clock.now())),
  }
}

/** As the gate computes it of what it put into the browser. */
const stateOf = (nonce: string): string => Buffer.from(hashToken(nonce), 'hex').toString('base64url')
