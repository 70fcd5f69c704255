import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import { connect } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { systemStatus } from '@argos/contract'
import {
  type Echo,
  echo,
  eventually,
  openEventStream,
  type Stack,
  slow,
  startStack,
  streams,
  type Upstream,
  visit,
} from '@argos/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { browse, edgeState } from '../support/edge.ts'
import { publish } from '../support/hosts.ts'

let stack: Stack
let slowly: Upstream
let quick: Upstream
let flowing: Upstream
beforeAll(async () => {
  stack = await startStack()
  slowly = await slow(3_000)
  quick = await echo()
  flowing = await streams()
  await publish(stack, { domains: ['stream.example.test'], to: flowing })
  await publish(stack, { domains: ['slow.example.test'], to: slowly })
  await publish(stack, { domains: ['quick.example.test'], to: quick })
})
afterAll(async () => {
  await stack.stop()
  await Promise.all([slowly.close(), quick.close(), flowing.close()])
})

/** An upload of which half has been sent, on its own connection. */
async function beginUpload(port: number, name: string) {
  const half = Buffer.alloc(256 * 1024, 'a')
  const req = request({ host: '127.0.0.1', port, method: 'POST', headers: { host: name }, agent: false })
  const answered = once(req, 'response') as Promise<[IncomingMessage]>
  await new Promise((resolve) => req.write(half, resolve))
  return {
    bytes: 2 * half.length,
    finish: async () => {
      req.end(half)
      const [res] = await answered
      return text(res)
    },
  }
}

describe('a polite end', () => {
  test('LD-05 with 200 requests, a stream and an upload under way the edge lets them finish, takes no new ones, and exits with 0 within 15 s', async () => {
    const open = Array.from({ length: 200 }, () => browse(stack, 'slow.example.test', { timeoutMs: 30_000 }))
    const stream = await openEventStream({ port: stack.ports.http, name: 'stream.example.test', tls: false })
    const upload = await beginUpload(stack.ports.http, 'quick.example.test')
    await eventually('they are open', async () => (await edgeState(stack)).open_requests >= 202, {
      timeoutMs: 30_000,
    })
    const told = performance.now()
    const ended = stack.kill('edge', 'SIGTERM')
    await eventually('nobody new is taken', async () => {
      const answer = await browse(stack, 'quick.example.test').catch(() => null)
      return answer === null
    })
    const before = stream.received()
    await eventually('the stream goes on', () => stream.received() > before || stream.endedAt() !== null)
    const echoed = JSON.parse(await upload.finish()) as Echo
    expect(echoed.bodyBytes).toBe(upload.bytes)
    expect((await Promise.all(open)).map(({ status }) => status)).toEqual(open.map(() => 200))
    await ended
    expect(performance.now() - told).toBeLessThan(15_000)
    expect(stack.edge.ended()).toBe(0)
    await eventually('the stream has ended', () => stream.endedAt() !== null)
    stack.start('edge')
    await stack.reachable()
    await stack.inSync()
  })

  test('LD-05 told twice the edge ends at once, whatever is open', async () => {
    const stream = await openEventStream({ port: stack.ports.http, name: 'stream.example.test', tls: false })
    process.kill(stack.edge.pid() ?? 0, 'SIGTERM')
    await eventually('nobody new is taken', async () => {
      const answer = await browse(stack, 'quick.example.test').catch(() => null)
      return answer === null
    })
    expect(stream.endedAt()).toBeNull()
    await stack.kill('edge', 'SIGTERM')
    // Had it waited for the stream, it would have ended with 0.
    expect(stack.edge.ended()).toBe(2)
    await eventually('the stream has ended', () => stream.endedAt() !== null)
    stack.start('edge')
    await stack.reachable()
    await stack.inSync()
  })

  test('LD-05 told twice the panel ends at once, whatever is open', async () => {
    const half = connect(join(stack.runDir, 'panel.sock'))
    half.on('error', () => undefined)
    half.write('POST /api/v1/session HTTP/1.1\r\nhost: panel\r\ncontent-type: application/json\r\n')
    half.write('content-length: 100\r\n\r\n{')
    // Whatever is asked after it is answered after it was read.
    await stack.api.call(systemStatus, {})
    process.kill(stack.panel.pid() ?? 0, 'SIGTERM')
    await eventually('it stops', () => stack.logs('panel').includes('"stopping"'))
    await stack.kill('panel', 'SIGTERM')
    expect(stack.panel.ended()).toBe(1)
    half.destroy()
    stack.start('panel')
    await stack.reachable()
    await stack.inSync()
  })

  test('LD-05 the panel finishes the requests it has and exits with 0; hosts do not notice', async () => {
    const open = Array.from({ length: 20 }, () =>
      visit({
        port: stack.ports.panel,
        name: `127.0.0.1:${stack.ports.panel}`,
        tls: true,
        path: '/api/v1/hosts',
        headers: { cookie: stack.api.cookie() },
      }),
    )
    await Promise.race(open)
    await stack.kill('panel', 'SIGTERM')
    const statuses = (await Promise.all(open)).map(({ status }) => status)
    // Those that came too late find nobody; none is cut off in its middle.
    expect(statuses.filter((status) => status !== 200 && status !== 502 && status !== 503)).toEqual([])
    expect(stack.panel.ended()).toBe(0)
    expect((await browse(stack, 'quick.example.test')).status).toBe(200)
    stack.start('panel')
    await stack.reachable()
    await stack.inSync()
  })
})
