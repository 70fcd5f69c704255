import type { Kysely, Transaction } from 'kysely'
import type { Audit } from '../audit/audit.service.ts'
import type { Clock } from '../clock.ts'
import type { DB } from '../db/schema.ts'
import { AppError } from '../errors.ts'
import { emit } from '../events/outbox.ts'
import { bucketOf } from '../http/address.ts'
import { loginStore } from './login.store.ts'

const FAILURES = 5
const WINDOW_MS = 5 * 60_000
const BAN_MS = 30 * 60_000

/** One try to sign in, counted as a failure until it turns out to be none. */
export interface Attempt {
  /** It was wrong. The fifth within five minutes bans the address. The name only of an account that exists. */
  failed(username: string | null): Promise<void>
  /** It was right, or never judged: it does not count. Within the caller's transaction when there is one. */
  withdrawn(trx?: Transaction<DB>): Promise<void>
}
export interface LoginLimiter {
  /** Takes a place before anything is hashed; throws when the address is banned or has none left. */
  begin(address: string): Promise<Attempt>
  /** Drops what no longer counts. */
  tidy(): Promise<void>
}

export function loginLimiter({
  db,
  clock,
  audit,
}: {
  db: Kysely<DB>
  clock: Clock
  audit: Audit
}): LoginLimiter {
  return {
    async begin(address) {
      const bucket = bucketOf(address)
      const place = await db.transaction().execute(async (trx) => {
        const store = loginStore(trx)
        const now = clock.now()
        const until = await store.bannedUntil(bucket)
        if (until > now) throw tooMany(until - now)
        // Places of tries that are still being hashed count too, so a hundred at once hash five times.
        if ((await store.failuresSince(bucket, now - WINDOW_MS)) >= FAILURES) throw tooMany(WINDOW_MS)
        return store.addFailure(bucket, now)
      })
      return {
        withdrawn: (trx) => loginStore(trx ?? db).removeFailure(place),
        failed: (username) =>
          db.transaction().execute(async (trx) => {
            const store = loginStore(trx)
            const now = clock.now()
            await emit(trx, 'login.failed', { username, address }, now)
            if ((await store.bannedUntil(bucket)) > now) return
            if ((await store.failuresSince(bucket, now - WINDOW_MS)) < FAILURES) return
            const until = now + BAN_MS
            await store.ban(bucket, until)
            await emit(trx, 'login.banned', { address, untilMs: until }, now)
            await audit.record(
              trx,
              { kind: 'system', name: 'argos' },
              {
                action: 'login.ban',
                subject: { kind: 'address', id: null, name: bucket },
                words: `Refuses sign-ins from ${bucket} for 30 minutes after ${FAILURES} failures`,
                address,
              },
            )
          }),
      }
    },
    async tidy() {
      const now = clock.now()
      await db.transaction().execute((trx) => loginStore(trx).forget(now - WINDOW_MS, now))
    },
  }
}

function tooMany(waitMs: number): AppError {
  const retryAfterS = Math.ceil(waitMs / 1_000)
  const minutes = Math.ceil(waitMs / 60_000)
  return new AppError(
    'rate_limited',
    `Too many failed sign-ins from your address. Try again in ${minutes === 1 ? 'a minute' : `${minutes} minutes`}.`,
    { retryAfterS },
  )
}
