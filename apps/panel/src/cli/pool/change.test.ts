import type { Pool } from '@argos/contract'
import { describe, expect, test } from 'vitest'
import { changedPool, type PoolPairs } from './change.ts'
import { protocolOf, typedTarget } from './target.ts'

const first = { address: '192.0.2.1', port: 80, weight: 3, enabled: false }
const health = { kind: 'http', path: '/up', intervalS: 20, timeoutS: 4 } as const
const pool: Pool = {
  id: 'p1',
  version: 2,
  name: 'films',
  protocol: 'https',
  verifyTls: false,
  preserveHost: false,
  health,
  targets: [{ ...first, health: null }],
  hosts: [],
  createdAt: 0,
  updatedAt: 0,
}
const asItIs = {
  name: 'films',
  protocol: 'https',
  verifyTls: false,
  preserveHost: false,
  health,
  targets: [first],
  version: 2,
}
const plain = { weight: 1, enabled: true }

describe('pool set', () => {
  test.each<[PoolPairs, object]>([
    [{}, {}],
    [{ name: 'movies' }, { name: 'movies' }],
    [{ verify: 'yes' }, { verifyTls: true }],
    [{ 'preserve-host': 'on' }, { preserveHost: true }],
    [{ protocol: 'http' }, { protocol: 'http' }],
    [{ health: 'off' }, { health: { ...health, kind: 'off' } }],
    [{ 'health-path': '/', 'health-interval': '30' }, { health: { ...health, path: '/', intervalS: 30 } }],
    [
      { targets: '192.0.2.1:80,192.0.2.2:81' },
      { targets: [first, { address: '192.0.2.2', port: 81, ...plain }] },
    ],
    [{ targets: '192.0.2.1:80@9' }, { targets: [{ ...first, weight: 9 }] }],
    [
      { targets: 'http://192.0.2.3' },
      { protocol: 'http', targets: [{ address: '192.0.2.3', port: 80, ...plain }] },
    ],
  ])('%j changes that and nothing else', (pairs, change) => {
    expect(changedPool(pool, pairs)).toEqual({ ...asItIs, ...change })
  })
})

describe('a target', () => {
  test.each([
    ['192.0.2.1:8096', null, '192.0.2.1', 8096, 1],
    ['nas.lan:8000@256', null, 'nas.lan', 8000, 256],
    ['http://nas.lan', 'http', 'nas.lan', 80, 1],
    ['https://nas.lan@2', 'https', 'nas.lan', 443, 2],
    ['https://[fd00::1]:5001', 'https', 'fd00::1', 5001, 1],
    ['[fd00::1]:80@4', null, 'fd00::1', 80, 4],
  ])('%s is read', (typed, protocol, address, port, weight) => {
    expect(typedTarget(typed)).toEqual({ protocol, target: { address, port, weight, enabled: true } })
  })

  test.each([
    'nas.lan',
    '192.0.2.1',
    'fd00::1',
    '',
    'ftp://nas.lan',
    'unix//x.sock',
    '192.0.2.1:99999',
    '0x7f.1:80',
  ])('%j is refused', (typed) => {
    expect(() => typedTarget(typed)).toThrow()
  })

  test('of http does not stand beside one of https', () => {
    expect(protocolOf(['192.0.2.1:80', 'https://nas.lan'].map((t) => typedTarget(t)))).toBe('https')
    expect(() => protocolOf(['http://a.lan', 'https://b.lan'].map((t) => typedTarget(t)))).toThrow(
      'http and https',
    )
  })
})
