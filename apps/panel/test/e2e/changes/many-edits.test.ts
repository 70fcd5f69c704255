import {
  changeList,
  changeUndo,
  hostBulk,
  hostCreate,
  hostList,
  pendingReturn,
  poolCreate,
  poolDelete,
  poolList,
  revisionList,
  revisionRestore,
  settingsUpdate,
  settingsView,
} from '@argos/contract'
import {
  ApiRefusal,
  echo,
  type Random,
  type Stack,
  seededRandom,
  startStack,
  type Upstream,
} from '@argos/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { browse, edgeState } from '../../support/edge.ts'
import { edit, editPool, publish, publishMany, remove, wanted } from '../../support/hosts.ts'
import { over, timed, until } from '../../support/waiting.ts'

let stack: Stack
let upstreams: [Upstream, Upstream, Upstream]
beforeAll(async () => {
  stack = await startStack()
  upstreams = await Promise.all([echo('red'), echo('green'), echo('blue')])
})
afterAll(async () => {
  await stack.stop()
  await Promise.all(upstreams.map((upstream) => upstream.close()))
})

const NAMES = Array.from({ length: 12 }, (_, n) => `h${n}.example.test`)
/** What visitors get under each name: the status, and who answered. */
const visited = async () =>
  Object.fromEntries(
    await Promise.all(
      NAMES.map(async (name) => {
        const { status, headers } = await browse(stack, name)
        return [name, [status, headers['x-upstream']?.[0] ?? null]] as const
      }),
    ),
  )
const saved = async () => ({
  hosts: (await stack.api.call(hostList, {})).hosts.map((h) => ({ ...h, ...moving })),
  pools: (await stack.api.call(poolList, {})).pools.map((p) => ({
    ...{ ...p, ...moving },
    targets: p.targets.map((t) => ({ ...t, health: null })),
  })),
  settings: (await stack.api.call(settingsView, {})).settings,
})
/** What differs without anybody's wish. */
const moving = { version: 0, createdAt: 0, updatedAt: 0, state: null }
const everything = async () => {
  await stack.inSync()
  return { saved: await saved(), visited: await visited(), etag: (await edgeState(stack)).etag }
}
const newest = async () => {
  const [change] = (await stack.api.call(changeList, { query: { limit: 1 } })).changes
  if (!change) throw new Error('there is no change')
  return change
}
const newestRevision = async () => {
  const [revision] = (await stack.api.call(revisionList, { query: { limit: 1 } })).revisions
  if (!revision) throw new Error('there is no revision')
  return revision.number
}

/** Something that people do; what the rules refuse is not done. */
async function anything(random: Random): Promise<void> {
  const [{ hosts }, { pools }] = await Promise.all([
    stack.api.call(hostList, {}),
    stack.api.call(poolList, {}),
  ])
  const [host, other] = [hosts[random.below(hosts.length)], hosts[random.below(hosts.length)]]
  const pool = pools[random.below(pools.length)]
  const to = random.pick(upstreams)
  const domains = [NAMES[random.below(NAMES.length)] ?? '']
  if (!host || !other || !pool) return void (await publish(stack, { domains, to }))
  const targets = [{ address: '127.0.0.1', port: to.port, weight: 1, enabled: true }]
  const bulk = (kind: 'enable' | 'disable' | 'delete') =>
    stack.api.call(hostBulk, {
      query: {},
      body: { ids: [...new Set([host.id, other.id])], action: { kind } },
    })
  const acts: [() => Promise<unknown>, ...(() => Promise<unknown>)[]] = [
    () => stack.api.call(hostCreate, { body: wanted({ domains, to }) }),
    () =>
      stack.api.call(hostCreate, {
        body: { ...wanted({ domains, to }), upstream: { poolId: pool.id } },
      }),
    () => edit(stack, host.id, () => ({ domains })),
    () => edit(stack, host.id, () => ({ poolId: pool.id, tags: [`to-${to.port}`] })),
    () => editPool(stack, pool.id, () => ({ targets })),
    () => bulk(random.pick(['enable', 'disable', 'delete'])),
    () => remove(stack, host.id),
    () => stack.api.call(poolCreate, { body: { name: `to ${to.port}`, targets } }),
    () => stack.api.call(poolDelete, { params: { id: pool.id } }),
    async () => {
      const { settings, version } = await stack.api.call(settingsView, {})
      const trustedProxies = [`10.0.${random.below(200)}.0/24`]
      return stack.api.call(settingsUpdate, { body: { settings: { ...settings, trustedProxies }, version } })
    },
  ]
  try {
    await random.pick(acts)()
  } catch (err) {
    if (!(err instanceof ApiRefusal && err.status === 409)) throw err
  }
}

test('after 20 mixed edits a restore brings back what was saved and what visitors get, and an undo of it both as they were since', async () => {
  const random = seededRandom('20 mixed edits')
  await publishMany(
    stack,
    NAMES.slice(0, 6).map((name) => ({ domains: [name], to: random.pick(upstreams) })),
  )
  const then = await everything()
  const [number, first] = [await newestRevision(), (await newest()).generation]
  while ((await newest()).generation < first + 20) await anything(random)
  const since = await everything()
  expect(since.etag).not.toBe(then.etag)

  await stack.api.call(revisionRestore, { params: { number }, query: {} })
  expect(await everything()).toEqual(then)
  await stack.api.call(changeUndo, { params: { generation: (await newest()).generation }, query: {} })
  expect(await everything()).toEqual(since)
})

test('F32 a restore for a limited time that is put back takes nothing along that was saved meanwhile', async () => {
  const before = await everything()
  const number = await newestRevision()
  const goes = await publish(stack, { domains: ['goes.example.test'], to: upstreams[0] })
  const since = await everything()
  const { saved } = await stack.api.call(revisionRestore, { params: { number }, query: timed })
  await until(stack, 'waiting')
  expect((await browse(stack, 'goes.example.test')).status).toBe(404)
  expect(await visited()).toEqual(before.visited)

  const stays = wanted({ domains: ['stays.example.test'], to: upstreams[1] })
  const { host } = await stack.api.call(hostCreate, { body: stays })
  const refused = stack.api.call(hostCreate, { body: wanted({ domains: goes.domains, to: upstreams[1] }) })
  await expect(refused).rejects.toMatchObject({
    status: 409,
    problem: {
      code: 'pending_change',
      message: 'goes.example.test belongs to a change that waits to be kept. Keep it or put it back first.',
    },
  })
  await stack.api.call(pendingReturn, { params: { id: saved.pending ?? '' } })
  await over(stack, saved.pending ?? '')
  await stack.inSync()
  expect((await browse(stack, 'goes.example.test')).status).toBe(200)
  expect((await browse(stack, 'stays.example.test')).status).toBe(200)
  await remove(stack, host.id)
  expect(await everything()).toEqual(since)
})

test('an undo of what was changed again since is refused with the reason, and nothing happens', async () => {
  const host = await publish(stack, { domains: ['again.example.test'], to: upstreams[0] })
  await edit(stack, host.id, () => ({ domains: ['first.example.test'] }))
  const { generation } = await newest()
  await stack.inSync()
  await edit(stack, host.id, () => ({ domains: ['second.example.test'] }))
  const before = await everything()
  const { revision } = await newest()
  const message = `It was changed again since by r${revision}: Changed the names of first.example.test: second.example.test.`
  const shown = (await stack.api.call(changeList, { query: { object: host.id } })).changes
  expect(shown.find((c) => c.generation === generation)?.noUndo).toBe(message)
  await expect(stack.api.call(changeUndo, { params: { generation }, query: {} })).rejects.toMatchObject({
    status: 409,
    problem: { code: 'conflict', message },
  })
  expect(await everything()).toEqual(before)
})
