import type { Host } from '@argos/contract'
import {
  type BulkUpstream,
  bulk,
  eventually,
  type Open,
  openEventStream,
  openHttp2,
  openStalled,
  openWebSocket,
  type Stack,
  type StreamsUpstream,
  startStack,
  streams,
} from '@argos/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { browse } from '../../support/edge.ts'
import { edit, publish, remove } from '../../support/hosts.ts'

const LIMIT_MS = 1_000
const EACH = 5

let stack: Stack
let flowing: StreamsUpstream
let large: BulkUpstream
beforeAll(async () => {
  stack = await startStack()
  flowing = await streams()
  large = await bulk()
})
afterAll(async () => {
  await stack.stop()
  await Promise.all([flowing.close(), large.close()])
})

interface Case {
  readonly kind: string
  readonly tls: boolean
  readonly stalled?: boolean
  open(where: { port: number; name: string; tls: boolean }): Promise<Open>
}
const BIG = '/?bytes=1000000000'
const cases: readonly Case[] = [
  { kind: 'WebSockets', tls: false, open: openWebSocket },
  { kind: 'WebSockets over TLS', tls: true, open: openWebSocket },
  { kind: 'event streams', tls: false, open: openEventStream },
  { kind: 'event streams over HTTP/2', tls: true, open: (where) => openHttp2(where) },
  { kind: 'stalled readers', tls: false, stalled: true, open: openStalled },
  { kind: 'stalled readers over TLS', tls: true, stalled: true, open: openStalled },
  {
    kind: 'stalled readers over HTTP/2',
    tls: true,
    stalled: true,
    open: (where) => openHttp2({ ...where, path: BIG }, { stalled: true }),
  },
]

const ways = [
  { way: 'deleted', end: (host: Host) => remove(stack, host.id) },
  { way: 'disabled', end: (host: Host) => edit(stack, host.id, () => ({ enabled: false })) },
] as const

describe.each(ways)('when a host is $way', ({ way, end }) => {
  test.each(cases)('its open $kind end within 1 s, those of other hosts go on', async (one) => {
    const word = one.kind.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')
    const names = { ending: `${way}-${word}.example.test`, staying: `staying-${way}-${word}.example.test` }
    const to = one.stalled ? large : flowing
    const tls = one.tls ? 'internal' : 'none'
    const host = await publish(stack, { domains: [names.ending], to, tls })
    const other = await publish(stack, { domains: [names.staying], to, tls })
    const port = one.tls ? stack.ports.https : stack.ports.http
    for (const name of [names.ending, names.staying]) {
      await eventually(`${name} answers`, () => browse(stack, name, { tls: one.tls, path: '/?bytes=1' }))
    }
    const open = (name: string) =>
      Promise.all(Array.from({ length: EACH }, () => one.open({ port, name, tls: one.tls })))
    const ending = await open(names.ending)
    const staying = await open(names.staying)

    await end(host)
    const acknowledgedAt = performance.now()
    await eventually('all have ended', () => ending.every((o) => o.endedAt() !== null), { timeoutMs: 5_000 })
    const tookMs = Math.max(...ending.map((o) => (o.endedAt() ?? Infinity) - acknowledgedAt))
    expect(tookMs).toBeLessThan(LIMIT_MS)
    expect(staying.filter((o) => o.endedAt() !== null)).toEqual([])
    for (const o of [...ending, ...staying]) o.close()
    await remove(stack, other.id)
  })
})
