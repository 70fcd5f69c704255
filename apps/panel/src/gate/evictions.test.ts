import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type EdgeClient, edgeClient } from '@argos/caddy-admin'
import pino from 'pino'
import { expect, onTestFinished, test } from 'vitest'
import { type Database, openDatabase } from '../db/open.ts'
import { evictionsRoom } from './evictions.ts'

const log = pino({ level: 'silent' })

/** The edge's end of the control socket: what it was told, and whether it takes it. */
async function listening() {
  const folder = mkdtempSync(join(tmpdir(), 'argos-evict-'))
  const socketPath = join(folder, 'edge.sock')
  const told: unknown[] = []
  const state = { status: 200, during: async () => {} }
  const server = createServer(async (req, res) => {
    let text = ''
    for await (const chunk of req.setEncoding('utf8')) text += chunk
    told.push([req.method, req.url, JSON.parse(text)])
    await state.during()
    const body = state.status === 200 ? { dropped: 1, cancelled: 0 } : { error: 'out of order' }
    res.writeHead(state.status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  })
  const up = async () => {
    server.listen(socketPath)
    await once(server, 'listening')
  }
  const down = () => new Promise<void>((resolve) => server.close(() => resolve()))
  await up()
  const edge = edgeClient(socketPath)
  onTestFinished(async () => {
    await edge.close()
    if (server.listening) await down()
    rmSync(folder, { recursive: true, force: true })
  })
  return { edge, told, state, up, down, folder }
}

const room = (database: Database, edge: EdgeClient) => {
  const cached: unknown[] = []
  const cache = { evict: (what: unknown) => void cached.push(what) }
  return { ...evictionsRoom({ db: database.db, edge, cache, log }), cached }
}
const pass = (worker: { run(signal: AbortSignal): Promise<unknown> }) =>
  worker.run(AbortSignal.timeout(5_000))

test('FA-19 the edge has forgotten when it resolves, and this process before the edge is asked', async () => {
  const { edge, told, state } = await listening()
  const evictions = room(await openDatabase(':memory:'), edge)
  const order: unknown[] = []
  state.during = async () => void order.push([...evictions.cached])
  const what = [{ session: 's_1' }, { credential: 'a'.repeat(64) }]
  expect(await evictions.now(...what)).toBe(true)
  expect(order).toEqual([what, what])
  expect(told).toEqual(what.map((one) => ['POST', '/argos/evict', one]))
  expect(await pass(evictions.worker)).toEqual({ owed: false })
  expect(told).toHaveLength(2)
  expect(await evictions.now()).toBe(true)
})

test('FA-19 an edge that could not be told forgets everything once it can be, after a restart of the panel too', async () => {
  const { edge, told, down, up, folder } = await listening()
  const path = join(folder, 'argos.db')
  const first = await openDatabase(path)
  await down()
  const before = room(first, edge)
  let woken = 0
  before.worker.wake?.addEventListener('wake', () => woken++)
  expect(await before.now({ person: 'u_1' })).toBe(false)
  expect(woken).toBe(1)
  expect(await pass(before.worker)).toEqual({ owed: true })
  await first.close()

  const second = await openDatabase(path)
  onTestFinished(() => second.close())
  const after = room(second, edge)
  expect(await pass(after.worker)).toEqual({ owed: true })
  await up()
  expect(await pass(after.worker)).toEqual({ owed: false })
  expect(told).toEqual([['POST', '/argos/evict', { all: true }]])
  expect(await pass(after.worker)).toEqual({ owed: false })
  expect(told).toHaveLength(1)
})

test('what fails while the edge is being told everything is owed still', async () => {
  const { edge, told, state } = await listening()
  const evictions = room(await openDatabase(':memory:'), edge)
  state.status = 500
  expect(await evictions.now({ person: 'u_1' })).toBe(false)
  state.status = 200
  state.during = async () => {
    state.during = async () => {}
    state.status = 500
    await evictions.now({ person: 'u_2' })
    state.status = 200
  }
  expect(await pass(evictions.worker)).toEqual({ owed: true })
  expect(await pass(evictions.worker)).toEqual({ owed: false })
  expect(told.filter((one) => JSON.stringify(one).includes('"all"'))).toHaveLength(2)
})
