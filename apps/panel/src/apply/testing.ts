import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Places } from '@argos/caddy'
import { edgeClient } from '@argos/caddy-admin'
import type { Insertable, Kysely, Transaction } from 'kysely'
import { auditService } from '../audit/audit.service.ts'
import { recordChange } from '../changes/changes.store.ts'
import type { ChangedObject } from '../changes/objects.ts'
import { pendingStore } from '../changes/pending.store.ts'
import type { DB, HostTable, PoolTable } from '../db/schema.ts'
import { type FakeClock, fakeClock, testDatabase } from '../db/testing.ts'
import { hostStore, type SavedHost } from '../hosts/host.store.ts'
import { poolStore, type SavedPool } from '../pools/pool.store.ts'
import { settingsStore } from '../settings/settings.store.ts'
import { type ApplyRoom, applyRoom } from './apply.service.ts'
import type { ProbeResult } from './probe.ts'
import { type ScriptedEdge, scriptedEdge } from './scripted-edge.ts'
import type { NotSeen, Seen } from './visit.ts'

export const testPlaces = (dataDir: string): Omit<Places, 'acmeRootFile'> => ({
  dataDir,
  logDir: join(dataDir, 'logs'),
  panelSocket: join(dataDir, 'panel.sock'),
  ports: { http: 8080, https: 8443, panel: 9443 },
  bind: '127.0.0.1',
  panelBind: '127.0.0.1',
  panelSubjects: ['127.0.0.1', 'localhost'],
})

/** A database, a scripted edge and the applier between them. Sleeping moves the clock and takes no time. */
export interface Bench {
  readonly db: Kysely<DB>
  readonly edge: ScriptedEdge
  readonly room: ApplyRoom
  readonly clock: FakeClock
  readonly dataDir: string
  /** What the applier and the watcher said to the log. */
  readonly logged: { level: string; words: string; reason?: unknown }[]
  /** Milliseconds the applier slept. */
  slept(): number
  pass(): Promise<Record<string, unknown>>
  /** What probes answer, by the host's first name. */
  probes: Record<string, ProbeResult>
  /** What visitors of a name see; others get 200 from a service. */
  sights: Record<string, Seen | NotSeen>
  /** Leads the change that waits as far as it goes now. */
  lead(): Promise<Record<string, unknown>>
  /** Another panel process on the same database. */
  restartPanel(): void
  close(): Promise<void>
}

/** `at`: what its paths say, when two benches are to come to the same bytes. */
export async function applyBench({ up = true, at }: { up?: boolean; at?: string } = {}): Promise<Bench> {
  const database = await testDatabase()
  const dataDir = mkdtempSync(join(tmpdir(), 'argos-apply-'))
  const edge = scriptedEdge()
  if (up) await edge.listen()
  const clock = fakeClock()
  let slept = 0
  const client = edgeClient(edge.socket, { timeoutMs: 1_000, swapTimeoutMs: 1_000, loadTimeoutMs: 1_000 })
  const logged: Bench['logged'] = []
  const note = (level: string) => (fields: unknown, words?: string) =>
    void logged.push({ level, words: words ?? '', ...(fields as object) })
  const logger = { error: note('error'), warn: note('warn'), info: note('info') }
  const makeRoom = () =>
    applyRoom({
      db: database.db,
      edge: client,
      clock,
      log: logger,
      places: testPlaces(at ?? dataDir),
      audit: auditService({ db: database.db, clock }),
      visit: async ({ name }) => {
        const seen = bench.sights[name] ?? { status: 200, passedOn: true, ms: 1 }
        if (seen instanceof Error) throw seen
        return seen
      },
      probe: async ({ names: [name = ''] }) => bench.probes[name] ?? { ok: true, words: 'Answers 200.' },
      sleep: async (ms) => {
        slept += ms
        clock.advance(ms)
      },
    })
  let room = makeRoom()
  const bench: Bench = {
    db: database.db,
    edge,
    get room() {
      return room
    },
    clock,
    logged,
    dataDir,
    slept: () => slept,
    pass: async () => {
      const result = await room.workers[0].run(new AbortController().signal)
      await room.idle()
      return result
    },
    probes: {},
    sights: {},
    lead: () => room.workers[2].run(new AbortController().signal),
    restartPanel: () => {
      room = makeRoom()
    },
    close: async () => {
      await room.idle()
      await client.close()
      if (edge.socket) await edge.close()
      await database.close()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
  return bench
}

const anActor = { kind: 'user', id: 'u_1', name: 'ada', address: '127.0.0.1' } as const

/** Saves a host with a pool of its own, as the verbs do, and returns the generation. */
export async function saveHost(
  db: Kysely<DB>,
  id: string,
  over: {
    host?: Partial<Insertable<HostTable>>
    pool?: Partial<Insertable<PoolTable>>
    domains?: string[]
    withinS?: Within
  } = {},
): Promise<number> {
  const domains = over.domains ?? [`${id.replaceAll('_', '-')}.example.com`]
  const poolId = over.host?.pool_id ?? `p_${id}`
  const pool = {
    ...{
      id: poolId,
      name: poolId,
      protocol: 'http' as const,
      verify_tls: 1 as const,
      preserve_host: 1 as const,
    },
    health: JSON.stringify({ kind: 'tcp', path: '/', intervalS: 15, timeoutS: 5 }),
    targets: JSON.stringify([{ address: '10.0.0.5', port: 80, weight: 1, enabled: true }]),
    ...{ version: 1, created_at: 0, updated_at: 0 },
    ...over.pool,
  }
  const host = {
    ...{ id, name: domains[0] ?? id, enabled: 1 as const, tls: 'auto' as const, access: '{"kind":"public"}' },
    ...{ tags: '[]', note: '', pool_id: poolId, version: 1, created_at: 0, updated_at: 0 },
    ...over.host,
  }
  return recorded(
    db,
    { words: [`Published ${domains[0]}`], hosts: [id], pools: [poolId] },
    over.withinS,
    async (trx) => {
      await trx.deleteFrom('host').where('id', '=', id).execute()
      await trx
        .insertInto('pool')
        .values(pool)
        .onConflict((c) => c.column('id').doUpdateSet(pool))
        .execute()
      await trx.insertInto('host').values(host).execute()
      await trx
        .insertInto('host_domain')
        .values(domains.map((name, position) => ({ name, host_id: id, position })))
        .execute()
    },
  )
}

export const deleteHost = (db: Kysely<DB>, id: string, withinS?: Within): Promise<number> =>
  recorded(db, { words: [`Deleted ${id}`], hosts: [id], pools: [`p_${id}`] }, withinS, async (trx) => {
    await trx.deleteFrom('host').where('id', '=', id).execute()
    await trx.deleteFrom('pool').where('id', '=', `p_${id}`).execute()
  })

export async function saveSettings(db: Kysely<DB>, settings: object, withinS?: Within): Promise<number> {
  return recorded(
    db,
    { words: ['Changed settings'], hosts: [], pools: [], settings: true },
    withinS,
    async (trx) => {
      const json = JSON.stringify(settings)
      await trx
        .insertInto('setting')
        .values({ id: 1, json, version: 1 })
        .onConflict((c) => c.column('id').doUpdateSet({ json }))
        .execute()
    },
  )
}

/** Seconds that it waits to be kept; saved when the bench's clock begins unless told. */
type Within = number | { readonly withinS: number; readonly at: number }

interface About {
  readonly words: string[]
  readonly hosts: string[]
  readonly pools: string[]
  readonly settings?: true
}

/** Writes, and records what became of each object; with `withinS` as a change that waits to be kept. */
async function recorded(
  db: Kysely<DB>,
  { words, hosts, pools, settings }: About,
  within: Within | undefined,
  write: (trx: Transaction<DB>) => Promise<void>,
): Promise<number> {
  const look = async (trx: Transaction<DB>): Promise<Map<string, ChangedObject['after']>> => {
    const found = new Map<string, ChangedObject['after']>()
    for (const id of hosts) found.set(`host:${id}`, inputOf((await hostStore(trx).get(id)) ?? null))
    for (const id of pools) found.set(`pool:${id}`, inputOf((await poolStore(trx).get(id)) ?? null))
    if (settings) found.set('settings:1', (await settingsStore(trx).read()).settings)
    return found
  }
  return db.transaction().execute(async (trx) => {
    const before = await look(trx)
    await write(trx)
    const objects = [...(await look(trx))].map(([key, after]): ChangedObject => {
      const [kind, id = ''] = key.split(':')
      return { kind: kind as ChangedObject['kind'], id, name: id, before: before.get(key) ?? null, after }
    })
    const generation = await recordChange(trx, anActor, { words, hosts, objects })
    if (within === undefined) return generation
    const { withinS, at } = typeof within === 'number' ? { withinS: within, at: fakeClock().now() } : within
    await pendingStore(trx).begin(anActor, { generation, words, withinS }, at)
    return generation
  })
}

/** Without what only a saved one has. */
function inputOf(saved: SavedHost | SavedPool | null): ChangedObject['after'] {
  if (saved === null) return null
  const { id: _, version: __, createdAt: ___, updatedAt: ____, ...input } = saved
  const { poolName: _____, ...rest } = input as typeof input & { poolName?: string }
  return rest
}
