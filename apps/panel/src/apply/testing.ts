import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Places } from '@argos/caddy'
import { edgeClient } from '@argos/caddy-admin'
import type { Insertable, Kysely } from 'kysely'
import { auditService } from '../audit/audit.service.ts'
import { recordChange } from '../changes/changes.store.ts'
import type { DB, HostTable, PoolTable } from '../db/schema.ts'
import { type FakeClock, fakeClock, testDatabase } from '../db/testing.ts'
import { type ApplyRoom, applyRoom } from './apply.service.ts'
import type { ProbeResult } from './probe.ts'
import { type ScriptedEdge, scriptedEdge } from './scripted-edge.ts'

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
  const client = edgeClient(edge.socket, { timeoutMs: 300, swapTimeoutMs: 300, loadTimeoutMs: 300 })
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
  return db.transaction().execute(async (trx) => {
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
    return recordChange(trx, anActor, { words: [`Published ${domains[0]}`], hosts: [id] })
  })
}

export const deleteHost = (db: Kysely<DB>, id: string): Promise<number> =>
  db.transaction().execute(async (trx) => {
    await trx.deleteFrom('host').where('id', '=', id).execute()
    await trx.deleteFrom('pool').where('id', '=', `p_${id}`).execute()
    return recordChange(trx, anActor, { words: [`Deleted ${id}`], hosts: [id] })
  })

export async function saveSettings(db: Kysely<DB>, settings: object): Promise<number> {
  return db.transaction().execute(async (trx) => {
    const json = JSON.stringify(settings)
    await trx
      .insertInto('setting')
      .values({ id: 1, json, version: 1 })
      .onConflict((c) => c.column('id').doUpdateSet({ json }))
      .execute()
    return recordChange(trx, anActor, { words: ['Changed settings'], hosts: [] })
  })
}
