import { compile, type HostSpec, type Places, type PoolSpec } from '@argos/caddy'
import type { Load } from '@argos/caddy-admin'
import { openDatabase } from '../../apps/panel/src/db/open.ts'

/** As many hosts as asked for, each with a pool of its own, all of them in front of one upstream. */
export interface World {
  readonly hosts: readonly HostSpec[]
  readonly pools: readonly PoolSpec[]
}

export const nameOf = (n: number): string => `h${n}.bench.test`
const idOf = (n: number): string => `h_${String(n).padStart(6, '0')}`

export function world(count: number, upstreamPort: number): World {
  const numbers = Array.from({ length: count }, (_, i) => i + 1)
  return {
    hosts: numbers.map((n) => ({
      id: idOf(n),
      domains: [nameOf(n)],
      enabled: true,
      tls: 'none',
      access: { kind: 'public' },
      poolId: `p_${idOf(n)}`,
    })),
    pools: numbers.map((n) => ({
      id: `p_${idOf(n)}`,
      protocol: 'http',
      verifyTls: true,
      preserveHost: true,
      health: { kind: 'tcp', path: '/', intervalS: 15, timeoutS: 5 },
      targets: [{ address: '127.0.0.1', port: upstreamPort, weight: 1, enabled: true }],
    })),
  }
}

/** What the panel would send an edge. */
export function loadOf({ hosts, pools }: World, places: Places, acmeEmail = ''): Load {
  const settings = {
    ...({ panelDomain: '', panelTls: 'auto', acmeDirectory: 'https://127.0.0.1:9/dir', acmeEmail } as const),
    ...{ acmeRootPem: '', trustedProxies: [] },
  }
  const lastGood = { hosts: {}, pools: {} }
  const {
    base,
    hosts: fragments,
    pools: made,
  } = compile({ generation: 1, hosts, pools, policies: [], settings, lastGood, places })
  return { generation: 1, base, hosts: fragments, pools: made }
}

/** The same in Caddy's own words, as somebody would write it by hand: a route a host. */
export function handWritten(
  { hosts, pools }: World,
  o: { httpPort: number; admin: string; log: string | null },
): object {
  const pool = new Map(pools.map((p) => [p.id, p]))
  const routes = hosts.map(({ domains, poolId }) => ({
    match: [{ host: domains }],
    handle: [
      {
        handler: 'reverse_proxy',
        upstreams: (pool.get(poolId)?.targets ?? []).map((t) => ({ dial: `${t.address}:${t.port}` })),
      },
    ],
    terminal: true,
  }))
  const listen = [`127.0.0.1:${o.httpPort}`]
  const access = {
    writer: { output: 'file', filename: o.log },
    encoder: { format: 'json' },
    include: ['http.log.access'],
  }
  return {
    admin: { listen: o.admin, config: { persist: false } },
    logging: {
      logs: {
        default: { writer: { output: 'discard' }, exclude: ['http.log.access'] },
        ...(o.log === null ? {} : { access }),
      },
    },
    apps: {
      http: {
        http_port: o.httpPort,
        servers: {
          bench: {
            listen,
            automatic_https: { disable: true },
            routes,
            ...(o.log === null ? {} : { logs: {} }),
          },
        },
      },
    },
  }
}

/** Puts a world into the panel's database, as one change. The panel must not run. */
export async function seed(path: string, { hosts, pools }: World): Promise<void> {
  const { db, close } = await openDatabase(path)
  const at = Date.now()
  const stamps = { version: 1, created_at: at, updated_at: at }
  const flag = (on: boolean): 0 | 1 => (on ? 1 : 0)
  await db.transaction().execute(async (trx) => {
    for (const p of pools) {
      const row = { id: p.id, name: p.id, protocol: p.protocol, verify_tls: flag(p.verifyTls), ...stamps }
      const json = { health: JSON.stringify(p.health), targets: JSON.stringify(p.targets) }
      await trx
        .insertInto('pool')
        .values({ ...row, ...json, preserve_host: flag(p.preserveHost) })
        .execute()
    }
    for (const h of hosts) {
      const row = {
        id: h.id,
        name: h.domains[0] ?? h.id,
        enabled: flag(h.enabled),
        tls: h.tls,
        pool_id: h.poolId,
      }
      const json = { access: JSON.stringify(h.access), tags: '[]', note: '' }
      await trx
        .insertInto('host')
        .values({ ...row, ...json, ...stamps })
        .execute()
      const names = h.domains.map((name, position) => ({ name, host_id: h.id, position }))
      await trx.insertInto('host_domain').values(names).execute()
    }
    const words = JSON.stringify([`Published ${hosts.length} hosts`])
    const change = { at, actor_kind: 'system', actor_name: 'bench', words, hosts: '[]' }
    await trx.insertInto('change').values(change).execute()
  })
  await close()
}
