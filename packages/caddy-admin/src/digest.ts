import { createHash } from 'node:crypto'

/** Lower-case hex SHA-256 of the JSON bytes of a base, fragment or pool as they are sent to the edge. */
export const hashOf = (part: unknown): string => sha256(JSON.stringify(part))

export interface Hashes {
  /** Null before anything was loaded. */
  readonly base: string | null
  readonly hosts: Readonly<Record<string, string>>
  readonly pools: Readonly<Record<string, string>>
}

/** The one number in which panel and edge compare everything. The generation is not in it. */
export function etagOf({ base, hosts, pools }: Hashes): string {
  const lines = [
    ...(base === null ? [] : [`base ${base}\n`]),
    ...Object.entries(hosts).map(([id, hash]) => `host ${id} ${hash}\n`),
    ...Object.entries(pools).map(([id, hash]) => `pool ${id} ${hash}\n`),
  ]
  return sha256(lines.sort((a, b) => (a < b ? -1 : 1)).join(''))
}

const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex')
