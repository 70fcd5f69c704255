import { describe, expect, test } from 'vitest'
import { parseNetworks, reachOf } from './address.ts'

describe('reachOf', () => {
  test.each([
    ['93.184.215.14', 'public'],
    ['2606:4700::1111', 'public'],
    ['64:ff9b::5db8:d70e', 'public'],
    ['10.0.0.8', 'private'],
    ['172.16.0.1', 'private'],
    ['172.32.0.1', 'public'],
    ['192.168.1.20', 'private'],
    ['100.64.0.1', 'private'],
    ['fd12:3456::1', 'private'],
    ['192.0.2.24', 'private'],
    ['127.0.0.1', 'loopback'],
    ['127.8.8.8', 'loopback'],
    ['::1', 'loopback'],
    ['169.254.169.254', 'never'],
    ['169.254.1.1', 'never'],
    ['fe80::1', 'never'],
    ['0.0.0.0', 'never'],
    ['0.1.2.3', 'never'],
    ['::', 'never'],
    ['100.100.100.200', 'never'],
    ['fd00:ec2::254', 'never'],
    ['168.63.129.16', 'never'],
    ['::ffff:127.0.0.1', 'never'],
    ['::ffff:7f00:1', 'never'],
    ['::ffff:93.184.215.14', 'never'],
    ['::7f00:1', 'never'],
    ['64:ff9b::7f00:1', 'never'],
    ['64:ff9b::a9fe:a9fe', 'never'],
    ['2002:7f00:1::', 'never'],
    ['2002:a00:1::', 'never'],
    ['224.0.0.1', 'never'],
    ['ff02::1', 'never'],
    ['255.255.255.255', 'never'],
    ['240.0.0.1', 'never'],
    ['fec0::1', 'never'],
    ['2001::1', 'never'],
    ['app.example', 'never'],
    ['', 'never'],
  ])('SS-01 %s is %s', (address, reach) => {
    expect(reachOf(address)).toBe(reach)
  })
})

describe('parseNetworks', () => {
  test.each([
    ['192.168.1.0/24', '192.168.1.77', true],
    ['192.168.1.0/24', '192.168.2.1', false],
    ['192.168.1.5', '192.168.1.5', true],
    ['192.168.1.5', '192.168.1.6', false],
    ['fd00::/8', 'fd12::1', true],
    ['fd00::/8', '10.0.0.1', false],
    ['0.0.0.0/0', '::1', false],
  ])('SS-05 %s contains %s: %s', (entry, address, expected) => {
    expect(parseNetworks([entry])[0]?.contains(address)).toBe(expected)
  })
  test.each(['192.168.1.0/33', 'lan', '192.168.1.0/24/8', '', '10/8', '0x0a.0.0.0/8'])(
    '%j is refused by name',
    (entry) => {
      expect(() => parseNetworks([entry])).toThrow(`\`${entry}\``)
    },
  )
})
