import type { Clock } from '../clock.ts'
import { bucketOf } from '../http/address.ts'

/** As for sign-ins. */
const MOST = 5
const WINDOW_MS = 5 * 60_000
const BAN_MS = 30 * 60_000
const ADDRESSES = 10_000

export interface Guesses {
  /** How long this address is not answered for, in seconds; 0: it is. */
  waitS(address: string): number
  /**
   * It brought a credential that nobody has. The same one again is a device whose password was revoked, and no further
   * guess. True: with this one the address is refused from now on.
   */
  wrong(address: string, credential: string): boolean
}

/** Wrong credentials by address, in memory and bounded: a flood of them writes nothing. */
export function guesses(clock: Clock, { addresses = ADDRESSES } = {}): Guesses {
  /** Oldest first. */
  const tried = new Map<string, Map<string, number>>()
  const bans = new Map<string, number>()

  const bounded = (map: Map<string, unknown>) => {
    const [oldest] = map.keys()
    if (map.size > addresses && oldest !== undefined) map.delete(oldest)
  }
  return {
    waitS(address) {
      const bucket = bucketOf(address)
      const until = bans.get(bucket)
      if (until === undefined) return 0
      if (until <= clock.now()) {
        bans.delete(bucket)
        return 0
      }
      return Math.ceil((until - clock.now()) / 1_000)
    },
    wrong(address, credential) {
      const bucket = bucketOf(address)
      const now = clock.now()
      const recent = [...(tried.get(bucket) ?? [])].filter(([, at]) => at > now - WINDOW_MS)
      const seen = new Map(recent)
      if (!seen.has(credential)) seen.set(credential, now)
      tried.delete(bucket)
      if (seen.size < MOST) {
        tried.set(bucket, seen)
        bounded(tried)
        return false
      }
      bans.delete(bucket)
      bans.set(bucket, now + BAN_MS)
      bounded(bans)
      return true
    },
  }
}
