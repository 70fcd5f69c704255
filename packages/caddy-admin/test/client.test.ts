import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import type { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import {
  type EdgeClient,
  EdgeFailed,
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
