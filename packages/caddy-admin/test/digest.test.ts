import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { etagAfter, etagOf, hashOf } from '../src/index.ts'

const sha = (text: string) => createHash('sha256').update(text).digest('hex')

test('a hash is over the JSON as it is sent', () => {
  expect(hashOf({ b: 1, a: 'ü' })).toBe(sha('{"b":1,"a":"ü"}'))
})

describe('the etag', () => {
  // The edge's tests have the same three (apps/edge/control/objects_test.go).
  test.each([
    { of: 'nothing', hashes: { base: null, hosts: {}, pools: {} }, etag: '0'.repeat(64) },
    {
      of: 'one host: the hash of its line',
      hashes: { base: null, hosts: { h_a: '1' }, pools: {} },
      etag: sha('host h_a 1\n'),
    },
    {
      of: 'all: the sum of the hashes of the lines of base, hosts and pools',
      hashes: { base: 'x', hosts: { h_b: '2', h_a: '1' }, pools: { p_a: '3' } },
      etag: '78d9c59769f70aea8eb5ae22244f11848ad8b1b02ec6ef4cdba840ec11ce3352',
    },
  ])('of $of', ({ hashes, etag }) => {
    expect(etagOf(hashes)).toBe(etag)
  })

  test('does not depend on the order, but on which host has which hash', () => {
    const of = (hosts: Record<string, string>) => etagOf({ base: null, hosts, pools: {} })
    expect(of({ h_a: '1', h_b: '2' })).toBe(of({ h_b: '2', h_a: '1' }))
    expect(of({ h_a: '1', h_b: '2' })).not.toBe(of({ h_a: '2', h_b: '1' }))
  })

  test('kept up to date edit by edit is the one computed anew', () => {
    const some = fc.dictionary(fc.stringMatching(/^h_[a-f]{1,2}$/), fc.stringMatching(/^[0-9a-f]{2}$/))
    fc.assert(
      fc.property(fc.array(some, { minLength: 1 }), (states) => {
        const anew = (hosts: Record<string, string>) => etagOf({ base: 'b', hosts, pools: { p: '1' } })
        const lines = (hosts: Record<string, string>) =>
          Object.entries(hosts).map(([id, hash]) => ({ kind: 'host' as const, id, hash }))
        let [before = {}] = states
        let etag = anew(before)
        for (const next of states) {
          etag = etagAfter(etag, lines(before), lines(next))
          expect(etag).toBe(anew(next))
          before = next
        }
      }),
    )
  })
})
