import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import type { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import {
  type EdgeClient,
  EdgeFailed,
  EdgePending,
  EdgeRefused,
  EdgeStale,
  EdgeUnreachable,
  edgeClient,
} from '../src/index.ts'

const open: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close()
})

/** An edge of one answer, on a real socket. */
async function answering(listener: RequestListener, timeoutMs = 2_000): Promise<EdgeClient> {
  const folder = mkdtempSync(join(tmpdir(), 'edge-'))
  open.push(() => rmSync(folder, { recursive: true, force: true }))
  const path = join(folder, 'edge.sock')
  const sockets = new Set<Socket>()
  const server = createServer(listener).on('connection', (s) => sockets.add(s))
  await new Promise<void>((resolve) => server.listen(path, resolve))
  open.push(() => {
    for (const s of sockets) s.destroy()
    return new Promise((resolve) => server.close(() => resolve()))
  })
  const client = edgeClient(path, { timeoutMs, swapTimeoutMs: timeoutMs, loadTimeoutMs: timeoutMs })
  open.push(() => client.close())
  return client
}
const json =
  (status: number, body: unknown): RequestListener =>
  (_req, res) =>
    res.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))

const nothing = { generation: 1, hosts: {}, pools: {} }

describe('every failure has its type', () => {
  test('no socket', async () => {
    const client = edgeClient('/nowhere/edge.sock')
    open.push(() => client.close())
    await expect(client.info()).rejects.toThrow(EdgeUnreachable)
    await expect(client.info()).rejects.toThrow('its socket is not there')
  })
  test('an edge that hangs is given up', async () => {
    const client = await answering(() => undefined, 50)
    await expect(client.swap('e', nothing)).rejects.toThrow(EdgeUnreachable)
  })
  test('an edge that stalls in the middle of its answer is given up', async () => {
    const client = await answering((_req, res) => void res.write('{"etag":'), 50)
    await expect(client.swap('e', nothing)).rejects.toThrow('did not answer within')
  })
  test('CF-10 a reset in the middle of an answer', async () => {
    const client = await answering((_req, res) => {
      res.writeHead(200, { 'content-length': 100 })
      res.write('{"etag"', () => res.destroy())
    })
    await expect(client.swap('e', nothing)).rejects.toThrow(EdgeUnreachable)
  })
  test('412 carries the etag of now', async () => {
    const client = await answering(json(412, { error: 'changed meanwhile', etag: 'abc' }))
    const err = await client.swap('old', nothing).catch((e: unknown) => e)
    expect(err).toBeInstanceOf(EdgeStale)
    expect(err).toMatchObject({ message: 'changed meanwhile', etag: 'abc' })
  })
  test('400 carries the reason', async () => {
    const client = await answering(json(400, { error: 'listen tcp :443: address already in use' }))
    const err = await client.load('*', { ...nothing, base: {} as never }).catch((e: unknown) => e)
    expect(err).toBeInstanceOf(EdgeRefused)
    expect(err).toMatchObject({ message: 'listen tcp :443: address already in use', status: 400 })
  })
  const waits = { id: 'c1', generation: 4, deadline: '2026-01-01T00:00:00Z', remaining_ms: 9, within_s: 60 }
  test('F32 423 names the change that waits', async () => {
    const client = await answering(json(423, { error: 'another change waits', pending: waits }))
    const err = await client.swap('e', nothing).catch((e: unknown) => e)
    expect(err).toBeInstanceOf(EdgePending)
    expect(err).toMatchObject({ message: 'another change waits', pending: waits })
  })
  test('F32 422 names each entry that was refused', async () => {
    const refused = { 'host:h_a': { message: 'it names no pool', field: 'handle[1].pool' } }
    const client = await answering(json(422, { error: 'host:h_a: it names no pool', refused }))
    const confirm = { id: 'c1', within_s: 60 }
    const err = await client.swap('e', { ...nothing, confirm }).catch((e: unknown) => e)
    expect(err).toBeInstanceOf(EdgeRefused)
    expect(err).toMatchObject({ status: 422, refused, pending: null, confirmed: null })
  })
  test('F32 409 of a confirmation says what waits instead, and what was confirmed last', async () => {
    const client = await answering(json(409, { error: 'no such change', pending: waits, confirmed: 'c0' }))
    for (const asked of [client.confirm('x'), client.revert('x'), client.extend('x', 60)])
      expect(await asked.catch((e: unknown) => e)).toMatchObject({
        pending: waits,
        confirmed: 'c0',
        refused: {},
      })
  })
  test('F32 a confirmation that could not be saved is not known to be kept', async () => {
    const client = await answering(json(500, { error: 'it is live, but could not be saved' }))
    await expect(client.confirm('c1')).rejects.toThrow(EdgeFailed)
  })
  test.each([
    ['500', json(500, { error: 'boom' })],
    ['not JSON', (_req, res) => res.end('<html>')],
    ['null', json(200, null)],
    ['a field short', json(200, { etag: 'x' })],
  ] as [string, RequestListener][])('%s', async (_, listener) => {
    const client = await answering(listener)
    await expect(client.info()).rejects.toThrow(EdgeFailed)
  })
  test('an answer without end is cut off', async () => {
    const block = 'x'.repeat(1024 * 1024)
    const client = await answering((_req, res) => {
      const pump = () => {
        while (!res.destroyed && res.write(block));
        res.once('drain', pump)
      }
      pump()
    }, 10_000)
    await expect(client.health()).rejects.toThrow('more than')
  })
})

test('If-Match is quoted, and `*` is not', async () => {
  const seen: unknown[] = []
  const client = await answering((req, res) => {
    seen.push(req.headers['if-match'])
    json(200, { etag: 'n', generation: 1, refused: {} })(req, res)
  })
  await client.swap('abc', nothing)
  await client.load('*', { ...nothing, base: {} as never })
  expect(seen).toEqual(['"abc"', '*'])
})

test('a body is sent as the bytes that were hashed', async () => {
  let body = ''
  const client = await answering(async (req, res) => {
    for await (const chunk of req as AsyncIterable<Buffer>) body += chunk.toString('utf8')
    json(200, { refused: {} })(req, res)
  })
  const pool = { targets: [{ dial: 'ü:1', weight: 1 }] } as never
  await client.validate({ hosts: {}, pools: { p: pool } })
  expect(body).toContain(`"p":${JSON.stringify(pool)}`)
})

test('F32 the words about a change that waits, and what is sent with one', async () => {
  const seen: unknown[] = []
  const client = await answering(async (req, res) => {
    let body = ''
    for await (const chunk of req as AsyncIterable<Buffer>) body += chunk.toString('utf8')
    seen.push([req.url, JSON.parse(body)])
    json(200, { etag: 'n', generation: 1, refused: {}, remaining_ms: 5, deadline: 'd' })(req, res)
  })
  const confirm = { id: 'c1', within_s: 60 }
  await client.swap('abc', { ...nothing, confirm, origin: 'panel' })
  await client.confirm('c1')
  expect(await client.revert('c1')).toMatchObject({ etag: 'n', generation: 1 })
  expect(await client.extend('c1', 90)).toMatchObject({ remaining_ms: 5, deadline: 'd' })
  expect(seen).toEqual([
    ['/argos/swap', { ...nothing, confirm, origin: 'panel' }],
    ['/argos/confirm', { id: 'c1' }],
    ['/argos/revert', { id: 'c1' }],
    ['/argos/extend', { id: 'c1', within_s: 90 }],
  ])
})
