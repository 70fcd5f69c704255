import { connect as connectHttp2 } from 'node:http2'
import {
  echo,
  eventually,
  freePort,
  openEventStream,
  openWebSocket,
  type Stack,
  slow,
  startStack,
  streams,
  tlsEcho,
} from '@argos/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { browse, echoed, valuesOf } from '../../support/edge.ts'
import { editPool, live, publish } from '../../support/hosts.ts'

let stack: Stack
beforeAll(async () => {
  stack = await startStack()
})
afterAll(() => stack.stop())

describe('a plain upstream', () => {
  test('gets method, path, query, headers and body as the visitor sent them', async () => {
    await using upstream = await echo()
    await publish(stack, { domains: ['plain.example.test'], to: upstream })
    const seen = await echoed(stack, 'plain.example.test', {
      method: 'POST',
      path: '/a%20b/c;d?x=1&y=%2F&z',
      headers: { 'x-of-mine': 'a value', cookie: 'theirs=1; other=2' },
      body: 'the body',
    })
    expect(seen).toMatchObject({ method: 'POST', url: '/a%20b/c;d?x=1&y=%2F&z', bodyBytes: 8, tls: false })
    expect(valuesOf(seen, 'x-of-mine')).toEqual(['a value'])
    expect(valuesOf(seen, 'cookie').join('; ')).toBe('theirs=1; other=2')
    expect(valuesOf(seen, 'host')).toEqual(['plain.example.test'])
  })

  test('sees its own address as Host when the pool does not preserve it', async () => {
    await using upstream = await echo()
    const pool = { preserveHost: false }
    await publish(stack, { domains: ['own-host.example.test'], to: upstream, pool })
    expect(valuesOf(await echoed(stack, 'own-host.example.test'), 'host')).toEqual([upstream.dial])
  })
})

test('a self-signed upstream is refused while it must be trusted and served when it need not be', async () => {
  await using upstream = await tlsEcho()
  const pool = { protocol: 'https' as const, verifyTls: true }
  const host = await publish(stack, { domains: ['tls-upstream.example.test'], to: upstream, pool })
  expect((await browse(stack, 'tls-upstream.example.test')).status).toBe(502)
  await editPool(stack, host.poolId, () => ({ verifyTls: false }))
  await stack.inSync()
  expect(await echoed(stack, 'tls-upstream.example.test')).toMatchObject({ tls: true })
})

describe.each([
  { listener: 'HTTP', tls: false },
  { listener: 'HTTPS', tls: true },
])('over $listener', ({ listener, tls }) => {
  const name = `streams-${listener.toLowerCase()}.example.test`

  test('WebSockets work without a setting', async () => {
    await using upstream = await streams()
    await publish(stack, { domains: [`ws-${name}`], to: upstream, tls: tls ? 'internal' : 'none' })
    const port = tls ? stack.ports.https : stack.ports.http
    const socket = await eventually('the WebSocket opens', () =>
      openWebSocket({ port, name: `ws-${name}`, tls }),
    )
    for (const text of ['one', 'two', 'x'.repeat(100_000)]) expect(await socket.ask(text)).toBe(text)
    socket.close()
  })

  test('events of a stream arrive while it is open', async () => {
    await using upstream = await streams()
    await publish(stack, { domains: [`sse-${name}`], to: upstream, tls: tls ? 'internal' : 'none' })
    const port = tls ? stack.ports.https : stack.ports.http
    const stream = await eventually('the stream opens', () =>
      openEventStream({ port, name: `sse-${name}`, tls }),
    )
    const first = stream.received()
    await expect.poll(stream.received, { timeout: 5_000 }).toBeGreaterThan(first + 30)
    expect(stream.endedAt()).toBeNull()
    stream.close()
    await expect.poll(() => upstream.open().streams, { timeout: 5_000 }).toBe(0)
  })
})

test('a slow upstream is waited for', async () => {
  await using upstream = await slow(2_500)
  await publish(stack, { domains: ['slow.example.test'], to: upstream })
  expect(await browse(stack, 'slow.example.test')).toMatchObject({ status: 200, body: 'slow' })
})

describe('several targets', () => {
  test('a disabled target gets nothing, the others share by weight', async () => {
    await using one = await echo('one')
    await using two = await echo('two')
    await using off = await echo('off')
    const targets = [
      { address: '127.0.0.1', port: one.port, weight: 3, enabled: true },
      { address: '127.0.0.1', port: two.port, weight: 1, enabled: true },
      { address: '127.0.0.1', port: off.port, weight: 9, enabled: false },
    ]
    await publish(stack, { domains: ['weights.example.test'], to: one, pool: { targets } })
    const answers = await Promise.all(
      Array.from({ length: 200 }, () => echoed(stack, 'weights.example.test')),
    )
    const count = (name: string) => answers.filter(({ upstream }) => upstream === name).length
    expect(count('off')).toBe(0)
    expect(count('one') + count('two')).toBe(200)
    expect(count('one')).toBeGreaterThan(count('two') * 2)
    expect(count('two')).toBeGreaterThan(20)
  })

  test('a target that does not listen costs no visitor an error', async () => {
    await using upstream = await echo()
    const dead = await freePort()
    const targets = [
      { address: '127.0.0.1', port: dead, weight: 5, enabled: true },
      { address: '127.0.0.1', port: upstream.port, weight: 1, enabled: true },
    ]
    await publish(stack, { domains: ['half-dead.example.test'], to: upstream, pool: { targets } })
    const answers = await Promise.all(
      Array.from({ length: 100 }, () => browse(stack, 'half-dead.example.test')),
    )
    expect(answers.filter(({ status }) => status !== 200)).toEqual([])
  })

  test('with nothing behind it a host answers 502 or 503 and names no address', async () => {
    const dead = await freePort()
    const targets = [{ address: '127.0.0.1', port: dead }]
    await using nobody = await echo()
    const pool = { targets: targets.map((t) => ({ ...t, weight: 1, enabled: true })) }
    const host = await publish(stack, { domains: ['dead.example.test'], to: nobody, pool })
    const answer = await browse(stack, 'dead.example.test')
    expect([502, 503]).toContain(answer.status)
    expect(JSON.stringify([answer.headers, answer.body])).not.toContain(String(dead))
    await editPool(stack, host.poolId, () => ({
      targets: [{ address: '127.0.0.1', port: dead, weight: 1, enabled: false }],
    }))
    await stack.inSync()
    expect((await browse(stack, 'dead.example.test')).status).toBe(503)
  })
})

describe('HTTPS', () => {
  const name = 'secure.example.test'
  beforeAll(async () => {
    const upstream = await echo()
    const host = await publish(stack, { domains: [name], to: upstream, tls: 'internal' })
    await eventually('HTTPS answers', () => browse(stack, name, { tls: true }))
    await live(stack, host.id)
    return () => upstream.close()
  })

  test('plain HTTP is redirected to it with port, path and query', async () => {
    const answer = await browse(stack, name, { path: '/a/b?c=d&e=%2F' })
    expect(answer.status).toBe(308)
    expect(answer.headers.location).toBe(`https://${name}:${stack.ports.https}/a/b?c=d&e=%2F`)
  })

  test('HTTP/2 is spoken and HTTP/3 is announced', async () => {
    const answer = await browse(stack, name, { tls: true })
    expect(answer.headers['alt-svc']).toContain(`h3=":${stack.ports.https}"`)
    const session = connectHttp2(`https://127.0.0.1:${stack.ports.https}`, {
      servername: name,
      rejectUnauthorized: false,
    })
    const stream = session.request({ ':path': '/', ':authority': name })
    const status = await new Promise((resolve, reject) => {
      stream.once('response', (headers) => resolve(headers[':status']))
      stream.once('error', reject)
      session.once('error', reject)
    })
    expect(status).toBe(200)
    session.destroy()
  })

  test('the upstream is told that the visitor came by HTTPS', async () => {
    expect(valuesOf(await echoed(stack, name, { tls: true }), 'x-forwarded-proto')).toEqual(['https'])
  })

  test('a host without TLS is unknown on the HTTPS port', async () => {
    await using upstream = await echo()
    await publish(stack, { domains: ['no-tls.example.test'], to: upstream, tls: 'none' })
    await expect(browse(stack, 'no-tls.example.test', { tls: true })).rejects.toThrow()
  })
})
