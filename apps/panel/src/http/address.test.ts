import { describe, expect, test } from 'vitest'
import { bucketOf, canonicalAddress, isLoopback } from './address.ts'

describe('addresses', () => {
  test.each([
    ['203.0.113.7', '203.0.113.7'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['::ffff:cb00:7107', '203.0.113.7'],
    ['2001:DB8:0:0::1', '2001:db8::1'],
    ['fe80::1%eth0', 'fe80::1'],
    ['203.0.113.7:80', null],
    ['203.0.113', null],
    ['0x7f000001', null],
    ['example.com', null],
    ['', null],
  ])('%s is %s', (text, canonical) => expect(canonicalAddress(text)).toBe(canonical))

  test.each([
    { address: '203.0.113.7', bucket: '203.0.113.7' },
    { address: '::ffff:203.0.113.7', bucket: '203.0.113.7' },
    { address: '2001:db8:1:2::1', bucket: '2001:db8:1:2::/64' },
    { address: '2001:db8:1:2:ffff:ffff:ffff:ffff', bucket: '2001:db8:1:2::/64' },
    { address: '2001:db8:1:3::1', bucket: '2001:db8:1:3::/64' },
    { address: 'nonsense', bucket: 'unknown' },
  ])('LG-04 $address counts as $bucket', ({ address, bucket }) => expect(bucketOf(address)).toBe(bucket))

  test.each([
    ['127.0.0.1', true],
    ['127.9.9.9', true],
    ['::1', true],
    ['::ffff:127.0.0.1', true],
    ['0.0.0.0', false],
    ['::', false],
    ['192.168.1.2', false],
  ])('%s is loopback: %s', (address, loopback) => expect(isLoopback(address)).toBe(loopback))
})
