import type { Host } from '@argos/contract'
import {
  echo,
  eventually,
  type Open,
  type OpenWebSocket,
  openEventStream,
  openHttp2,
  openWebSocket,
  type Stack,
  type StreamsUpstream,
  startStack,
  streams,
  type Upstream,
} from '@argos/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { browse } from '../../support/edge.ts'
import { edit, editPool, publish } from '../../support/hosts.ts'

const EACH = 50
const EDITS = 50

let stack: Stack
let upstream: StreamsUpstream
let second: Upstream
let plain: Host
let secure: Host
let other: Host
beforeAll(async () => {
  stack = await startStack()
  upstream = await streams()
  second = await echo()
  plain = await publish(stack, { domains: ['plain.example.test'], to: upstream })
  secure = await publish(stack, { domains: ['secure.example.test'], to: upstream, tls: 'internal' })
  other = await publish(stack, { domains: ['other.example.test'], to: second })
  await eventually('HTTPS answers', () => browse(stack, 'secure.example.test', { tls: true }))
})
afterAll(async () => {
  await stack.stop()
  await Promise.all([upstream.close(), second.close()])
})

test(`F7 of ${EACH * 4} open WebSockets and event streams none is cut by ${EDITS} edits of their own and other hosts`, async () => {
  const http = { port: stack.ports.http, name: 'plain.example.test' }
  const https = { port: stack.ports.https, name: 'secure.example.test', tls: true }
  const many = <T>(open: () => Promise<T>) => Promise.all(Array.from({ length: EACH }, open))
  const sockets: OpenWebSocket[] = [
    ...(await many(() => openWebSocket(http))),
    ...(await many(() => openWebSocket(https))),
  ]
  const events: Open[] = [
    ...(await many(() => openEventStream({ ...http, path: '/sse?ms=250' }))),
    ...(await many(() => openHttp2({ ...https, path: '/sse?ms=250' }))),
  ]
  expect(upstream.open()).toEqual({ sockets: EACH * 2, streams: EACH * 2 })

  const target = (port: number, weight: number) => ({ address: '127.0.0.1', port, weight, enabled: true })
  const kinds = [
    (n: number) =>
      edit(stack, plain.id, () => ({ domains: ['plain.example.test', `plain-${n}.example.test`] })),
    (n: number) => edit(stack, secure.id, () => ({ note: `edit ${n}` })),
    (n: number) => edit(stack, other.id, () => ({ enabled: n % 2 === 0, tags: [`t${n}`] })),
    (n: number) => editPool(stack, plain.poolId, () => ({ targets: [target(upstream.port, n + 1)] })),
    (n: number) =>
      editPool(stack, secure.poolId, () => ({
        targets: [target(upstream.port, 1), ...(n % 2 === 0 ? [target(second.port, 1)] : [])],
      })),
  ]
  for (let n = 0; n < EDITS; n += 1) {
    await kinds[n % kinds.length]?.(n)
    if (n % 10 === 9) await stack.inSync()
  }
  await stack.inSync()

  expect([...sockets, ...events].filter((open) => open.endedAt() !== null)).toEqual([])
  const echoes = await Promise.all(sockets.map((socket, n) => socket.ask(`still here ${n}`)))
  expect(echoes).toEqual(sockets.map((_, n) => `still here ${n}`))
  const before = events.map((stream) => stream.received())
  await eventually('every stream still ticks', () =>
    events.every((stream, n) => stream.received() > (before[n] ?? 0)),
  )
  expect(upstream.open()).toEqual({ sockets: EACH * 2, streams: EACH * 2 })
  for (const open of [...sockets, ...events]) open.close()
})
