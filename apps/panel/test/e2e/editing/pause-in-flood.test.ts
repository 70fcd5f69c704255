import { type Host, hostBulk, hostDelete, hostList, hostUpdate } from '@argos/contract'
import { echo, eventually, type Stack, startStack, type Upstream, visit } from '@argos/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { inputOf, publishMany } from '../../support/hosts.ts'

let stack: Stack
let upstream: Upstream
beforeAll(async () => {
  stack = await startStack()
  upstream = await echo()
  const names = Array.from({ length: 40 }, (_, i) => `host-${i}.example.test`)
  await publishMany(
    stack,
    names.map((name) => ({ domains: [name], to: upstream })),
  )
})
afterAll(async () => {
  await stack.stop()
  await upstream.close()
})

const statusOf = async ({ domains: [name = ''] }: Pick<Host, 'domains'>) =>
  (await visit({ port: stack.ports.http, name, path: '/' })).status

/** Edits each of these hosts again and again. `answered`: how many edits were. */
function flood(hosts: readonly Host[]) {
  const over = new AbortController()
  let answered = 0
  const edits = hosts.map(async (host) => {
    for (let { version } = host; !over.signal.aborted; ) {
      const domains = [...host.domains, `edit-${version}.${host.domains[0]}`]
      const body = { ...inputOf(host), domains, version }
      const answer = await stack.api.call(hostUpdate, { params: { id: host.id }, body })
      version = answer.host.version
      answered++
    }
  })
  const stop = async () => {
    over.abort()
    await Promise.all(edits)
  }
  return { answered: () => answered, stop }
}

test('in a flood of edits a pause, a bulk pause and a deletion are live when they are answered', async () => {
  const { hosts } = await stack.api.call(hostList, {})
  const [one, two, three, ...rest] = hosts
  if (!one || !two || !three) throw new Error('the hosts are not there')
  const edits = flood(rest)
  await using _ = { [Symbol.asyncDispose]: edits.stop }
  await eventually('edits come without a pause', () => edits.answered() > 2 * rest.length, {
    timeoutMs: 60_000,
  })
  const body = { ...inputOf(one), enabled: false, version: one.version }
  const paused = await stack.api.call(hostUpdate, { params: { id: one.id }, body })
  expect([paused.saved.live, await statusOf(one)]).toEqual([true, 404])
  const pausedToo = await stack.api.call(hostBulk, {
    body: { ids: [two.id], action: { kind: 'disable' } },
  })
  expect([pausedToo.saved.live, await statusOf(two)]).toEqual([true, 404])
  const gone = await stack.api.call(hostDelete, { params: { id: three.id } })
  expect([gone.saved.live, await statusOf(three)]).toEqual([true, 404])
})
