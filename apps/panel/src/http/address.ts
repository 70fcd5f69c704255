import ipaddr from 'ipaddr.js'

/** An address in its one canonical form, IPv4 for IPv4-mapped IPv6, without a zone; null when it is none. */
export function canonicalAddress(text: string): string | null {
  const plain = text.replace(/%.*$/, '')
  if (ipaddr.IPv4.isValidFourPartDecimal(plain)) return plain
  return ipaddr.IPv6.isValid(plain) ? ipaddr.process(plain).toString() : null
}

/** What counts as one visitor: an IPv4 address, or a whole IPv6 /64, which is one household's or one attacker's. */
export function bucketOf(address: string): string {
  const canonical = canonicalAddress(address)
  if (canonical === null) return 'unknown'
  const parsed = ipaddr.parse(canonical)
  if (parsed.kind() === 'ipv4') return canonical
  return `${ipaddr.IPv6.networkAddressFromCIDR(`${canonical}/64`).toString()}/64`
}

export function isLoopback(address: string): boolean {
  const canonical = canonicalAddress(address)
  return canonical !== null && ipaddr.parse(canonical).range() === 'loopback'
}
