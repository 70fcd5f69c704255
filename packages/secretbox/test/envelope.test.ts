import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Place, SealBroken, secretbox } from '../src/index.ts'

const key = randomBytes(32)
const box = secretbox(key)
const place: Place = { table: 'oidc', column: 'client_secret', row: '1' }
const reasonOf = (open: () => unknown): string => {
  try {
    return `opened: ${JSON.stringify(open())}`
  } catch (err) {
    if (err instanceof SealBroken) return err.reason
    throw err
  }
}

test('what is sealed opens at its place, whatever it is', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (secret) => {
      expect(box.open(place, box.seal(place, secret))).toBe(secret)
    }),
  )
})

test('SC-01 an envelope with any byte changed, cut or added never opens', () => {
  const envelope = box.seal(place, 'a secret')
  const [version, kid, text = ''] = envelope.split(':')
  const bytes = Buffer.from(text, 'base64url')
  for (let at = 0; at < bytes.length; at++)
    for (const bit of [1, 0x80]) {
      const changed = Buffer.from(bytes)
      changed[at] = (changed[at] ?? 0) ^ bit
      expect(reasonOf(() => box.open(place, `${version}:${kid}:${changed.toString('base64url')}`))).toBe(
        'contents',
      )
    }
  for (let length = 0; length < bytes.length; length++) {
    const cut = `${version}:${kid}:${bytes.subarray(0, length).toString('base64url')}`
    expect(reasonOf(() => box.open(place, cut))).toMatch(/^(form|contents)$/)
  }
  for (const wrong of [
    '',
    'v1',
    envelope.slice(3),
    `v2${envelope.slice(2)}`,
    ` ${envelope}`,
    `${envelope}=`,
    `${envelope}\n`,
  ])
    expect(reasonOf(() => box.open(place, wrong))).toBe('form')
})

test('SC-02 an envelope opens in no other row, column or table, nor under another key id', () => {
  const envelope = box.seal(place, 'a secret')
  const others: Place[] = [
    { ...place, row: '2' },
    { ...place, column: 'client_id' },
    { ...place, table: 'smtp' },
    { table: 'oidc', column: 'client_secret1', row: '' },
    { table: 'oidc","client_secret', column: '', row: '1' },
  ]
  for (const other of others) expect(reasonOf(() => box.open(other, envelope))).toBe('contents')
  const two = secretbox(key, [randomBytes(32)])
  expect(reasonOf(() => two.open(place, envelope.replace(box.kid, secretbox(randomBytes(32)).kid)))).toBe(
    'key',
  )
})

test('SC-03 100,000 envelopes of one secret share no nonce', () => {
  const nonces = new Set<string>()
  for (let n = 0; n < 100_000; n++)
    nonces.add(Buffer.from(box.seal(place, '').split(':')[2] ?? '', 'base64url').toString('latin1', 0, 12))
  expect(nonces.size).toBe(100_000)
})

test('SC-06 while keys change, envelopes of both open, and which are still to be sealed anew is known', () => {
  const next = secretbox(randomBytes(32), [key])
  const old = box.seal(place, 'a secret')
  expect(next.isCurrent(old)).toBe(false)
  const anew = next.seal(place, next.open(place, old))
  expect(next.isCurrent(anew)).toBe(true)
  expect(next.open(place, anew)).toBe('a secret')
  expect(reasonOf(() => box.open(place, anew))).toBe('key')
})

test('what does not open says where, and nothing of what it holds', () => {
  const envelope = box.seal(place, 'a secret')
  expect(() => secretbox(randomBytes(32)).open(place, envelope)).toThrow(
    'oidc.client_secret of 1 is sealed with a key that is not here.',
  )
})
