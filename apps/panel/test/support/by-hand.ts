import { appendFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Fragment, Pool } from '@argos/caddy'
import { type EdgeClient, edgeClient, type Taken } from '@argos/caddy-admin'
import type { Stack } from '@argos/testkit'

/** Somebody with a shell on the machine, who goes past the panel. */
export interface Hand {
  readonly client: EdgeClient
  host(id: string): Promise<Fragment>
  pool(id: string): Promise<Pool>
  /** As with curl: the etag that is there, and no name. */
  put(hosts: Record<string, Fragment | null>, pools?: Record<string, Pool | null>): Promise<Taken>
}

export function byHand(stack: Pick<Stack, 'edgeSocket'>): Hand {
  const client = edgeClient(stack.edgeSocket)
  return {
    client,
    host: async (id) => (await client.config(`apps/argos/hosts/${id}`)) as Fragment,
    pool: async (id) => (await client.config(`apps/argos/pools/${id}`)) as Pool,
    put: async (hosts, pools = {}) => {
      const { etag, generation } = await client.summary()
      return client.swap(etag, { generation, hosts, pools })
    },
  }
}

/**
 * Writes one more save behind the edge's newest saved edition, as the edge itself would (apps/edge/state/frame.go), in
 * the name of `origin`. The edge must not run.
 */
export function editSaved(
  dataDir: string,
  { origin, generation, hosts }: { origin: string; generation: number; hosts: Record<string, Fragment> },
): void {
  const folder = join(dataDir, 'edge')
  const newest = readdirSync(folder)
    .filter((file) => file.startsWith('edition-'))
    .sort()
    .at(-1)
  if (newest === undefined) throw new Error('the edge has saved nothing')
  const entries = Object.entries(hosts).map(([id, fragment]) => {
    const raw = Buffer.from(JSON.stringify(fragment))
    return `host ${id} ${generation} ${raw.length}\n${raw.toString()}\n`
  })
  const payload = Buffer.from(`generation ${generation}\nmarks ${origin} \n${entries.join('')}`)
  const head = `A1 ${crc32c(payload).toString(16).padStart(8, '0')} ${payload.length}\n`
  appendFileSync(join(folder, newest), Buffer.concat([Buffer.from(head), payload, Buffer.from('\n')]))
}

/** Castagnoli's polynomial, reflected. */
function crc32c(bytes: Buffer): number {
  let crc = 0xffffffff
  for (const byte of bytes) {
    crc ^= byte
    for (let i = 0; i < 8; i++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1
  }
  return (crc ^ 0xffffffff) >>> 0
}
