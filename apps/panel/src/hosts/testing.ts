import { compile, type Places } from '@argos/caddy'
import {
  type HostCreate,
  HostCreate as HostCreateSchema,
  type PoolInput,
  PoolInput as PoolSchema,
} from '@argos/contract'
import type { Kysely } from 'kysely'
import type { z } from 'zod'
import type { ClientSight } from '../access/client-sight.ts'
import { policyService } from '../access/policy.service.ts'
import { policyTester } from '../access/tester.ts'
import type { Apply, CheckRefusal, TargetHealth, Touched } from '../apply/apply.types.ts'
import { readDesired } from '../apply/desired.ts'
import type { Actor } from '../audit/actor.ts'
import { auditService } from '../audit/audit.service.ts'
import { changesService } from '../changes/changes.service.ts'
import { committer } from '../changes/commit.ts'
import { previewer } from '../changes/preview.service.ts'
import { undoWrites } from '../changes/undo.ts'
import type { DB } from '../db/schema.ts'
import { fakeClock, testDatabase } from '../db/testing.ts'
import { ownPlaces } from '../guard/places.ts'
import type { Resolve } from '../guard/resolve.ts'
import { upstreamGuard } from '../guard/upstream.ts'
import { poolService } from '../pools/pool.service.ts'
import { poolCheck } from '../pools/pool-check.ts'
import { settingsService } from '../settings/settings.service.ts'
import { hostService } from './host.service.ts'

export const noor: Actor = { kind: 'user', id: 'u_1', name: 'noor', address: '192.168.1.7' }

const places: Places = {
  dataDir: '/data',
  logDir: '/data/logs',
  panelSocket: '/data/run/panel.sock',
  ports: { http: 80, https: 443, panel: 9443 },
  bind: '',
  panelBind: '127.0.0.1',
  panelSubjects: ['localhost'],
  acmeRootFile: null,
}

/** Stands in for the edge's process: asked with the real compiler, and refuses what a test tells it to. */
export interface TestEdge extends Apply {
  up: boolean
  refuse: (touched: Touched) => readonly CheckRefusal[]
  readonly health: Record<string, Record<string, TargetHealth>>
  readonly asked: Touched[]
  woken: number
  /** Generations whose answers wait until they are live, however much else changes. */
  readonly urgent: number[]
}

export function testEdge(db: Kysely<DB>): TestEdge {
  const edge: TestEdge = {
    up: true,
    refuse: () => [],
    health: {},
    asked: [],
    woken: 0,
    urgent: [],
    wake: () => void edge.woken++,
    confirmable: () => null,
    async check(wouldBe, touched) {
      edge.asked.push(touched)
      const compiled = compile({ ...wouldBe, places })
      const now = compile({ ...(await readDesired(db)), places })
      const refused = [...compiled.refused, ...edge.refuse(touched)]
      const accepted = refused.length > 0 ? false : edge.up ? true : null
      return { accepted, refused, needsLoad: JSON.stringify(compiled.base) !== JSON.stringify(now.base) }
    },
    checkEdit: async () => null,
    live: async (generation, _, urgent = false) => {
      if (urgent) edge.urgent.push(generation)
      return edge.up
    },
    status: () => Promise.reject(new Error('not asked by hosts or pools')),
    hostEdge: () => ({ edge: edge.up ? 'live' : 'unknown', trouble: null }),
    targetHealth: (poolId) => edge.health[poolId] ?? {},
    certificateOf: () => ({ state: 'ok', issuer: 'Test CA', notBefore: 0, notAfter: 1, error: null }),
  }
  return edge
}

/** Hosts and pools on a database in memory. Names resolve to a private address unless told otherwise. */
export async function testHosts({ resolve = async () => ['192.168.1.20'] }: { resolve?: Resolve } = {}) {
  const queries = { count: 0 }
  const db = (await testDatabase()).db.withPlugin({
    transformQuery: ({ node }) => {
      queries.count++
      return node
    },
    transformResult: async ({ result }) => result,
  })
  const clock = fakeClock()
  const audit = auditService({ db, clock })
  const edge = testEdge(db)
  const own = ownPlaces({
    listeners: [
      { address: '', port: 443 },
      { address: '127.0.0.1', port: 9443 },
    ],
    addresses: () => ['192.168.1.2'],
  })
  const check = poolCheck(upstreamGuard({ own, resolve }))
  const commit = committer({ db, clock, audit, apply: edge })
  const pools = poolService({ db, clock, apply: edge, commit, check })
  const hosts = hostService({ db, clock, apply: edge, commit, pools })
  const settings = settingsService({
    ...{ db, apply: edge, commit, desired: readDesired },
    checkUpstream: upstreamGuard({ own, resolve }),
  })
  const hidden: { reason: string | null } = { reason: null }
  const sight: ClientSight = {
    noNetworks: async () => hidden.reason,
    refusal: async (networks) => (networks.length > 0 ? hidden.reason : null),
  }
  const policies = policyService({ db, clock, apply: edge, commit, sight })
  const tester = policyTester({ db, clock, hostAt: hosts.at })
  const undo = undoWrites({ clock, check, policies, settings })
  const previews = previewer({ db, apply: edge, hosts, pools, policies, settings, undo })
  const changes = changesService({ db, pools, commit, writes: undo })
  return {
    db,
    queries,
    clock,
    audit,
    edge,
    pools,
    hosts,
    policies,
    tester,
    hidden,
    settings,
    previews,
    changes,
  }
}
export type TestHosts = Awaited<ReturnType<typeof testHosts>>

type Loose<T extends z.ZodType> = Partial<z.input<T>>

export const aPool = (over: Loose<typeof PoolSchema> = {}): PoolInput =>
  PoolSchema.parse({ name: 'media', targets: [{ address: '192.168.1.20', port: 8096 }], ...over })

export const aHost = (over: Loose<typeof HostCreateSchema> = {}): HostCreate =>
  HostCreateSchema.parse({ domains: ['media.home.example'], upstream: { pool: aPool() }, ...over })

/** What a form sends back when nobody touched it. */
export function formOf<T extends { readonly id: string }>(host: T) {
  const {
    id: _,
    poolName: _1,
    state: _2,
    createdAt: _3,
    updatedAt: _4,
    ...form
  } = {
    poolName: '',
    state: null,
    createdAt: 0,
    updatedAt: 0,
    ...host,
  }
  return form
}

/** Every row of every table that a refused verb must not have touched. */
export async function everything(db: Kysely<DB>): Promise<string> {
  const tables = ['host', 'host_domain', 'pool', 'change', 'audit', 'outbox'] as const
  return JSON.stringify(await Promise.all(tables.map((t) => db.selectFrom(t).selectAll().execute())))
}
