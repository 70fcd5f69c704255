import {
  changeList,
  changePreview,
  changeUndo,
  type Host,
  hostBulk,
  hostDelete,
  hostList,
  revisionDiff,
  revisionList,
  revisionRestore,
  revisionView,
} from '@argos/contract'
import { echo, type Stack, startStack, type Upstream } from '@argos/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { browse, echoed, edgeState } from '../../support/edge.ts'
import { edit, editPool, live, publish, view } from '../../support/hosts.ts'

let stack: Stack
let upstream: Upstream
let elsewhere: Upstream
beforeAll(async () => {
  stack = await startStack()
  ;[upstream, elsewhere] = await Promise.all([echo(), echo()])
})
afterAll(async () => {
  await stack.stop()
  await Promise.all([upstream.close(), elsewhere.close()])
})

const statusOf = async (name: string) => (await browse(stack, name)).status
const lastChange = async () => {
  const [change] = (await stack.api.call(changeList, { query: { limit: 1 } })).changes
  if (!change) throw new Error('there is no change')
  return change
}
const lastRevision = async () => {
  const [revision] = (await stack.api.call(revisionList, { query: { limit: 1 } })).revisions
  if (!revision) throw new Error('there is no revision')
  return revision
}
const asSaved = ({ domains, enabled, tls, tags, note, poolId, id }: Host) => ({
  ...{ id, domains, enabled, tls, tags, note, poolId },
})
const everyHost = async () => (await stack.api.call(hostList, {})).hosts.map(asSaved)

test('undoing a deletion brings the host back: its id, its pool, and what visitors get', async () => {
  const host = await publish(stack, { domains: ['back.example.test'], to: upstream })
  await stack.api.call(hostDelete, { params: { id: host.id } })
  expect(await statusOf('back.example.test')).toBe(404)
  const { generation, noUndo } = await lastChange()
  expect(noUndo).toBe(null)
  await stack.api.call(changeUndo, { params: { generation }, query: {} })
  await live(stack, host.id)
  expect(asSaved(await view(stack, host.id))).toEqual(asSaved(host))
  await echoed(stack, 'back.example.test')
})

test('undoing one edit leaves those made beside it live', async () => {
  const one = await publish(stack, { domains: ['one.example.test'], to: upstream })
  const two = await publish(stack, { domains: ['two.example.test'], to: upstream })
  await edit(stack, one.id, () => ({ domains: ['moved.example.test'] }))
  const { generation } = await lastChange()
  await edit(stack, two.id, () => ({ domains: ['two.example.test', 'second.example.test'] }))
  await stack.inSync()
  await stack.api.call(changeUndo, { params: { generation }, query: {} })
  await stack.inSync()
  expect(await statusOf('one.example.test')).toBe(200)
  expect(await statusOf('moved.example.test')).toBe(404)
  expect(await statusOf('second.example.test')).toBe(200)
})

test('a restored revision is served as it was then: names, targets, pauses and what had been deleted', async () => {
  const a = await publish(stack, { domains: ['a.example.test'], to: upstream })
  const b = await publish(stack, { domains: ['b.example.test'], to: upstream })
  const c = await publish(stack, { domains: ['c.example.test'], to: upstream })
  await stack.inSync()
  const { number } = await lastRevision()
  const [then, etag] = [await everyHost(), (await edgeState(stack)).etag]

  await edit(stack, a.id, () => ({ domains: ['a2.example.test'] }))
  await editPool(stack, b.poolId, () => ({
    targets: [{ address: '127.0.0.1', port: elsewhere.port, weight: 1, enabled: true }],
  }))
  await stack.api.call(hostDelete, { params: { id: c.id } })
  await publish(stack, { domains: ['a.example.test'], to: elsewhere })
  await stack.api.call(hostBulk, { query: {}, body: { ids: [b.id], action: { kind: 'disable' } } })
  await stack.inSync()
  expect(await statusOf('b.example.test')).toBe(404)

  const preview = await stack.api.call(changePreview, {
    body: { intent: { kind: 'restore', revision: number } },
  })
  expect(preview).toMatchObject({ risk: 'risky', blocked: null, edge: { accepted: true } })
  const { objects } = await stack.api.call(revisionDiff, { params: { number }, query: {} })
  expect(new Set(preview.objects.map((o) => o.id))).toEqual(new Set(objects.map((o) => o.id)))

  await stack.api.call(revisionRestore, { params: { number }, query: {} })
  await stack.inSync()
  expect(await everyHost()).toEqual(then)
  expect((await edgeState(stack)).etag).toBe(etag)
  for (const name of ['a.example.test', 'b.example.test', 'c.example.test']) {
    expect(await statusOf(name), name).toBe(200)
  }
  expect(await statusOf('a2.example.test')).toBe(404)
  expect((await stack.api.call(revisionDiff, { params: { number }, query: {} })).objects).toEqual([])
})

test('a revision tells object by object what it changed, and what the edge was given', async () => {
  const host = await publish(stack, { domains: ['told.example.test'], to: upstream })
  await edit(stack, host.id, () => ({ domains: ['told.example.test', 'also.example.test'] }))
  await stack.inSync()
  const { number } = await lastRevision()
  const { changes, caddy } = await stack.api.call(revisionView, { params: { number } })
  expect(changes.flatMap((change) => change.objects)).toMatchObject([
    {
      ...{ kind: 'host', id: host.id, name: 'told.example.test', how: 'changed' },
      words: ['also.example.test is served as well.'],
    },
  ])
  expect(caddy).toMatchObject([
    {
      ...{ kind: 'host', id: host.id },
      before: { names: ['told.example.test'] },
      after: { names: ['told.example.test', 'also.example.test'] },
    },
  ])
})
