import { hash } from 'node:crypto'

/** Lower-case hex SHA-256 of the JSON bytes of a base, fragment or pool as they are sent to the edge. */
export const hashOf = (part: unknown): string => hashOfText(JSON.stringify(part))
export const hashOfText = (json: string): string => hash('sha256', json, 'hex')

export interface Hashes {
  /** Null before anything was loaded. */
  readonly base: string | null
  readonly hosts: Readonly<Record<string, string>>
  readonly pools: Readonly<Record<string, string>>
}
/** One object and the hash it has. The base is alone of its kind and has no id. */
export interface Line {
  readonly kind: 'host' | 'pool'
  readonly id: string
  readonly hash: string
}

/**
 * The one number in which panel and edge compare everything; the generation is not in it. It is the sum, modulo 2^256,
 * of the SHA-256 of each line, so order does not count and an edit needs no other lines (apps/edge/control/digest.go).
 */
export function etagOf({ base, hosts, pools }: Hashes): string {
  let sum = base === null ? 0n : numberOf(`base ${base}\n`)
  for (const [id, hash] of Object.entries(hosts)) sum += numberOfLine({ kind: 'host', id, hash })
  for (const [id, hash] of Object.entries(pools)) sum += numberOfLine({ kind: 'pool', id, hash })
  return hexOf(sum)
}

/** What becomes of an etag when some lines go and others come. */
export function etagAfter(etag: string, gone: readonly Line[], come: readonly Line[]): string {
  const sum = come.reduce((n, line) => n + numberOfLine(line), BigInt(`0x${etag}`))
  return hexOf(gone.reduce((n, line) => n - numberOfLine(line), sum))
}

const numberOfLine = ({ kind, id, hash }: Line): bigint => numberOf(`${kind} ${id} ${hash}\n`)
const numberOf = (line: string): bigint => BigInt(`0x${hash('sha256', line, 'hex')}`)
const hexOf = (n: bigint): string => BigInt.asUintN(256, n).toString(16).padStart(64, '0')
