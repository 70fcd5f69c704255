/** Networks as an operator writes them: one address or a CIDR range, in the canonical form that compares as text. */

/** What nobody on the internet has. Without loopback: whoever comes from there comes through a proxy of this machine. */
export const localNetworks: readonly string[] = [
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  'fc00::/7',
  'fe80::/10',
]

/** An address as its bits; null when it is none. A mapped IPv4 address is the IPv4 address. */
export function addressBits(text: string): { readonly bits: bigint; readonly of: 32 | 128 } | null {
  const v4 = fourBits(text)
  if (v4 !== null) return { bits: v4, of: 32 }
  const groups = sixGroups(text)
  if (groups === null) return null
  const bits = groups.reduce((all, group) => (all << 16n) | BigInt(group), 0n)
  return bits >> 32n === 0xffffn ? { bits: bits & 0xffffffffn, of: 32 } : { bits, of: 128 }
}

/** `192.168.1.7/24` as `192.168.1.0/24`, one address as its own range; null when it is no network. */
export function canonicalNetwork(text: string): string | null {
  const [, address = '', size] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(text.trim()) ?? []
  const found = addressBits(address)
  if (found === null) return null
  const mapped = found.of === 32 && address.includes(':')
  const given = size === undefined ? found.of : Number(size) - (mapped ? 96 : 0)
  if (given < 0 || given > found.of || (size ?? '0') !== String(Number(size ?? 0))) return null
  const rest = BigInt(found.of - given)
  return `${textOf((found.bits >> rest) << rest, found.of)}/${given}`
}

/** Whether an address is in one of these; what is no address is in none. */
export function inNetworks(address: string, networks: readonly string[]): boolean {
  const asked = addressBits(address)
  return asked !== null && networks.some((network) => holds(network, asked))
}

/** Whether all of a network is in one of these. */
export function withinNetworks(network: string, networks: readonly string[]): boolean {
  const [address = '', size = ''] = network.split('/')
  const asked = addressBits(address)
  if (asked === null) return false
  return networks.some((other) => Number(other.split('/')[1]) <= Number(size) && holds(other, asked))
}

function holds(network: string, asked: { readonly bits: bigint; readonly of: 32 | 128 }): boolean {
  const [address = '', size = ''] = network.split('/')
  const there = addressBits(address)
  if (there === null || there.of !== asked.of || !/^\d{1,3}$/.test(size)) return false
  const rest = BigInt(there.of - Number(size))
  return rest >= 0n && there.bits >> rest === asked.bits >> rest
}

function fourBits(text: string): bigint | null {
  const parts = text.split('.')
  if (parts.length !== 4 || !parts.every((p) => /^(0|[1-9]\d{0,2})$/.test(p) && Number(p) < 256)) return null
  return parts.reduce((all, part) => (all << 8n) | BigInt(part), 0n)
}

function sixGroups(text: string): number[] | null {
  const tail = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text)
  const four = tail ? fourBits(tail[2] ?? '') : null
  if (tail && four === null) return null
  const plain =
    four === null ? text : `${tail?.[1]}${(four >> 16n).toString(16)}:${(four & 0xffffn).toString(16)}`
  const halves = plain.split('::')
  if (halves.length > 2) return null
  const [head = [], end = []] = halves.map((half) => (half === '' ? [] : half.split(':')))
  const gap = 8 - head.length - end.length
  if (halves.length === 2 ? gap < 1 : gap !== 0) return null
  const all = [...head, ...new Array<string>(gap).fill('0'), ...end]
  return all.every((g) => /^[0-9a-fA-F]{1,4}$/.test(g)) ? all.map((g) => Number.parseInt(g, 16)) : null
}

function textOf(bits: bigint, of: 32 | 128): string {
  if (of === 32) return [24n, 16n, 8n, 0n].map((at) => String((bits >> at) & 0xffn)).join('.')
  const groups = Array.from({ length: 8 }, (_, i) => (bits >> BigInt(112 - i * 16)) & 0xffffn)
  let best = { at: -1, n: 1 }
  for (let at = 0; at < 8; at++) {
    let n = 0
    while (at + n < 8 && groups[at + n] === 0n) n++
    if (n > best.n) best = { at, n }
  }
  const hex = groups.map((g) => g.toString(16))
  if (best.at === -1) return hex.join(':')
  return `${hex.slice(0, best.at).join(':')}::${hex.slice(best.at + best.n).join(':')}`
}
