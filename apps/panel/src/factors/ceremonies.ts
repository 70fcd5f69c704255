import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Clock } from '../clock.ts'

export const CEREMONY_MS = 5 * 60_000
const NONCE_BYTES = 16
const EXPIRY_BYTES = 6
const MAC_BYTES = 32

export interface Ceremonies {
  /** A challenge for an authenticator to sign, for this purpose only. */
  issue(purpose: string): Uint8Array<ArrayBuffer>
  /** Whether it was issued for this by this process, less than five minutes ago, and not spent. */
  fits(purpose: string, challenge: string): boolean
  /** Of all that bring it, one gets true. Once a signature over it is known to be right. */
  spend(challenge: string): boolean
}

/**
 * Challenges carry their own proof, so that strangers who ask for many fill nothing; only those that were signed are
 * remembered until they run out. The key is this process's: a restart ends what was issued before.
 */
export function ceremonies({ clock }: { clock: Clock }): Ceremonies {
  const key = randomBytes(32)
  const spent = new Map<string, number>()
  const macOf = (purpose: string, head: Buffer) =>
    createHmac('sha256', key)
      .update(JSON.stringify([purpose, head.toString('base64url')]))
      .digest()
  return {
    issue(purpose) {
      const head = Buffer.alloc(NONCE_BYTES + EXPIRY_BYTES)
      randomBytes(NONCE_BYTES).copy(head)
      head.writeUIntBE(clock.now() + CEREMONY_MS, NONCE_BYTES, EXPIRY_BYTES)
      return Uint8Array.from([...head, ...macOf(purpose, head)])
    },
    fits(purpose, challenge) {
      const bytes = Buffer.from(challenge, 'base64url')
      if (bytes.length !== NONCE_BYTES + EXPIRY_BYTES + MAC_BYTES) return false
      if (bytes.toString('base64url') !== challenge || spent.has(challenge)) return false
      const head = bytes.subarray(0, NONCE_BYTES + EXPIRY_BYTES)
      if (!timingSafeEqual(bytes.subarray(head.length), macOf(purpose, head))) return false
      return head.readUIntBE(NONCE_BYTES, EXPIRY_BYTES) > clock.now()
    },
    spend(challenge) {
      const now = clock.now()
      for (const [old, until] of spent) if (until <= now) spent.delete(old)
      if (spent.has(challenge)) return false
      spent.set(challenge, now + CEREMONY_MS)
      return true
    },
  }
}
