import { hostCreate, hostList, hostUpdate, type Revision, revisionList } from '@argos/contract'
import { ApiRefusal, echo, hotClients, type Stack, startStack, type Upstream } from '@argos/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { echoed, edgeState } from '../../support/edge.ts'
import { inputOf, publishMany, wanted } from '../../support/hosts.ts'

const HOSTS = 200
let stack: Stack
let upstream: Upstream
beforeAll(async () => {
  stack = await startStack()
  upstream = await echo()
  await publishMany(
    stack,
    Array.from({ length: HOSTS }, (_, i) => ({ domains: [`host-${i}.example.test`], to: upstream })),
  )
})
afterAll(async () => {
  await stack.stop()
  await upstream.close()
})

const revisionsSince = async (number: number): Promise<Revision[]> => {
  const { revisions } = await stack.api.call(revisionList, { query: { limit: 200 } })
  return revisions.filter((revision) => revision.number > number)
}

test('CF-13 200 rapid edits become at most 10 passes, all of them swaps, and the last state is served', async () => {
  const { hosts } = await stack.api.call(hostList, {})
  const newest = (await revisionsSince(0))[0]?.number ?? 0
  const { base } = await edgeState(stack)
  await Promise.all(
    hosts.map((host) =>
      stack.api.call(hostUpdate, {
        params: { id: host.id },
        body: {
          ...inputOf(host),
          domains: [...host.domains, `also-${host.domains[0]}`],
          version: host.version,
        },
      }),
    ),
  )
  await stack.inSync()
  const since = await revisionsSince(newest)
  expect(since.length).toBeGreaterThan(0)
  expect(since.length).toBeLessThanOrEqual(10)
  expect(since.filter(({ kind, outcome }) => kind !== 'swap' || outcome !== 'live')).toEqual([])
  expect((await edgeState(stack)).base).toBe(base)
  const names = hosts.map(({ domains }) => `also-${domains[0]}`)
  await Promise.all(names.map((name) => echoed(stack, name)))
})

test('CF-09 one host among 200 that cannot be served is refused before it is saved; the others serve on, unchanged', async () => {
  const before = await edgeState(stack)
  const clients = hotClients(4, (n) => ({ port: stack.ports.http, name: `host-${n % HOSTS}.example.test` }))
  const bad = [
    { targets: [{ address: '169.254.169.254', port: 80, weight: 1, enabled: true }] },
    { targets: [{ address: 'a..b', port: 80, weight: 1, enabled: true }] },
    { targets: [{ address: '127.0.0.1', port: stack.ports.panel, weight: 1, enabled: true }] },
  ]
  for (const pool of bad) {
    const body = wanted({ domains: ['bad.example.test'], to: upstream, pool })
    const refused = await stack.api.call(hostCreate, { body }).catch((err: unknown) => err)
    expect(refused).toBeInstanceOf(ApiRefusal)
    expect([400, 422]).toContain((refused as ApiRefusal).status)
    expect((refused as ApiRefusal).problem?.fields?.[0]?.path).toMatch(/targets/)
  }
  const { failures } = await clients.stop()
  expect(failures).toEqual([])
  expect(await edgeState(stack)).toMatchObject({ etag: before.etag, generation: before.generation })
  const { hosts } = await stack.api.call(hostList, {})
  expect(hosts).toHaveLength(HOSTS)
  expect(hosts.filter(({ state }) => state.edge !== 'live')).toEqual([])
})
