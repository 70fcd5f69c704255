import { createServer, type RequestListener } from 'node:http'
import { createServer as createTls } from 'node:https'
import { type AddressInfo, createServer as createTcp, type Server, type Socket } from 'node:net'
import { selfSigned } from '@argos/testkit'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { WebSocketServer } from 'ws'
import type { Actor } from '../audit/actor.ts'
import { type Audit, auditService } from '../audit/audit.service.ts'
import type { Database } from '../db/open.ts'
import { fakeClock, testDatabase } from '../db/testing.ts'
import { guardedFetch } from '../guard/fetch.ts'
import { ownPlaces } from '../guard/places.ts'
import { guardedUpgrade } from '../guard/upgrade.ts'
import { upstreamGuard } from '../guard/upstream.ts'
import { upstreamProber } from './upstream-probe.ts'

const noor: Actor = { kind: 'user', id: 'u_1', name: 'noor', address: '192.168.1.7' }
const open: Server[] = []
const sockets = new Set<Socket>()
let database: Database
let audit: Audit

beforeEach(async () => {
  database = await testDatabase()
  audit = auditService({ db: database.db, clock: fakeClock() })
})
afterEach(async () => {
  for (const socket of sockets) socket.destroy()
  await Promise.all(open.splice(0).map((server) => new Promise((done) => server.close(done))))
  await database.close()
})

async function listen(server: Server): Promise<number> {
  open.push(server)
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.once('close', () => sockets.delete(socket))
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return (server.address() as AddressInfo).port
}
const page =
  (title: string): RequestListener =>
  (_req, res) =>
    void res.setHeader('content-type', 'text/html').end(`<html><title>${title}</title></html>`)

function prober({ ours = [] as number[], timeoutMs = 2_000 } = {}) {
  const own = ownPlaces({ listeners: ours.map((port) => ({ address: '', port })) })
  const deps = { own, allow: [] }
  return upstreamProber({
    db: database.db,
    audit,
    fetch: guardedFetch(deps),
    upgrade: guardedUpgrade(deps),
    checkUpstream: upstreamGuard({ own }),
    timeoutMs,
  })
}

test('a plain HTTP service is described: status, title, application, where it is usually put', async () => {
  const port = await listen(createServer(page('Jellyfin')))
  expect(await prober()(noor, `127.0.0.1:${port}`)).toMatchObject({
    url: `http://127.0.0.1:${port}`,
    protocol: 'http',
    reachable: true,
    problem: null,
    status: 200,
    tls: null,
    webSocket: false,
    title: 'Jellyfin',
    app: { name: 'Jellyfin', slug: 'jellyfin', suggestedSubdomain: 'media' },
  })
})

test.each(['', 'https://', 'http://'])('a self-signed HTTPS service is found behind %j', async (scheme) => {
  const { cert, key } = selfSigned(['nas.lan', '127.0.0.1'])
  const port = await listen(createTls({ cert, key }, page('Proxmox Virtual Environment')))
  expect(await prober()(noor, `${scheme}127.0.0.1:${port}`)).toMatchObject({
    url: `https://127.0.0.1:${port}`,
    protocol: 'https',
    reachable: true,
    tls: { trusted: false, selfSigned: true, subject: 'nas.lan' },
    app: { slug: 'proxmox' },
  })
})

test('an HTTP service pasted with https:// is corrected', async () => {
  const port = await listen(createServer(page('Memos')))
  expect(await prober()(noor, `https://127.0.0.1:${port}`)).toMatchObject({
    protocol: 'http',
    reachable: true,
  })
})

test('a redirect to its own start page is followed, one elsewhere is not', async () => {
  const port = await listen(
    createServer((req, res) => {
      if (req.url === '/') res.writeHead(302, { location: '/web/' }).end()
      else page('Emby')(req, res)
    }),
  )
  expect(await prober()(noor, `127.0.0.1:${port}`)).toMatchObject({ status: 200, app: { slug: 'emby' } })
  const away = await listen(
    createServer((_req, res) => void res.writeHead(302, { location: `http://127.0.0.1:${port}/` }).end()),
  )
  expect(await prober()(noor, `127.0.0.1:${away}`)).toMatchObject({ reachable: true, status: 302, app: null })
})

test('WebSockets are found on the path the application uses', async () => {
  const server = createServer(page('Home Assistant'))
  new WebSocketServer({ server, path: '/api/websocket' })
  const port = await listen(server)
  expect(await prober()(noor, `127.0.0.1:${port}`)).toMatchObject({
    webSocket: true,
    app: { slug: 'home-assistant' },
  })
})

test('nothing listening is said in words', async () => {
  const port = await listen(createTcp())
  await new Promise((done) => open.pop()?.close(done))
  expect(await prober()(noor, `127.0.0.1:${port}`)).toMatchObject({
    reachable: false,
    problem: expect.stringContaining(`Nothing listens on 127.0.0.1:${port}.`),
    status: null,
    webSocket: null,
  })
})

test('something that is no web page is said in words', async () => {
  const port = await listen(createTcp((socket) => void socket.end('SSH-2.0-OpenSSH_9.2\r\n')))
  expect(await prober()(noor, `127.0.0.1:${port}`)).toMatchObject({
    reachable: false,
    problem: expect.stringContaining('does not speak HTTP'),
  })
})

test('a silent service is given up in time', async () => {
  const port = await listen(createTcp(() => undefined))
  expect(await prober({ timeoutMs: 100 })(noor, `127.0.0.1:${port}`)).toMatchObject({
    reachable: false,
    problem: expect.stringContaining('does not answer'),
  })
})

test.each(['169.254.169.254', '0.0.0.0:80', '[fe80::1]:80'])(
  'CF-15 SS-01 %s is refused at its field',
  async (url) => {
    await expect(prober()(noor, url)).rejects.toMatchObject({ code: 'invalid', fields: [{ path: 'url' }] })
  },
)

test('CF-15 our own listener is refused at its field, unasked', async () => {
  let asked = 0
  const port = await listen(createServer((_req, res) => void res.end(String(++asked))))
  await expect(prober({ ours: [port] })(noor, `127.0.0.1:${port}`)).rejects.toMatchObject({
    code: 'invalid',
    fields: [{ path: 'url', message: expect.stringContaining('Argos itself') }],
  })
  expect(asked).toBe(0)
})

test('SS-01 what was asked inside stands in the audit, once', async () => {
  const port = await listen(createServer(page('Memos')))
  await prober()(noor, `127.0.0.1:${port}`)
  const { entries } = await audit.list({ limit: 10 })
  expect(entries).toMatchObject([
    { action: 'probe.upstream', words: `Asked 127.0.0.1:${port} what it is`, actor: { name: 'noor' } },
  ])
})
