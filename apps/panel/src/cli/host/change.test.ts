import type { Host } from '@argos/contract'
import { describe, expect, test } from 'vitest'
import { freeName } from './add.ts'
import { changedHost, type HostPairs } from './change.ts'

const host: Host = {
  id: 'h1',
  version: 7,
  domains: ['a.example', 'b.example'],
  enabled: false,
  tls: 'internal',
  access: { kind: 'public' },
  tags: ['media'],
  note: 'for the films',
  poolId: 'p1',
  poolName: 'films',
  state: {
    edge: 'off',
    trouble: null,
    upstream: 'unknown',
    targets: [],
    certificate: { state: 'none', issuer: null, notBefore: null, notAfter: null, error: null },
  },
  createdAt: 0,
  updatedAt: 0,
}
const asItIs = {
  domains: ['a.example', 'b.example'],
  enabled: false,
  tls: 'internal',
  access: { kind: 'public' },
  tags: ['media'],
  note: 'for the films',
  poolId: 'p1',
  version: 7,
}

describe('host set', () => {
  test.each<[HostPairs, object]>([
    [{}, {}],
    [{ names: 'c.example, a.example' }, { domains: ['c.example', 'a.example'] }],
    [{ enabled: 'yes' }, { enabled: true }],
    [{ tls: 'none' }, { tls: 'none' }],
    [{ tags: '' }, { tags: [] }],
    [{ tags: 'a,b' }, { tags: ['a', 'b'] }],
    [{ note: '' }, { note: '' }],
  ])('%j changes that and nothing else', (pairs, change) => {
    expect(changedHost(host, pairs)).toEqual({ ...asItIs, ...change })
  })

  test('puts in another pool', () => {
    expect(changedHost(host, { pool: 'other' }, 'p2')).toEqual({ ...asItIs, poolId: 'p2' })
  })
})

test("a new host's pool gets a name that no pool has, in any case", () => {
  expect(freeName('films', new Set())).toBe('films')
  expect(freeName('Films', new Set(['films', 'films-2']))).toBe('Films-3')
})
