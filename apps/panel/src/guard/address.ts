import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'

/**
 * Where an address leads. `public`: the Internet. `private`: the operator's own networks. `loopback`: this machine.
 * `never`: link-local, metadata services, unspecified, multicast, and spellings that hide another address.
 */
export type Reach = 'public' | 'private' | 'loopback' | 'never'

/** Metadata services outside link-local ranges, as clouds hand them out. */
const metadata = new Set(['100.100.100.200', 'fd00:ec2::254', '168.63.129.16', '192.0.0.192'])

/** Ranges kept for documentation and measuring: nobody's, so they may be an operator's. */
const documentation = [
  '192.0.2.0/24',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '198.18.0.0/15',
  '2001:db8::/32',
].map((cidr) => ipaddr.parseCIDR(cidr))

const byRange: Readonly<Record<string, Reach>> = {
  unicast: 'public',
  as112: 'public',
  as112v6: 'public',
  private: 'private',
  uniqueLocal: 'private',
  carrierGradeNat: 'private',
  loopback: 'loopback',
}

/** Classifies an IP address; anything it does not know is `never`. */
export function reachOf(address: string): Reach {
  if (!ipaddr.isValid(address)) return 'never'
  const ip = ipaddr.parse(address)
  if (metadata.has(ip.toString())) return 'never'
  if (documentation.some(([network, bits]) => network.kind() === ip.kind() && ip.match(network, bits)))
    return 'private'
  const inner = ip instanceof ipaddr.IPv6 ? embedded(ip) : null
  if (inner) return reachOf(inner) === 'public' ? 'public' : 'never'
  return byRange[ip.range()] ?? 'never'
}

/** The IPv4 address that a translating prefix carries: NAT64 (RFC 6052) or 6to4 (RFC 3056). */
function embedded(ip: ipaddr.IPv6): string | null {
  const bytes = ip.toByteArray()
  if (ip.range() === 'rfc6052') return bytes.slice(12).join('.')
  if (ip.range() === '6to4') return bytes.slice(2, 6).join('.')
  // ::a.b.c.d, deprecated, yet some stacks still dial it.
  if (ip.range() === 'unicast' && bytes.slice(0, 12).every((b) => b === 0)) return '0.0.0.0'
  return null
}

/** One network of an allow-list. */
export interface Network {
  readonly cidr: string
  contains(address: string): boolean
}

/** Reads CIDRs or single addresses; says which entry is wrong. */
export function parseNetworks(entries: readonly string[]): Network[] {
  return entries.map((entry) => {
    const text = entry.trim()
    const cidr = text.includes('/') ? text : `${text}/${text.includes(':') ? 128 : 32}`
    if (!ipaddr.isValidCIDR(cidr) || isIP(cidr.slice(0, cidr.indexOf('/'))) === 0)
      throw new TypeError(`\`${entry}\` is not a network. Write it as 192.168.1.0/24 or fd00::/8.`)
    const [network, bits] = ipaddr.parseCIDR(cidr)
    const contains = (address: string) => {
      if (!ipaddr.isValid(address)) return false
      const ip = ipaddr.parse(address)
      return ip.kind() === network.kind() && ip.match(network, bits)
    }
    return { cidr, contains }
  })
}

/** Canonical text of an address, so that two spellings compare equal. */
export const canonicalAddress = (address: string): string =>
  ipaddr.isValid(address) ? ipaddr.process(address).toString() : address
