import { createHash, X509Certificate } from 'node:crypto'
import { createServer } from 'node:http'
import { connect } from 'node:tls'
import { describe, expect, test } from 'vitest'
import {
  bulk,
  type Echo,
  echo,
  eventually,
  freePort,
  freePorts,
  hotClients,
  openEventStream,
  openStalled,
  openWebSocket,
  scratch,
  selfSigned,
  slow,
  startBrowser,
  startPebble,
  startProgram,
  streams,
  tlsEcho,
  tools,
  visit,
} from '../src/index.ts'

describe('upstreams', () => {
  test('echo answers with what it saw, header order and body included', async () => {
    await using upstream = await echo('one')
    const answer = await visit({
      port: upstream.port,
      name: 'app.example.test',
      method: 'POST',
      path: '/a?b=c',
      headers: { 'X-Spelled': 'Like This' },
      body: 'hello',
    })
    const seen = JSON.parse(answer.body) as Echo
    expect(seen).toMatchObject({ upstream: 'one', method: 'POST', url: '/a?b=c', bodyBytes: 5, tls: false })
    expect(seen.headers).toContainEqual(['X-Spelled', 'Like This'])
    expect(seen.bodySha256).toBe(createHash('sha256').update('hello').digest('hex'))
  })

  test('the TLS echo shows a certificate that nobody trusts', async () => {
    await using upstream = await tlsEcho()
    const answer = await visit({ port: upstream.port, name: 'localhost', tls: true })
    expect(JSON.parse(answer.body)).toMatchObject({ tls: true })
    const refused = new Promise((_, reject) => {
      connect({ host: '127.0.0.1', port: upstream.port, servername: 'localhost' }).once('error', reject)
    })
    await expect(refused).rejects.toThrow(/self-signed/)
  })

  test('WebSockets echo, event streams tick, and both notice when the other side ends', async () => {
    await using upstream = await streams()
    const where = { port: upstream.port, name: 'app.example.test' }
    const socket = await openWebSocket(where)
    expect(await socket.ask('hello')).toBe('hello')
    const stream = await openEventStream(where)
    await expect.poll(stream.received).toBeGreaterThan(200)
    expect(upstream.open()).toEqual({ sockets: 1, streams: 1 })
    await upstream.close()
    await expect.poll(() => socket.endedAt() !== null && stream.endedAt() !== null).toBe(true)
  })

  test('bulk bodies flow in both directions without being held', async () => {
    await using upstream = await bulk()
    const size = 20 * 1024 * 1024
    const down = await fetch(`http://${upstream.dial}/?bytes=${size}`)
    expect((await down.arrayBuffer()).byteLength).toBe(size)
    const up = await fetch(`http://${upstream.dial}/`, { method: 'PUT', body: Buffer.alloc(size) })
    expect(await up.json()).toEqual({ bytes: size })
    expect(upstream.received()).toBe(size)
  })

  test('a slow upstream takes as long as it is asked to', async () => {
    await using upstream = await slow(1)
    const began = performance.now()
    await visit({ port: upstream.port, name: 'x', path: '/?ms=150' })
    expect(performance.now() - began).toBeGreaterThan(145)
  })
})

describe('clients', () => {
  test('hot clients count what they sent and every answer that was not as expected', async () => {
    let n = 0
    const server = createServer((_req, res) => res.writeHead(n++ % 10 === 9 ? 503 : 200).end())
    const port = await freePort()
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
    const clients = hotClients(4, { port, name: 'x' })
    await expect.poll(clients.sent).toBeGreaterThan(100)
    const result = await clients.stop()
    server.close()
    expect(result.sent).toBe(n)
    expect(result.failed).toBe(Math.floor(n / 10))
    expect(result.failures[0]).toContain('503')
  })

  test('a client that never reads still learns that it was cut', async () => {
    const upstream = await bulk()
    const client = await openStalled({ port: upstream.port, name: 'x' })
    expect(client.endedAt()).toBeNull()
    await upstream.close()
    await expect.poll(client.endedAt, { timeout: 5_000 }).not.toBeNull()
    client.close()
  })
})

test('a self-signed certificate carries its names, addresses included', () => {
  const { cert } = selfSigned(['a.example.test', '127.0.0.1'])
  const parsed = new X509Certificate(cert)
  expect(parsed.subjectAltName).toBe('DNS:a.example.test, IP Address:127.0.0.1')
  expect(parsed.ca).toBe(true)
  expect(parsed.verify(parsed.publicKey)).toBe(true)
})

test('free ports are different and scratch folders go away', async () => {
  expect(new Set(await freePorts(20)).size).toBe(20)
  const { existsSync } = await import('node:fs')
  let path: string
  {
    using folder = scratch()
    path = folder.path
    expect(existsSync(path)).toBe(true)
  }
  expect(existsSync(path)).toBe(false)
})

test('a program can be killed and started again, and its output is kept', async () => {
  const program = startProgram({
    name: 'talker',
    command: process.execPath,
    args: ['-e', 'console.log("pid", process.pid); setInterval(() => {}, 1000)'],
  })
  const first = program.pid()
  await eventually('it talks', () => program.output().includes(`pid ${first}`))
  await program.kill('SIGKILL')
  expect(program.pid()).toBeNull()
  program.start()
  expect(program.pid()).not.toBe(first)
  await eventually('it talks again', () => program.output().includes(`pid ${program.pid()}`))
  await program.kill()
})

test('eventually says what did not happen and why', async () => {
  const never = eventually('pigs fly', () => Promise.reject(new Error('no wings')), { timeoutMs: 50 })
  await expect(never).rejects.toThrow('not within 50 ms: pigs fly')
})

test.skipIf(!tools.pebble)('Pebble serves its directory and issues from a root of its own', async () => {
  const [httpPort = 0, tlsPort = 0] = await freePorts(2)
  await using pebble = await startPebble({ httpPort, tlsPort })
  expect(new X509Certificate(await pebble.issuerRoot()).subject).toContain('Pebble Root CA')
})

test.skipIf(!tools.chromium)('the browser resolves names as it is told to, and no others', async () => {
  await using upstream = await echo()
  await using browser = await startBrowser({ 'app.example.test': upstream.dial })
  const page = await browser.page()
  const answer = await page.goto('http://app.example.test/')
  expect(answer?.status()).toBe(200)
  await expect(page.goto('http://other.example.test/')).rejects.toThrow('ERR_NAME_NOT_RESOLVED')
})
