import { describe, expect, test } from 'vitest'
import { ownPlaces } from './places.ts'
import { upstreamGuard } from './upstream.ts'

const own = ownPlaces({
  listeners: [
    { address: '', port: 443 },
    { address: '127.0.0.1', port: 9443 },
  ],
  addresses: () => ['127.0.0.1', '192.168.1.2', 'fd00::2'],
})
const names: Record<string, string[]> = {
  'nas.lan': ['192.168.1.20'],
  'me.lan': ['192.168.1.2'],
  'metadata.lan': ['10.0.0.1', '169.254.169.254'],
}
const check = upstreamGuard({
  own,
  resolve: async (host) => {
    const found = names[host]
    if (!found) throw Object.assign(new Error('nothing'), { code: 'ENOTFOUND' })
    return found
  },
})

describe('upstreamGuard', () => {
  test.each([
    ['192.168.1.20', 8080],
    ['127.0.0.1', 8080],
    ['::1', 8080],
    ['nas.lan', 443],
    ['192.168.1.20', 443],
    ['192.168.1.2', 9443],
    ['93.184.215.14', 443],
  ])('%s:%i may be an upstream', async (address, port) => {
    expect(await check({ address, port })).toEqual({ kind: 'ok' })
  })

  test.each([
    ['127.0.0.1', 443],
    ['127.0.0.9', 443],
    ['::1', 443],
    ['192.168.1.2', 443],
    ['fd00:0::2', 443],
    ['me.lan', 443],
    ['127.0.0.1', 9443],
  ])('CF-15 %s:%i is our own listener and is refused at its port', async (address, port) => {
    expect(await check({ address, port })).toMatchObject({ kind: 'refused', field: 'port' })
  })

  test.each([
    '169.254.169.254',
    'fe80::1',
    '0.0.0.0',
    '::',
    '100.100.100.200',
    'fd00:ec2::254',
    '::ffff:127.0.0.1',
    'metadata.lan',
    '2130706433',
    '0x7f000001',
    '127.1',
    '0177.0.0.1',
    ':::',
    'a..b',
    'unix',
  ])('CF-15 %s is refused at its address, or is a plain name that resolves to nothing', async (address) => {
    const verdict = await check({ address, port: 8080 })
    if (address === 'unix') expect(verdict.kind).toBe('unresolved')
    else expect(verdict).toMatchObject({ kind: 'refused', field: 'address' })
  })

  test('F2 a name without an address is no reason to refuse', async () => {
    expect(await check({ address: 'asleep.lan', port: 80 })).toEqual({
      kind: 'unresolved',
      message: 'asleep.lan has no address in DNS now. Until it has, visitors get a 502.',
    })
  })

  test('F2 a resolver that does not answer does not hold up the save', async () => {
    const slow = upstreamGuard({ own, resolve: () => new Promise(() => undefined), timeoutMs: 20 })
    expect(await slow({ address: 'slow.lan', port: 80 })).toMatchObject({ kind: 'unresolved' })
  })
})
