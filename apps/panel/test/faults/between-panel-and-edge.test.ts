import { join } from 'node:path'
import { hostCreate, hostDelete, hostList, hostView, systemStatus } from '@argos/contract'
import {
  echo,
  eventually,
  type SocketProxy,
  type Stack,
  scratch,
  socketProxy,
  startStack,
  type Trouble,
  type Upstream,
} from '@argos/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { browse, edgeState } from '../support/edge.ts'
import { edit, publish, wanted } from '../support/hosts.ts'

const AGREE_MS = 60_000
const folder = scratch()
let edgeSocket = ''
let proxy: SocketProxy
let stack: Stack
let upstream: Upstream
beforeAll(async () => {
  proxy = await socketProxy(join(folder.path, 'proxy.sock'), () => edgeSocket)
  stack = await startStack({
    env: (places) => {
      edgeSocket = places.edgeSocket
      return { ARGOS_EDGE_SOCKET: proxy.path }
    },
  })
  upstream = await echo()
})
afterAll(async () => {
  await stack.stop()
  await Promise.all([upstream.close(), proxy.close()])
  folder[Symbol.dispose]()
})

/** The panel and the edge agree again, and both have this. */
async function agree(served: readonly string[], gone: readonly string[]): Promise<void> {
  await stack.inSync(AGREE_MS)
  for (const name of served) expect(await browse(stack, name), name).toMatchObject({ status: 200 })
  for (const name of gone) expect([404, 421], name).toContain((await browse(stack, name)).status)
  const { generations, edge } = await stack.api.call(systemStatus, {})
  expect(generations).toMatchObject({ inSync: true, applied: generations.saved })
  expect(edge).toMatchObject({ state: 'ok', problem: null })
  const { hosts } = await stack.api.call(hostList, {})
  expect(hosts.filter(({ state }) => state.edge !== 'live' && state.edge !== 'off')).toEqual([])
}

const troubles: { trouble: Exclude<Trouble, 'pass'>; words: string }[] = [
  { trouble: 'refuse', words: 'answers 500' },
  { trouble: 'hang', words: 'takes requests and never answers' },
  { trouble: 'deaf', words: 'applies what it is told and never says so' },
  { trouble: 'cut', words: 'applies what it is told and resets in the middle of its answer' },
  { trouble: 'absent', words: 'is not there' },
]

describe.each(troubles)('CF-10 FT-10 while the edge’s control socket $words', ({ trouble }) => {
  const names = {
    edited: `edited-${trouble}.example.test`,
    renamed: `renamed-${trouble}.example.test`,
    deleted: `deleted-${trouble}.example.test`,
    created: `created-${trouble}.example.test`,
  }

  test('changes are kept or refused, never half of both; the page says what is so; all agree when it is back', async () => {
    const edited = await publish(stack, { domains: [names.edited], to: upstream })
    const deleted = await publish(stack, { domains: [names.deleted], to: upstream })
    await proxy.set(trouble)
    const outcomes = await Promise.allSettled([
      edit(stack, edited.id, () => ({ domains: [names.edited, names.renamed] })),
      stack.api.call(hostCreate, { body: wanted({ domains: [names.created], to: upstream }) }),
      stack.api.call(hostDelete, { params: { id: deleted.id } }),
    ])
    const saved = outcomes.map(({ status }) => status === 'fulfilled')

    // What visitors were served before is still served.
    expect(await browse(stack, names.edited)).toMatchObject({ status: 200 })
    const status = await eventually(
      'the panel notices',
      async () => {
        const now = await stack.api.call(systemStatus, {})
        return now.edge.state !== 'ok' || !now.generations.inSync ? now : null
      },
      { timeoutMs: 30_000 },
    )
    if (status.edge.state !== 'ok') expect(status.edge.problem).toBeTruthy()
    const shown = await stack.api.call(hostView, { params: { id: edited.id } })
    // Nobody confirmed it, so nothing may call it live.
    if (saved[0]) expect(shown.state.edge).not.toBe('live')

    await proxy.set('pass')
    await agree(
      [names.edited, ...(saved[0] ? [names.renamed] : []), ...(saved[1] ? [names.created] : [])],
      [
        ...(saved[0] ? [] : [names.renamed]),
        ...(saved[1] ? [] : [names.created]),
        ...(saved[2] ? [names.deleted] : []),
      ],
    )
    expect((await edgeState(stack)).generation).toBe(
      (await stack.api.call(systemStatus, {})).generations.saved,
    )
  })
})

test('FT-10 changes saved while the edge cannot be told survive the panel’s own death', async () => {
  const host = await publish(stack, { domains: ['kept.example.test'], to: upstream })
  await proxy.set('absent')
  await edit(stack, host.id, () => ({ domains: ['kept.example.test', 'kept-too.example.test'] }))
  await stack.kill('panel')
  expect(await browse(stack, 'kept.example.test')).toMatchObject({ status: 200 })
  await proxy.set('pass')
  stack.start('panel')
  await stack.reachable()
  await stack.inSync(AGREE_MS)
  expect(await browse(stack, 'kept-too.example.test')).toMatchObject({ status: 200 })
})
