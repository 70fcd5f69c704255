import { createHmac } from 'node:crypto'
import { availableParallelism } from 'node:os'
import { compare, hash } from 'bcrypt'
import { type HashQueue, hashQueue } from './hash-queue.ts'

export interface Passwords {
  hash(password: string): Promise<string>
  /** Costs one hash whether there is something to compare with or not, so that time does not tell. */
  verify(password: string, hashed: string | null): Promise<boolean>
}

const COST = 12
const WAITING = 20
const hashShape = /^\$2b\$(\d\d)\$[./A-Za-z0-9]{53}$/

/**
 * bcrypt reads 72 bytes and stops at a NUL; what it gets here is a SHA-256 of the password in base64, 44 letters that
 * depend on every byte. The fixed HMAC key keeps these hashes from being tried against bare SHA-256 lists.
 */
const prepared = (password: string): string =>
  createHmac('sha256', 'argos password v1').update(password.normalize('NFKC')).digest('base64')

export function passwords({
  cost = COST,
  queue = hashQueue({ concurrency: Math.max(1, availableParallelism() - 1), waiting: WAITING }),
}: {
  cost?: number
  queue?: HashQueue
} = {}): Passwords {
  // A hash of this cost that nothing fits: 53 dots.
  const nobody = `$2b$${String(cost).padStart(2, '0')}$${'.'.repeat(53)}`
  return {
    hash: (password) => queue.run(() => hash(prepared(password), cost)),
    async verify(password, hashed) {
      const against = hashed !== null && hashShape.test(hashed) ? hashed : nobody
      const fits = await queue.run(() => compare(prepared(password), against))
      return fits && against === hashed
    },
  }
}
