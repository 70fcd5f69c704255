import { echo, eventually, type Upstream, visit } from '@argos/testkit'
import type { Kysely } from 'kysely'
import pino from 'pino'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type ApplyRoom, applyRoom } from '../../../src/apply/apply.service.ts'
import { deleteHost, saveHost, saveSettings } from '../../../src/apply/testing.ts'
import { auditService } from '../../../src/audit/audit.service.ts'
import { pendingStore } from '../../../src/changes/pending.store.ts'
import { systemClock } from '../../../src/clock.ts'
import type { Database } from '../../../src/db/open.ts'
import type { DB } from '../../../src/db/schema.ts'
import { testDatabase } from '../../../src/db/testing.ts'
import { type BareEdge, bareEdge } from '../../support/bare-edge.ts'

/** The applier alone against the real edge, with less time than the API gives. */
let edge: BareEdge
let upstream: Upstream
let database: Database
let db: Kysely<DB>
let room: ApplyRoom
const never = new AbortController().signal
const pass = () => room.workers[0].run(never)
/** The applier finds the change that waits, and leaves it to the one who leads it. */
const lead = async () => {
  await pass()
  await room.workers[2].run(never)
}
const row = () => pendingStore(db).get()
const last = () => pendingStore(db).last()
const within = (withinS: number) => ({ withinS, at: systemClock.now() })
const save = (id: string, domains: string[], tls: 'none' | 'internal' | 'auto' = 'none', withinS?: number) =>
  saveHost(db, id, {
    domains,
    host: { tls },
    pool: {
      targets: JSON.stringify([{ address: '127.0.0.1', port: upstream.port, weight: 1, enabled: true }]),
    },
    ...(withinS === undefined ? {} : { withinS: within(withinS) }),
  })
const status = async (name: string, tls = false) => {
  const { http, https } = edge.places.ports
  return (await visit({ port: tls ? https : http, name, tls })).status
}

beforeAll(async () => {
  edge = await bareEdge()
  upstream = await echo()
  database = await testDatabase()
  db = database.db
  const log = pino({ level: 'silent' })
  const audit = auditService({ db, clock: systemClock })
  room = applyRoom({ db, edge: edge.client, clock: systemClock, log, places: edge.places, audit })
  await save('h_other', ['other.example.test'])
})
afterAll(async () => {
  await room.idle()
  await edge[Symbol.asyncDispose]()
  await database.close()
  await upstream.close()
})
beforeEach(async () => {
  await save('h_a', ['a.example.test'])
  await pass()
  await room.idle()
})

test('a swap for a limited time goes back by itself, and the panel follows', async () => {
  const { etag } = await edge.client.summary()
  await deleteHost(db, 'h_a', within(2))
  await lead()
  expect(await row()).toMatchObject({ state: 'waiting', promises: [{ state: 'kept' }, { state: 'kept' }] })
  expect(await status('a.example.test')).toBe(404)
  await eventually('it went back', async () => {
    await lead()
    return (await row()) === null
  })
  expect(await last()).toMatchObject({ outcome: 'returned', reason: 'Nobody kept it within 2 s.' })
  expect((await edge.client.summary()).etag).toBe(etag)
  await pass()
  expect(await room.apply.status()).toMatchObject({ inSync: true })
  expect(await status('a.example.test')).toBe(200)
})

test('one that needs a load is tested over HTTPS and kept', async () => {
  await save('h_a', ['a.example.test'], 'internal', 20)
  await lead()
  expect(await row()).toMatchObject({ state: 'waiting' })
  expect((await row())?.promises[0]).toMatchObject({ words: 'a.example.test answers', state: 'kept' })
  const id = (await row())?.id ?? ''
  await pendingStore(db).advance(id, ['waiting'], { state: 'keeping' })
  await lead()
  expect(await last()).toMatchObject({ id, outcome: 'kept' })
  expect((await edge.client.summary()).confirmed).toBe(id)
  await edge.restart()
  await eventually('HTTPS answers', async () => (await status('a.example.test', true)) === 200)
  await pass()
  expect(await room.apply.status()).toMatchObject({ inSync: true })
})

test('a load that nobody keeps goes back with its listeners and names', async () => {
  const { etag } = await edge.client.summary()
  await saveSettings(db, { trustedProxies: ['10.0.0.0/8'] }, within(2))
  await lead()
  expect(await row()).toMatchObject({ state: 'waiting' })
  expect((await edge.client.summary()).etag).not.toBe(etag)
  await eventually('it went back', async () => {
    await lead()
    return (await row()) === null
  })
  await pass()
  expect((await edge.client.summary()).etag).toBe(etag)
})

test('what the edge refuses is taken back here, and nothing of it was ever there', async () => {
  const { etag } = await edge.client.summary()
  const targets = JSON.stringify([{ address: '169.254.169.254', port: 80, weight: 1, enabled: true }])
  await saveHost(db, 'h_a', {
    ...{ domains: ['a.example.test', 'b.example.test'], host: { tls: 'none' as const }, pool: { targets } },
    withinS: within(20),
  })
  await lead()
  expect(await row()).toBe(null)
  expect((await last())?.reason).toContain('169.254.169.254')
  expect((await edge.client.summary()).etag).toBe(etag)
  await pass()
  expect(await status('a.example.test')).toBe(200)
})

test('a name that gets no certificate is a broken promise', async () => {
  await saveSettings(db, { acmeDirectory: `https://127.0.0.1:${edge.places.ports.http}/directory` })
  await pass()
  await save('h_a', ['a.example.test'], 'auto', 20)
  await lead()
  expect((await last())?.reason).toMatch(
    /^A promise does not hold: a\.example\.test answers\. It has no certificate/,
  )
  await pass()
  expect(await status('a.example.test')).toBe(200)
})

test('a change somebody else makes for a limited time is waited for, and not fought', async () => {
  const { etag, generation } = await edge.client.summary()
  const confirm = { id: 'by-hand', within_s: 2 }
  await edge.client.swap(etag, { generation, hosts: { h_other: null }, pools: {}, confirm })
  await save('h_b', ['b.example.test'])
  expect(await pass()).toMatchObject({ waiting: expect.stringContaining('somebody else’s change') })
  expect(await room.apply.status()).toMatchObject({ inSync: false, lastError: expect.any(String) })
  expect(await status('other.example.test')).toBe(404)
  await eventually('it went back', async () => (await status('other.example.test')) === 200)
  await pass()
  expect(await status('b.example.test')).toBe(200)
})
