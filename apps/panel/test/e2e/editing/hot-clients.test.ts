import type { Host } from '@argos/contract'
import { revisionList } from '@argos/contract'
import {
  echo,
  eventually,
  hotClients,
  type Stack,
  seededRandom,
  startStack,
  type Upstream,
} from '@argos/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { browse } from '../../support/edge.ts'
import { edit, editPool, publish, publishMany, remove } from '../../support/hosts.ts'

const EDITS = 100
const REQUESTS = 10_000
const CLIENTS = 8

let stack: Stack
let upstreams: readonly [Upstream, Upstream]
let plain: Host
let secure: Host
let others: Host[]
beforeAll(async () => {
  stack = await startStack()
  upstreams = [await echo('one'), await echo('two')]
  plain = await publish(stack, { domains: ['plain.example.test'], to: upstreams })
  secure = await publish(stack, { domains: ['secure.example.test'], to: upstreams, tls: 'internal' })
  others = await publishMany(
    stack,
    Array.from({ length: 20 }, (_, i) => ({ domains: [`other-${i}.example.test`], to: upstreams[0] })),
  )
  await eventually('HTTPS answers', () => browse(stack, 'secure.example.test', { tls: true }))
})
afterAll(async () => {
  await stack.stop()
  for (const upstream of upstreams) await upstream.close()
})

test(`editing is invisible: ${EDITS} edits under ${CLIENTS} hot clients without keep-alive cost none of ${REQUESTS} requests`, async () => {
  const random = seededRandom('editing under hot clients')
  const before = await newestRevision()
  const clients = hotClients(CLIENTS, (n) =>
    n % 3 === 0
      ? { port: stack.ports.https, name: 'secure.example.test', tls: true, path: `/${n}` }
      : { port: stack.ports.http, name: 'plain.example.test', path: `/${n}` },
  )
  const made: string[] = []
  const other = () => others[random.below(others.length)] ?? plain
  const weights = () => {
    const [one, two] = upstreams
    const target = ({ port }: Upstream) => ({
      address: '127.0.0.1',
      port,
      weight: 1 + random.below(9),
      enabled: true,
    })
    return { targets: random.pick([[target(one)], [target(one), target(two)], [target(two), target(one)]]) }
  }
  const kinds: readonly [() => Promise<unknown>, ...(() => Promise<unknown>)[]] = [
    () => edit(stack, plain.id, () => ({ note: `edit ${random.next()}` })),
    () =>
      edit(stack, plain.id, () => ({
        domains: ['plain.example.test', `also-${random.below(9)}.example.test`],
      })),
    () => edit(stack, secure.id, () => ({ tags: [`tag ${random.below(9)}`] })),
    () => editPool(stack, plain.poolId, weights),
    () => editPool(stack, secure.poolId, weights),
    () => editPool(stack, plain.poolId, ({ preserveHost }) => ({ preserveHost: !preserveHost })),
    () => edit(stack, other().id, ({ enabled }) => ({ enabled: !enabled })),
    () => editPool(stack, other().poolId, weights),
    async () => {
      const domains = [`new-${made.length}.example.test`]
      made.push((await publish(stack, { domains, to: upstreams[0] })).id)
    },
    async () => {
      const id = made.pop()
      if (id !== undefined) await remove(stack, id)
    },
  ]
  for (let n = 1; n <= EDITS; n += 1) {
    await (kinds[n % kinds.length] ?? kinds[0])()
    await eventually('requests between two edits', () => clients.sent() >= (n * REQUESTS) / EDITS, {
      timeoutMs: 30_000,
      everyMs: 5,
    })
  }
  await stack.inSync()
  const { sent, failed, failures } = await clients.stop()
  expect({ failed, failures }).toEqual({ failed: 0, failures: [] })
  expect(sent).toBeGreaterThanOrEqual(REQUESTS)
  const { revisions } = await stack.api.call(revisionList, { query: { limit: 200 } })
  const since = revisions.filter(({ number }) => number > before)
  expect(since.length).toBeGreaterThan(0)
  expect(since.filter(({ kind, outcome }) => kind !== 'swap' || outcome !== 'live')).toEqual([])
})

async function newestRevision(): Promise<number> {
  const { revisions } = await stack.api.call(revisionList, { query: { limit: 1 } })
  return revisions[0]?.number ?? 0
}
