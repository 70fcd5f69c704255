import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { etagOf, hashOf } from '../src/index.ts'

const sha = (text: string) => createHash('sha256').update(text).digest('hex')

test('a hash is over the JSON as it is sent', () => {
  expect(hashOf({ b: 1, a: 'ü' })).toBe(sha('{"b":1,"a":"ü"}'))
})

test('the etag is over sorted lines of base, hosts and pools', () => {
  const hashes = { base: 'x', hosts: { h_b: '2', h_a: '1' }, pools: { p_a: '3' } }
  expect(etagOf(hashes)).toBe(sha('base x\nhost h_a 1\nhost h_b 2\npool p_a 3\n'))
  expect(etagOf({ base: null, hosts: {}, pools: {} })).toBe(sha(''))
})
