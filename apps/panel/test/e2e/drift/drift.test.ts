import { rmSync } from 'node:fs'
import { join } from 'node:path'
import {
  auditList,
  driftAdopt,
  driftReapply,
  driftView,
  type Host,
  hostList,
  poolList,
  systemStatus,
} from '@argos/contract'
import { echo, eventually, type Stack, startStack, type Upstream } from '@argos/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { byHand, editSaved, type Hand } from '../../support/by-hand.ts'
import { browse, edgeState } from '../../support/edge.ts'
import { edit, live, publish, view } from '../../support/hosts.ts'

let stack: Stack
let hand: Hand
let upstream: Upstream
let other: Host
let app: Host
beforeAll(async () => {
  stack = await startStack()
  hand = byHand(stack)
  upstream = await echo()
  app = await publish(stack, { domains: ['app.example.test'], to: upstream, tags: ['mine'] })
  other = await publish(stack, { domains: ['other.example.test'], to: upstream })
})
afterAll(async () => {
  await hand.client.close()
  await stack.stop()
  await upstream.close()
})

const drift = () => stack.api.call(driftView, {})
const status = async (name: string) => (await browse(stack, name)).status
/** Found within seconds: the panel looks every five. */
const found = (n: number) =>
  eventually(
    `${n} objects are shown as drift`,
    async () => {
      const { objects } = await drift()
      return objects.length === n ? objects : null
    },
    { timeoutMs: 15_000 },
  )
const startAgain = async () => {
  await stack.kill('panel')
  await stack.kill('edge')
  stack.start('edge')
  stack.start('panel')
  await stack.reachable()
}
const noneLeft = () => eventually('no drift is left', async () => (await drift()).objects.length === 0)
const rename = async (id: string, ...names: string[]) => {
  const fragment = await hand.host(id)
  await hand.put({ [id]: { ...fragment, names } })
  return fragment
}

describe('CF-11 a host that somebody changes through the control socket', () => {
  test('is shown with both forms, stays over many passes, and other edits go live', async () => {
    const ours = await rename(app.id, 'hand.example.test')
    expect(await found(1)).toEqual([
      {
        ...{ kind: 'host', id: app.id, name: 'app.example.test', how: 'edited', noAdopt: null },
        ...{ ours, theirs: { ...ours, names: ['hand.example.test'] } },
      },
    ])
    for (let i = 0; i < 5; i++) {
      await edit(stack, other.id, ({ domains }) => ({ domains: [...domains, `more-${i}.example.test`] }))
      await live(stack, other.id)
      expect(await status(`more-${i}.example.test`)).toBe(200)
      expect(await status('hand.example.test')).toBe(200)
      expect(await status('app.example.test')).toBe(404)
    }
    const { edge, warnings } = await stack.api.call(systemStatus, {})
    // The two are of one build, so nothing is said about that.
    expect(warnings.map((w) => w.code).filter((code) => code.startsWith('edge_'))).toEqual(['edge_drift'])
    expect(edge).toMatchObject({
      ...{ state: 'behind', drifted: 1 },
      problem: 'Somebody changed 1 host at the edge by hand.',
    })
    expect((await view(stack, app.id)).state.edge).toBe('drifted')
  })

  test('is still known, and still served, after both were started again', async () => {
    await startAgain()
    expect(await found(1)).toMatchObject([{ id: app.id }])
    expect(await status('hand.example.test')).toBe(200)
  })

  test('goes back when the operator says so', async () => {
    const { saved } = await stack.api.call(driftReapply, { body: {} })
    expect(saved.live).toBe(true)
    expect(await status('app.example.test')).toBe(200)
    expect(await status('hand.example.test')).toBe(404)
    await noneLeft()
    await stack.inSync()
    const { entries } = await stack.api.call(auditList, { query: { q: 'put back' } })
    expect(entries[0]).toMatchObject({ action: 'drift.reapply', subject: { id: app.id } })
    expect(entries[0]?.before).toMatchObject({ names: ['hand.example.test'] })
  })

  test('becomes the panel’s own when the operator adopts it, with a pool that came along', async () => {
    const fragment = await hand.host(app.id)
    const pool = await hand.pool(app.poolId)
    const gate = fragment.handle.slice(0, 1)
    await hand.put(
      {
        [app.id]: {
          ...{ ...fragment, names: ['app.example.test', 'adopted.example.test'] },
          handle: [...gate, { handler: 'argos_pool', pool: 'p_by_hand' }],
        },
        h_by_hand: { ...fragment, names: ['new.example.test'] },
      },
      { p_by_hand: { ...pool, targets: pool.targets.map((t) => ({ ...t, weight: 3 })) } },
    )
    await found(3)
    const before = await edgeState(stack)
    const { words, saved } = await stack.api.call(driftAdopt, { body: {} })
    expect(words[0]).toMatch(/^Adopted .* from the edge$/)
    expect(saved.live).toBe(true)
    // What was adopted is there already.
    expect((await edgeState(stack)).etag).toBe(before.etag)
    expect(await view(stack, app.id)).toMatchObject({
      ...{ domains: ['app.example.test', 'adopted.example.test'], poolId: 'p_by_hand', tags: ['mine'] },
      state: { edge: 'live' },
    })
    expect(await view(stack, 'h_by_hand')).toMatchObject({ domains: ['new.example.test'] })
    const { pools } = await stack.api.call(poolList, {})
    expect(pools.find((p) => p.id === 'p_by_hand')?.targets[0]?.weight).toBe(3)
    await noneLeft()

    await startAgain()
    await stack.inSync()
    for (const name of ['app', 'adopted', 'new', 'other'])
      expect(await status(`${name}.example.test`)).toBe(200)
    expect((await drift()).objects).toEqual([])
  })

  test('that says what the panel has no words for is not adopted, and names it', async () => {
    const fragment = await hand.host(other.id)
    const [gate, ...rest] = fragment.handle
    const response = { set: { 'X-By-Hand': ['yes'] } }
    const handle = [gate, { handler: 'headers', response }, ...rest] as typeof fragment.handle
    await hand.put({ [other.id]: { ...fragment, handle } })
    const [object] = await found(1)
    expect(object?.noAdopt).toBe('It has the handler `headers`, which the panel has no words for.')
    const refused = stack.api.call(driftAdopt, { body: { objects: [{ kind: 'host', id: other.id }] } })
    await expect(refused).rejects.toMatchObject({
      problem: { code: 'conflict', message: expect.stringContaining('`headers`') },
    })
    expect((await browse(stack, 'other.example.test')).headers['x-by-hand']).toBe('yes')
    // Its own edit is the operator's word, and takes that away.
    await edit(stack, other.id, () => ({ domains: ['other.example.test'] }))
    await live(stack, other.id)
    await noneLeft()
    expect((await browse(stack, 'other.example.test')).headers['x-by-hand']).toBeUndefined()
  })
})

test('CF-11 an edge whose saved file was edited while it was stopped', async () => {
  const fragment = await hand.host(app.id)
  const { origin = '', generation } = await hand.client.summary()
  expect(origin).toMatch(/^panel_/)
  await stack.kill('edge')
  editSaved(stack.dataDir, {
    ...{ origin, generation },
    hosts: { [app.id]: { ...fragment, names: ['filed.example.test'] } },
  })
  stack.start('edge')
  expect(await found(1)).toMatchObject([{ id: app.id, theirs: { names: ['filed.example.test'] } }])
  expect(await status('filed.example.test')).toBe(200)
  expect(await status('app.example.test')).toBe(404)
  await stack.api.call(driftReapply, { body: { objects: [{ kind: 'host', id: app.id }] } })
  await noneLeft()
  expect(await status('app.example.test')).toBe(200)
})

test('CF-11 a panel that starts with an empty database removes nothing, and can adopt all of it', async () => {
  await stack.kill('panel')
  for (const end of ['', '-wal', '-shm']) rmSync(join(stack.dataDir, `argos.db${end}`), { force: true })
  stack.start('panel')
  await stack.reachable()
  const again = await stack.signIn()
  const shown = await eventually(
    'all of it is shown as drift',
    async () => {
      const { objects } = await again.call(driftView, {})
      return objects.length >= 6 && objects
    },
    { timeoutMs: 20_000 },
  )
  expect(shown.every(({ how, noAdopt }) => how === 'added' && noAdopt === null)).toBe(true)
  const { edge } = await again.call(systemStatus, {})
  expect(edge.problem).toContain('that this panel did not give it')
  for (const name of ['app', 'adopted', 'new', 'other'])
    expect(await status(`${name}.example.test`)).toBe(200)
  await again.call(driftAdopt, { body: {} })
  const { hosts } = await again.call(hostList, { query: {} })
  expect(hosts.map((h) => h.domains[0]).sort()).toEqual([
    ...['app.example.test', 'new.example.test', 'other.example.test'],
  ])
  await eventually('no drift is left', async () => {
    const { objects } = await again.call(driftView, {})
    return objects.length === 0
  })
  for (const name of ['app', 'adopted', 'new', 'other'])
    expect(await status(`${name}.example.test`)).toBe(200)
})
