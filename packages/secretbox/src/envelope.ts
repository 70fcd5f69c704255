import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { keyId, subkey } from './keys.ts'

const CIPHER = 'aes-256-gcm'
const NONCE_BYTES = 12
const TAG_BYTES = 16
const form = /^v1:([0-9a-f]{16}):([A-Za-z0-9_-]+)$/

/** Where a secret stands. It is sealed in with it, so that it opens nowhere else. */
export interface Place {
  readonly table: string
  readonly column: string
  readonly row: string
}

/** An envelope that does not open. `reason` says which way; the message never holds a secret. */
export class SealBroken extends Error {
  override readonly name = 'SealBroken'
  readonly reason: 'form' | 'key' | 'contents'
  constructor(reason: SealBroken['reason'], { table, column, row }: Place) {
    const words = {
      form: 'is no envelope',
      key: 'is sealed with a key that is not here',
      contents: 'was changed, or moved here from another place',
    }
    super(`${table}.${column} of ${row} ${words[reason]}.`)
    this.reason = reason
  }
}

export interface Secretbox {
  /** Id of the key that seals. */
  readonly kid: string
  /** `v1:<kid>:<base64url of nonce, ciphertext and tag>`: AES-256-GCM under a key derived for secrets. */
  seal(place: Place, secret: string): string
  /** The secret; throws `SealBroken`. Envelopes of former keys open too. */
  open(place: Place, envelope: string): string
  /** Whether it is sealed with the key that seals now; a rotation is over when all are. */
  isCurrent(envelope: string): boolean
}

/** `former`: master keys that may still have sealed something, as during a rotation. Keeps only what is derived. */
export function secretbox(masterKey: Buffer, former: readonly Buffer[] = []): Secretbox {
  const keys = new Map([masterKey, ...former].map((key) => [keyId(key), subkey(key, 'secrets')] as const))
  const kid = keyId(masterKey)
  const current = subkey(masterKey, 'secrets')

  return {
    kid,
    seal(place, secret) {
      // Random nonces of 96 bits: with one key, 2^32 envelopes stay far from a likely repeat (NIST SP 800-38D, 8.3).
      const nonce = randomBytes(NONCE_BYTES)
      const cipher = createCipheriv(CIPHER, current, nonce, { authTagLength: TAG_BYTES })
      cipher.setAAD(aadOf(kid, place))
      const sealed = Buffer.concat([
        nonce,
        cipher.update(secret, 'utf8'),
        cipher.final(),
        cipher.getAuthTag(),
      ])
      return `v1:${kid}:${sealed.toString('base64url')}`
    },
    open(place, envelope) {
      const [, id = '', text = ''] = form.exec(envelope) ?? []
      const sealed = Buffer.from(text, 'base64url')
      // Node's decoder skips what does not belong: only the canonical text is the envelope.
      if (sealed.length < NONCE_BYTES + TAG_BYTES || sealed.toString('base64url') !== text)
        throw new SealBroken('form', place)
      const key = keys.get(id)
      if (key === undefined) throw new SealBroken('key', place)
      const decipher = createDecipheriv(CIPHER, key, sealed.subarray(0, NONCE_BYTES), {
        authTagLength: TAG_BYTES,
      })
      decipher.setAAD(aadOf(id, place))
      decipher.setAuthTag(sealed.subarray(-TAG_BYTES))
      try {
        return Buffer.concat([
          decipher.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES)),
          decipher.final(),
        ]).toString('utf8')
      } catch {
        throw new SealBroken('contents', place)
      }
    },
    isCurrent: (envelope) => form.exec(envelope)?.[1] === kid,
  }
}

/** As JSON, so that no two places are the same bytes. */
const aadOf = (kid: string, { table, column, row }: Place): Buffer =>
  Buffer.from(JSON.stringify(['argos v1', kid, table, column, row]))
