import { createHmac, hkdfSync } from 'node:crypto'

const KEY_BYTES = 32

/** A master key that cannot be one. The message names what is wrong, never the value. */
export class KeyRefusal extends Error {
  override readonly name = 'KeyRefusal'
}

/** 32 bytes from 64 hexadecimal digits; throws `KeyRefusal` for anything else, and for a key of zeros. */
export function parseKey(hex: string): Buffer {
  if (!/^[0-9a-fA-F]*$/.test(hex)) throw new KeyRefusal('it has characters that are no hexadecimal digits')
  if (hex.length !== KEY_BYTES * 2) throw new KeyRefusal(`it has ${hex.length} digits, not ${KEY_BYTES * 2}`)
  const key = Buffer.from(hex, 'hex')
  if (key.every((byte) => byte === 0)) throw new KeyRefusal('it is all zeros, which anybody guesses')
  return key
}

/** A key for one purpose (HKDF-SHA-256, RFC 5869); knowing one tells nothing about another. 32 bytes. */
export const subkey = (masterKey: Buffer, purpose: string): Buffer =>
  Buffer.from(hkdfSync('sha256', masterKey, '', `argos ${purpose}`, KEY_BYTES))

/** Tells keys apart in envelopes; eight bytes in hex, which say nothing about the key. */
export const keyId = (masterKey: Buffer): string =>
  createHmac('sha256', subkey(masterKey, 'key id')).update('kid').digest('hex').slice(0, 16)
