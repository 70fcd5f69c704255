import type { Kysely, Transaction } from 'kysely'
import type { Clock } from '../clock.ts'
import { accountFailures } from '../db/account-failures.ts'
import type { DB } from '../db/schema.ts'
import { AppError } from '../errors.ts'
import { hashToken, looksLikeToken } from '../secrets.ts'
import { deviceStore } from './device.store.ts'

const FREE = 10
const REMEMBERED_MS = 24 * 60 * 60_000
const FIRST_WAIT_MS = 30_000
const LONGEST_WAIT_MS = 15 * 60_000
/** A browser from which nobody signed in for so long is a stranger again. */
const DEVICE_MS = 400 * 24 * 60 * 60_000

/** One password tried against one account, counted as wrong until it turns out to be right. */
export interface AccountTry {
  right(trx?: Transaction<DB>): Promise<void>
}
export interface AccountLimiter {
  /**
   * Takes a place before anything is hashed; null when there is none, and then no password is right. A browser from
   * which this person has signed in before always gets one: nobody else can keep them out.
   */
  begin(userId: string, device: string | undefined): Promise<AccountTry | null>
  /** The same for somebody who is signed in, who may be told: throws instead. */
  beginOwn(userId: string): Promise<AccountTry>
  /** A new password: what was tried against the old one does not count, and no browser is known but the one that is named. */
  forgive(trx: Transaction<DB>, userId: string, keep?: string): Promise<void>
  tidy(): Promise<void>
}

/**
 * Ten wrong passwords a day, wherever they come from; after that a pause before each more, from half a minute up to a
 * quarter of an hour. Thousands of addresses together try some hundred passwords a day.
 */
export function accountLimiter({ db, clock }: { db: Kysely<DB>; clock: Clock }): AccountLimiter {
  const take = (userId: string, exempt: (trx: Transaction<DB>) => Promise<boolean>) =>
    db.transaction().execute(async (trx) => {
      const store = accountFailures(trx, 'password')
      const now = clock.now()
      const { count, newest } = await store.since(userId, now - REMEMBERED_MS)
      const known = await exempt(trx)
      const waitMs = newest + waitAfter(count) - now
      if (!known && waitMs > 0) return { waitMs }
      const place = await store.add(userId, now)
      return { place }
    })
  const tryAt = (place: number): AccountTry => ({
    right: (trx) => accountFailures(trx ?? db, 'password').remove(place),
  })
  return {
    async begin(userId, device) {
      const taken = await take(
        userId,
        async (trx) =>
          device !== undefined &&
          looksLikeToken(device) &&
          (await deviceStore(trx).known(hashToken(device), userId)),
      )
      return taken.place === undefined ? null : tryAt(taken.place)
    },
    async beginOwn(userId) {
      const taken = await take(userId, async () => false)
      if (taken.place !== undefined) return tryAt(taken.place)
      const minutes = Math.ceil(taken.waitMs / 60_000)
      throw new AppError(
        'rate_limited',
        `Too many wrong passwords for this account. Try again in ${minutes === 1 ? 'a minute' : `${minutes} minutes`}.`,
        { retryAfterS: Math.ceil(taken.waitMs / 1_000) },
      )
    },
    async forgive(trx, userId, keep) {
      await accountFailures(trx, 'password').removeAllOf(userId)
      await deviceStore(trx).forgetAllOf(userId, keep === undefined ? '' : hashToken(keep))
    },
    async tidy() {
      const now = clock.now()
      await accountFailures(db, 'password').forget(now - REMEMBERED_MS)
      await deviceStore(db).forget(now - DEVICE_MS)
    },
  }
}

const waitAfter = (count: number): number =>
  count < FREE ? 0 : Math.min(FIRST_WAIT_MS * 2 ** (count - FREE), LONGEST_WAIT_MS)
