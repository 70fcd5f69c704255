import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { KeyRefusal, keyId, parseKey, subkey } from '../src/index.ts'

test('64 hexadecimal digits are a key, in any case', () => {
  const hex = randomBytes(32).toString('hex')
  expect(parseKey(hex.toUpperCase())).toEqual(Buffer.from(hex, 'hex'))
})

test.each(['', 'changeme', 'g'.repeat(64), 'a1'.repeat(31), 'a1b2'.repeat(16).slice(1), '0'.repeat(64)])(
  'SC-04 `%s` is no key, and the refusal does not repeat it',
  (text) => {
    const refusal = (() => {
      try {
        return parseKey(text)
      } catch (err) {
        return err
      }
    })()
    expect(refusal).toBeInstanceOf(KeyRefusal)
    if (text !== '') expect(String(refusal)).not.toContain(text)
  },
)

test('subkeys of one key differ by purpose, and key ids by key', () => {
  const [one, two] = [randomBytes(32), randomBytes(32)]
  expect(subkey(one, 'a')).not.toEqual(subkey(one, 'b'))
  expect(subkey(one, 'a')).toEqual(subkey(one, 'a'))
  expect(keyId(one)).not.toBe(keyId(two))
  expect(keyId(one)).toMatch(/^[0-9a-f]{16}$/)
})
