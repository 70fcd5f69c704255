import {
  auditList,
  changeList,
  changeUndo,
  hostBulk,
  hostList,
  hostView,
  revisionList,
  settingsUpdate,
  settingsView,
  systemStatus,
} from '@argos/contract'
import { echo, eventually, type Stack, startStack, type Upstream } from '@argos/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { withDatabase } from '../support/database.ts'
import { browse, processorMs } from '../support/edge.ts'
import { edit, publish } from '../support/hosts.ts'

const HOSTS_A_POOL = 50

let stack: Stack
let upstream: Upstream
let first = ''
let poolId = ''
beforeAll(async () => {
  stack = await startStack()
  upstream = await echo()
  const host = await publish(stack, { domains: ['first.example.test'], to: upstream })
  first = host.id
  poolId = host.poolId
})
afterAll(async () => {
  await stack.stop()
  await upstream.close()
})

/** As many as that, written while the panel is away; the last one of them answers. */
async function grow(n: number): Promise<void> {
  await stack.kill('panel', 'SIGTERM')
  withDatabase(stack, (db) => {
    db.exec('begin')
    const host = db.prepare(
      `insert or ignore into host (id, name, enabled, tls, access, tags, note, pool_id, version, created_at, updated_at)
       values (?, ?, 1, 'none', '{"kind":"public"}', '["many"]', '', ?, 1, 0, 0)`,
    )
    const domain = db.prepare('insert or ignore into host_domain (name, host_id, position) values (?, ?, 0)')
    const pool = db.prepare(
      `insert or ignore into pool select ?, ?, protocol, verify_tls, preserve_host, health,
       targets, 1, 0, 0 from pool where id = ?`,
    )
    for (let i = 1; i < n; i++) {
      const pooled = `p_many_${Math.floor(i / HOSTS_A_POOL)}`
      pool.run(pooled, pooled, poolId)
      host.run(`h_many_${i}`, `many-${i}.example.test`, pooled)
      domain.run(`many-${i}.example.test`, `h_many_${i}`)
    }
    db.exec('commit')
  })
  stack.start('panel')
  await stack.reachable()
  await stack.inSync(120_000)
  expect((await browse(stack, `many-${n - 1}.example.test`)).status).toBe(200)
}

const newest = async () => (await stack.api.call(revisionList, { query: { limit: 1 } })).revisions[0]
/** A change of what needs a load, and how long the pass took that brought it. */
async function load(acmeEmail: string): Promise<number> {
  const { settings, version } = await stack.api.call(settingsView, {})
  const body = { settings: { ...settings, acmeEmail }, version }
  const { saved } = await stack.api.call(settingsUpdate, { query: {}, body })
  const revision = await eventually(
    'the load is told',
    async () => {
      const now = await newest()
      return (now?.generation ?? 0) >= saved.generation ? now : null
    },
    { timeoutMs: 120_000 },
  )
  expect(revision).toMatchObject({ kind: 'load', outcome: 'live' })
  return revision.tookMs
}

const CALLS = 20
/**
 * Processor time of the panel for one answer, passes of the applier that fall in between included. On a machine that
 * has nothing else to do that is also how long it takes.
 */
async function costs(call: () => Promise<unknown>): Promise<number> {
  const from = processorMs(stack.panel.pid())
  for (let i = 0; i < CALLS; i++) await call()
  return (processorMs(stack.panel.pid()) - from) / CALLS
}

test('LD-04 1,000 hosts are loaded within 2 s', async () => {
  await grow(1_000)
  expect(await load('a@example.com')).toBeLessThan(2_000)
})

test('LD-04 with 10,000 hosts an answer about some of them costs the panel less than 300 ms, and edits go live', async () => {
  await grow(10_000)
  await load('b@example.com')
  let i = 0
  const calls = {
    view: () => stack.api.call(hostView, { params: { id: 'h_many_5000' } }),
    status: () => stack.api.call(systemStatus, {}),
    audit: () => stack.api.call(auditList, { query: {} }),
    search: () => stack.api.call(hostList, { query: { q: 'many-7777' } }),
    edit: () => edit(stack, first, () => ({ domains: ['first.example.test', `edit-${i++}.example.test`] })),
  }
  for (const [name, call] of Object.entries(calls)) expect(await costs(call), name).toBeLessThan(300)
  await stack.inSync(120_000)
  for (const name of [`edit-${CALLS - 1}`, 'many-9999'])
    expect((await browse(stack, `${name}.example.test`)).status).toBe(200)
})

test('LD-04 of 10,000 hosts 2,000 are deleted at once and brought back at once, and the others stay', async () => {
  const ids = Array.from({ length: 2_000 }, (_, i) => `h_many_${i + 3_000}`)
  const statuses = async () =>
    Promise.all(
      ['many-3000', 'many-4999', 'many-2999', 'many-5000'].map(
        async (name) => (await browse(stack, `${name}.example.test`)).status,
      ),
    )
  await stack.api.call(hostBulk, { query: {}, body: { ids, action: { kind: 'delete' } } })
  await stack.inSync(60_000)
  expect(await statuses()).toEqual([404, 404, 200, 200])
  const [change] = (await stack.api.call(changeList, { query: { limit: 1 } })).changes
  await stack.api.call(changeUndo, { params: { generation: change?.generation ?? 0 }, query: {} })
  await stack.inSync(60_000)
  expect(await statuses()).toEqual([200, 200, 200, 200])
})
