import { createHmac } from 'node:crypto'
import { subkey } from '@argos/secretbox'
import type { Kysely, Transaction } from 'kysely'
import type { Clock } from '../clock.ts'
import type { DB, SessionTable } from '../db/schema.ts'
import type { Session } from '../http/visitor.ts'
import { newId } from '../id.ts'
import { hashToken, looksLikeToken, newToken, sameText } from '../secrets.ts'
import { sessionStore } from './session.store.ts'

export const SESSION_MS = 14 * 24 * 60 * 60_000
const IDLE_MS = 24 * 60 * 60_000
const PER_PERSON = 20

export interface From {
  readonly address: string
  readonly userAgent: string
}
export type SessionMethod = SessionTable['method']
interface Opened {
  readonly token: string
  readonly tokenHash: string
}
export interface Sessions {
  /** Begins a session and answers its token, which is kept nowhere else. */
  open(trx: Transaction<DB>, userId: string, from: From, by: SessionMethod): Promise<Opened>
  /** Writes nothing, so that reading changes nothing. */
  find(token: string): Promise<Session | null>
  end(trx: Transaction<DB>, tokenHash: string): Promise<void>
  csrfToken(tokenHash: string): string
  csrfFits(tokenHash: string, sent: string): boolean
  /** Writes down when sessions were last used, and drops those that have ended. */
  tidy(): Promise<{ used: number }>
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
  /** Last use since the last `tidy`. Lost by a crash, a session only seems idle a little longer than it was. */
  const used = new Map<string, number>()
  // Bound to the session: neither another person's token nor a cookie set by a sibling domain fits it.
  const csrfToken = (tokenHash: string) => createHmac('sha256', csrfKey).update(tokenHash).digest('base64url')

  return {
    csrfToken,
    csrfFits: (tokenHash, sent) => sameText(csrfToken(tokenHash), sent),

    async open(trx, userId, { address, userAgent }, method) {
      const token = newToken()
      const tokenHash = hashToken(token)
      const now = clock.now()
      const store = sessionStore(trx)
      await store.insert({
        token_hash: tokenHash,
        id: newId('s'),
        user_id: userId,
        created_at: now,
        last_seen_at: now,
        expires_at: now + SESSION_MS,
        address,
        user_agent: userAgent.slice(0, 300),
        method,
        auth_at: now,
      })
      await store.keepNewest(userId, PER_PERSON)
      return { token, tokenHash }
    },

    async find(token) {
      if (!looksLikeToken(token)) return null
      const tokenHash = hashToken(token)
      const row = await sessionStore(db).find(tokenHash)
      if (row === undefined) return null
      const now = clock.now()
      const lastUse = Math.max(row.last_seen_at, used.get(tokenHash) ?? 0)
      if (now >= row.expires_at || now - lastUse >= IDLE_MS) return null
      used.set(tokenHash, now)
      return { tokenHash, userId: row.id, username: row.username, role: row.role }
    },

    end: (trx, tokenHash) => sessionStore(trx).delete(tokenHash),

    async tidy() {
      const now = clock.now()
      const uses = [...used]
      await db.transaction().execute(async (trx) => {
        const store = sessionStore(trx)
        for (const [tokenHash, at] of uses) await store.seen(tokenHash, at)
        await store.deleteExpired(now, now - IDLE_MS)
      })
      for (const [tokenHash, at] of uses) if (used.get(tokenHash) === at) used.delete(tokenHash)
      return { used: uses.length }
    },
  }
}
