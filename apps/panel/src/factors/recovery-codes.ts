import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { RECOVERY_CODES } from '@argos/contract'

/** Crockford's letters: none is taken for another, and 32 of them divide a byte's values evenly. */
const LETTERS = '0123456789abcdefghjkmnpqrstvwxyz'
const LENGTH = 16

/** Codes of 80 random bits each, in groups of four: `7k3f-9mzd-…`. */
export const newRecoveryCodes = (): string[] => {
  const codes = new Set<string>()
  while (codes.size < RECOVERY_CODES) {
    const letters = [...randomBytes(LENGTH)].map((byte) => LETTERS[byte % LETTERS.length]).join('')
    codes.add(letters.replaceAll(/(.{4})(?=.)/g, '$1-'))
  }
  return [...codes]
}

/** What was typed, as it was meant; null when it is no code. */
function normalised(typed: string): string | null {
  const code = typed.toLowerCase().replaceAll(/[\s-]/g, '').replaceAll('o', '0').replaceAll(/[il]/g, '1')
  return /^[0-9a-hjkmnp-tv-z]{16}$/.test(code) ? code : null
}

/** Of 80 random bits a fast hash is enough: nobody tries them all. Null for what is no code. */
export function recoveryHash(typed: string): string | null {
  const code = normalised(typed)
  return code === null ? null : createHash('sha256').update(`argos recovery v1 ${code}`).digest('hex')
}

export const sameHash = (a: string, b: string): boolean =>
  a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b))
