import type { Transaction } from 'kysely'
import type { Audit } from '../audit/audit.service.ts'
import type { Clock } from '../clock.ts'
import { accountFailures } from '../db/account-failures.ts'
import type { DB } from '../db/schema.ts'
import { AppError } from '../errors.ts'
import { emit } from '../events/outbox.ts'

const FAILURES = 5
const MINUTE_MS = 60_000
const FIRST_WAIT_MS = 15 * MINUTE_MS
const LONGEST_WAIT_MS = 8 * 60 * MINUTE_MS
const REMEMBERED_MS = 24 * 60 * MINUTE_MS

interface Person {
  readonly id: string
  readonly username: string
}
/** One try, counted as a failure until it turns out to be none. */
export interface FactorTry {
  /** It was wrong. How long the account takes no more of them, in milliseconds; 0 when it still does. */
  failed(trx: Transaction<DB>): Promise<number>
  /** It was right, and so are those before it forgiven: their owner is here. */
  right(trx: Transaction<DB>): Promise<void>
}
export interface FactorBudget {
  /** Takes a place before anything is compared, whatever address it comes from; throws when there is none. */
  take(trx: Transaction<DB>, person: Person, address: string): Promise<FactorTry>
  tidy(trx: Transaction<DB>): Promise<void>
}

/**
 * Five wrong codes an account, then none for 15 minutes, and twice as long after each five more: of a million codes
 * nobody tries more than some fifty a day. Passkeys cannot be guessed and stay open.
 */
export function factorBudget({ clock, audit }: { clock: Clock; audit: Audit }): FactorBudget {
  return {
    async take(trx, { id: userId, username }, address) {
      const store = accountFailures(trx, 'factor')
      const now = clock.now()
      const { count, newest } = await store.since(userId, now - REMEMBERED_MS)
      const rounds = Math.floor(count / FAILURES)
      const until = newest + waitAfter(rounds)
      if (rounds > 0 && count % FAILURES === 0 && until > now) throw tooManyCodes(until - now)
      const place = await store.add(userId, now)
      return {
        right: (inner) => accountFailures(inner, 'factor').removeUpTo(userId, place),
        async failed(inner) {
          // The place says which one it is: of many at once, the fifth tells.
          if ((count + 1) % FAILURES !== 0) return 0
          const waitMs = waitAfter((count + 1) / FAILURES)
          const minutes = waitMs / MINUTE_MS
          await emit(inner, 'factor.exhausted', { userId, username, address }, clock.now())
          await audit.record(
            inner,
            { kind: 'system', name: 'argos' },
            {
              action: 'factor.block',
              subject: { kind: 'user', id: userId, name: username },
              words: `Takes no codes of ${username} for ${minutes} minutes after ${FAILURES} wrong ones`,
              address,
            },
          )
          return waitMs
        },
      }
    },
    tidy: (trx) => accountFailures(trx, 'factor').forget(clock.now() - REMEMBERED_MS),
  }
}

const waitAfter = (rounds: number): number =>
  rounds === 0 ? 0 : Math.min(FIRST_WAIT_MS * 2 ** (rounds - 1), LONGEST_WAIT_MS)

export function tooManyCodes(waitMs: number): AppError {
  const minutes = Math.ceil(waitMs / MINUTE_MS)
  return new AppError(
    'rate_limited',
    `Too many wrong codes for this account. Try again in ${minutes === 1 ? 'a minute' : `${minutes} minutes`}, or use a passkey.`,
    { retryAfterS: Math.ceil(waitMs / 1_000) },
  )
}
