import { echo, eventually, type Stack, slow, startStack, type Upstream, visit } from '@argos/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { browse, edgeState } from '../support/edge.ts'
import { publish } from '../support/hosts.ts'

let stack: Stack
let slowly: Upstream
let quick: Upstream
beforeAll(async () => {
  stack = await startStack()
  slowly = await slow(3_000)
  quick = await echo()
  await publish(stack, { domains: ['slow.example.test'], to: slowly })
  await publish(stack, { domains: ['quick.example.test'], to: quick })
})
afterAll(async () => {
  await stack.stop()
  await Promise.all([slowly.close(), quick.close()])
})

describe('a polite end', () => {
  test('LD-05 the edge finishes the requests it has, takes no new ones, and exits with 0', async () => {
    const open = Array.from({ length: 20 }, () => browse(stack, 'slow.example.test', { timeoutMs: 20_000 }))
    await eventually('they are open', async () => (await edgeState(stack)).open_requests >= 20)
    await stack.kill('edge', 'SIGTERM')
    expect((await Promise.all(open)).map(({ status }) => status)).toEqual(open.map(() => 200))
    expect(stack.edge.ended()).toBe(0)
    await expect(browse(stack, 'quick.example.test')).rejects.toThrow()
    stack.start('edge')
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
