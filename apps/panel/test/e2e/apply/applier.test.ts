import { echo, type Upstream, visit } from '@argos/testkit'
import type { Kysely } from 'kysely'
import pino from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ApplyRoom, applyRoom } from '../../../src/apply/apply.service.ts'
import { readDesired } from '../../../src/apply/desired.ts'
import { saveHost, saveSettings } from '../../../src/apply/testing.ts'
import { auditService } from '../../../src/audit/audit.service.ts'
import { revisionStore } from '../../../src/changes/revisions.store.ts'
import { systemClock } from '../../../src/clock.ts'
import type { Database } from '../../../src/db/open.ts'
import type { DB } from '../../../src/db/schema.ts'
import { testDatabase } from '../../../src/db/testing.ts'
import { type BareEdge, bareEdge } from '../../support/bare-edge.ts'

let edge: BareEdge
let upstream: Upstream
let database: Database
let db: Kysely<DB>
let room: ApplyRoom
beforeAll(async () => {
  edge = await bareEdge()
  upstream = await echo()
  database = await testDatabase()
  db = database.db
  const log = pino({ level: 'silent' })
  const audit = auditService({ db, clock: systemClock })
  room = applyRoom({ db, edge: edge.client, clock: systemClock, log, places: edge.places, audit })
  await pass()
})
afterAll(async () => {
  await room.idle()
  await edge[Symbol.asyncDispose]()
  await database.close()
  await upstream.close()
})

const never = new AbortController().signal
const pass = async () => {
  await room.workers[0].run(never)
  await room.idle()
}
const targets = (address = '127.0.0.1', port = upstream.port) =>
  JSON.stringify([{ address, port, weight: 1, enabled: true }])
const plain = (id: string, domains: string[], pool = targets()) =>
  saveHost(db, id, { domains, host: { tls: 'none' }, pool: { targets: pool } })
const status = async (name: string) => (await visit({ port: edge.places.ports.http, name })).status
const newest = async () => (await revisionStore(db).list({ limit: 1 }))[0]

test('a saved host is live after one pass, probed through the edge, and in sync', async () => {
  const generation = await plain('h_a', ['a.example.test'])
  await pass()
  expect(await status('a.example.test')).toBe(200)
  expect(await room.apply.live(generation, 0)).toBe(true)
  expect(await newest()).toMatchObject({ kind: 'swap', outcome: 'live', hosts: [{ id: 'h_a' }] })
  expect((await newest())?.hosts[0]?.probe).toMatch(/^Answers 200 in \d+ ms\.$/)
  expect(await room.apply.status()).toMatchObject({ inSync: true, edge: { state: 'ok' } })
})

test('a host of the internal CA is probed over HTTPS once it has its certificate', async () => {
  await saveHost(db, 'h_tls', {
    domains: ['tls.example.test'],
    host: { tls: 'internal' },
    pool: { targets: targets() },
  })
  await pass()
  expect((await newest())?.kind).toBe('load')
  expect((await newest())?.hosts.find((h) => h.id === 'h_tls')?.probe).toMatch(/^Answers 200/)
  // The pass looked at certificates while the host was being probed, and perhaps before there was one.
  await room.workers[1].run(never)
  expect(room.apply.certificateOf(['tls.example.test'])).toMatchObject({ state: 'ok' })
})

test('F2 a target that cannot be resolved hurts nobody else, and is told', async () => {
  await plain('h_lost', ['lost.example.test'], targets('no-such-name.invalid', 80))
  await plain('h_b', ['b.example.test'])
  await pass()
  expect([await status('a.example.test'), await status('b.example.test')]).toEqual([200, 200])
  expect([502, 503]).toContain(await status('lost.example.test'))
  const told = await db.selectFrom('outbox').select('data').where('type', '=', 'apply.probe_failed').execute()
  expect(told.map((e) => JSON.parse(e.data) as object)).toMatchObject([{ hostId: 'h_lost' }])
})

test('CF-09 F1 a target the edge refuses is said before saving; saved all the same, its host serves on and all others too', async () => {
  const wouldBe = await readDesired(db)
  const bad = wouldBe.pools.map((p) =>
    p.id === 'p_h_a'
      ? { ...p, targets: [{ address: '169.254.169.254', port: 80, weight: 1, enabled: true }] }
      : p,
  )
  const before = await edge.client.summary()
  expect(await room.apply.check({ ...wouldBe, pools: bad }, { hosts: [], pools: ['p_h_a'] })).toMatchObject({
    accepted: false,
    refused: [{ kind: 'pool', id: 'p_h_a', field: 'targets[0].address' }],
  })
  expect((await edge.client.summary()).etag).toBe(before.etag)

  await plain('h_a', ['a.example.test'], targets('169.254.169.254', 80))
  await plain('h_c', ['c.example.test'])
  await pass()
  expect([await status('a.example.test'), await status('c.example.test')]).toEqual([200, 200])
  expect(await db.selectFrom('trouble').select(['kind', 'id']).execute()).toContainEqual({
    kind: 'pool',
    id: 'p_h_a',
  })
  expect(await newest()).toMatchObject({ outcome: 'refused' })

  await plain('h_a', ['a.example.test'])
  await pass()
  expect(await db.selectFrom('trouble').selectAll().execute()).toEqual([])
})

test('a name moves from one host to another in one pass', async () => {
  await plain('h_a', ['a2.example.test'])
  await plain('h_b', ['b.example.test', 'a.example.test'])
  await pass()
  expect([await status('a.example.test'), await status('a2.example.test')]).toEqual([200, 200])
  expect((await newest())?.outcome).toBe('live')
  // And two swap theirs.
  await db.deleteFrom('host_domain').where('host_id', 'in', ['h_a', 'h_b']).execute()
  await plain('h_a', ['b.example.test'])
  await plain('h_b', ['a2.example.test'])
  await pass()
  expect([await status('b.example.test'), await status('a2.example.test')]).toEqual([200, 200])
  expect(await newest()).toMatchObject({ outcome: 'live', error: null })
})

test('CF-11 a change past the panel stays until that host is edited, and is told', async () => {
  const { etag, generation } = await edge.client.summary()
  await edge.client.swap(etag, { generation, hosts: { h_c: null }, pools: {} })
  await pass()
  expect(await status('c.example.test')).not.toBe(200)
  const told = await db.selectFrom('outbox').select('data').where('type', '=', 'edge.drifted').execute()
  expect(told.map((e) => JSON.parse(e.data) as object)).toEqual([{ objects: 1, names: ['c.example.test'] }])
  await plain('h_c', ['c.example.test', 'again.example.test'])
  await pass()
  expect([await status('c.example.test'), await status('again.example.test')]).toEqual([200, 200])
})

test('CF-10 CF-12 an edge that is killed comes back with everything, and what was saved meanwhile follows', async () => {
  await edge.program.kill('SIGKILL')
  const generation = await plain('h_d', ['d.example.test'])
  await room.workers[0].run(never)
  await room.workers[1].run(never)
  expect(await room.apply.live(generation, 0)).toBe(false)
  expect(room.apply.hostEdge('h_c').edge).toBe('unknown')
  edge.program.start()
  await expect.poll(() => status('c.example.test').catch(String), { timeout: 10_000 }).toBe(200)
  await room.workers[1].run(never)
  await pass()
  expect(await status('d.example.test')).toBe(200)
  expect(room.apply.hostEdge('h_d')).toEqual({ edge: 'live', trouble: null })
})

test('other settings take a load, which visitors do not notice', async () => {
  await saveSettings(db, { acmeEmail: 'me@example.com' })
  await pass()
  expect(await newest()).toMatchObject({ kind: 'load', outcome: 'live', words: ['Changed settings'] })
  expect(await status('c.example.test')).toBe(200)
})
