import { hashOf } from '@argos/caddy-admin'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { revisionStore } from '../changes/revisions.store.ts'
import { applyBench, type Bench, deleteHost, saveHost, saveSettings } from './testing.ts'

let bench: Bench
beforeEach(async () => {
  bench = await applyBench()
  for (const id of ['h_a', 'h_b', 'h_c']) await saveHost(bench.db, id)
  await bench.pass()
})
afterEach(() => bench.close())

/** Somebody at the control socket, who says no name. */
const byHand = (change: (edge: Bench['edge']) => void, origin = '') => {
  change(bench.edge)
  bench.edge.origin = origin
}
const rename = (id: string, name = `${id}.by-hand.example`.replace('_', '-')) =>
  byHand((edge) => {
    const fragment = edge.hosts[id]
    if (fragment) edge.hosts[id] = { ...fragment, names: [name] }
  })
const drift = () => bench.db.selectFrom('drift').select(['kind', 'id', 'hash']).orderBy('id').execute()
const events = async () =>
  (await bench.db.selectFrom('outbox').select('data').where('type', '=', 'edge.drifted').execute()).map((e) =>
    JSON.parse(e.data),
  )
const status = () => bench.room.apply.status()

describe('CF-11 what somebody else changes at the edge', () => {
  test('is held over any number of passes, told once, and other edits go live', async () => {
    rename('h_a')
    await bench.pass()
    const theirs = bench.edge.hosts.h_a
    expect(await drift()).toEqual([{ kind: 'host', id: 'h_a', hash: hashOf(theirs) }])
    expect(await status()).toMatchObject({
      edge: { state: 'behind', drifted: 1, problem: 'Somebody changed 1 host at the edge by hand.' },
    })
    expect(bench.room.apply.hostEdge('h_a').edge).toBe('drifted')
    for (const name of ['1.example.com', '2.example.com', '3.example.com']) {
      const generation = await saveHost(bench.db, 'h_b', { domains: [name] })
      await bench.pass()
      expect(await bench.room.apply.live(generation, 0)).toBe(true)
      expect(bench.edge.hosts).toMatchObject({ h_a: theirs, h_b: { names: [name] } })
    }
    bench.restartPanel()
    await bench.pass()
    expect(bench.edge.hosts.h_a).toEqual(theirs)
    expect(await events()).toEqual([{ objects: 1, names: ['h-a.example.com'] }])
    const revisions = await revisionStore(bench.db).list({ limit: 50 })
    expect(revisions.filter((r) => r.outcome !== 'live')).toEqual([])
  })

  test('stays through a load, which says everything, in the words they used', async () => {
    byHand((edge) => {
      const pool = edge.pools.p_h_a
      if (pool) edge.pools.p_h_a = { ...pool, protocol: 'https' }
      edge.hosts.h_x = { names: ['x.example.com'], off: false, tls: 'none', handle: [] }
      delete edge.hosts.h_c
    })
    const { h_x } = bench.edge.hosts
    await saveSettings(bench.db, { acmeEmail: 'a@b.example' })
    await bench.pass()
    expect(bench.edge.calls.at(-1)).toBe('load')
    expect(bench.edge.hosts).toMatchObject({ h_x })
    expect(bench.edge.hosts.h_c).toBeUndefined()
    expect(bench.edge.pools.p_h_a?.protocol).toBe('https')
    expect((await drift()).map((row) => row.id)).toEqual(['h_c', 'h_x', 'p_h_a'])
    expect(await status()).toMatchObject({
      inSync: true,
      edge: { drifted: 3, problem: 'Somebody changed 2 hosts and 1 pool at the edge by hand.' },
    })
  })

  test('gives way to an edit of that very object, and to nothing else', async () => {
    rename('h_a')
    rename('h_b')
    await bench.pass()
    await saveHost(bench.db, 'h_a', { domains: ['mine.example.com'] })
    await bench.pass()
    expect(bench.edge.hosts).toMatchObject({
      h_a: { names: ['mine.example.com'] },
      h_b: { names: ['h-b.by-hand.example'] },
    })
    expect((await drift()).map((row) => row.id)).toEqual(['h_b'])
    await deleteHost(bench.db, 'h_b')
    await bench.pass()
    expect(Object.keys(bench.edge.hosts)).toEqual(['h_a', 'h_c'])
    expect(await drift()).toEqual([])
    expect(await status()).toMatchObject({ inSync: true, edge: { state: 'ok', drifted: 0, problem: null } })
  })

  test('is none any more when it is as the panel left it, or as the panel wants it', async () => {
    const ours = bench.edge.hosts.h_a
    rename('h_a')
    rename('h_b', 'same.example.com')
    await bench.pass()
    expect(await drift()).toHaveLength(2)
    byHand((edge) => {
      if (ours) edge.hosts.h_a = ours
    })
    await saveHost(bench.db, 'h_b', { domains: ['same.example.com'] })
    bench.edge.calls.length = 0
    await bench.pass()
    expect(await drift()).toEqual([])
    expect((await status()).edge.state).toBe('ok')
  })

  test('that only writes the same in another way is none', async () => {
    byHand((edge) => {
      const { names, off, tls, handle } = edge.hosts.h_a ?? { names: [], off: true, tls: 'auto', handle: [] }
      edge.hosts.h_a = { handle, tls, off, names }
    })
    await bench.pass()
    expect(await drift()).toEqual([])
    expect(await events()).toEqual([])
  })

  test('after something was held already is added to it, and told', async () => {
    rename('h_a')
    await bench.pass()
    const since = await bench.db.selectFrom('drift').select('since').executeTakeFirstOrThrow()
    bench.clock.advance(5_000)
    rename('h_a', 'again.by-hand.example')
    rename('h_c')
    await bench.pass()
    expect(bench.edge.hosts.h_a?.names).toEqual(['again.by-hand.example'])
    expect(await drift()).toMatchObject([
      { id: 'h_a', hash: hashOf(bench.edge.hosts.h_a) },
      { id: 'h_c', hash: hashOf(bench.edge.hosts.h_c) },
    ])
    const first = await bench.db.selectFrom('drift').select('since').where('id', '=', 'h_a').execute()
    expect(first).toEqual([since])
    expect((await events()).map((e) => e.objects)).toEqual([1, 1])
  })

  test('to its base is held until settings that make the base are changed', async () => {
    const theirs = { ...(bench.edge.base as object), logging: { by: 'hand' } }
    byHand((edge) => void Object.assign(edge, { base: theirs }))
    await saveHost(bench.db, 'h_a', { domains: ['a.example.com'] })
    await bench.pass()
    expect(bench.edge.base).toEqual(theirs)
    expect(bench.edge.hosts.h_a?.names).toEqual(['a.example.com'])
    expect(await drift()).toMatchObject([{ kind: 'base', id: 'base' }])
    await saveSettings(bench.db, { acmeEmail: 'a@b.example' })
    await bench.pass()
    expect(bench.edge.base).not.toHaveProperty('logging.by')
    expect(await drift()).toEqual([])
  })

  test('is seen by the watcher, which rouses the applier at once', async () => {
    let woken = 0
    bench.room.workers[0].wake?.addEventListener('wake', () => woken++)
    const watch = () => bench.room.workers[1].run(new AbortController().signal)
    await watch()
    const before = woken
    await watch()
    expect(woken).toBe(before)
    rename('h_a')
    await watch()
    expect(woken).toBe(before + 1)
  })
})

describe('CF-11 what is no drift', () => {
  const lost = async (change: (edge: Bench['edge']) => void) => {
    change(bench.edge)
    await bench.pass()
    expect(await drift()).toEqual([])
    expect(Object.keys(bench.edge.hosts)).toEqual(expect.arrayContaining(['h_a', 'h_b', 'h_c']))
    expect((await status()).edge.state).toBe('ok')
  }
  test('an edge that lost everything', () =>
    lost((edge) => Object.assign(edge, { base: null, hosts: {}, pools: {}, generation: 0, origin: '' })))
  test('an older state of ours', async () => {
    const { generation } = bench.edge
    const [hosts, pools] = [{ ...bench.edge.hosts }, { ...bench.edge.pools }]
    await saveHost(bench.db, 'h_a', { domains: ['new.example.com'] })
    await bench.pass()
    await lost((edge) => Object.assign(edge, { hosts, pools, generation }))
    expect(bench.edge.hosts.h_a?.names).toEqual(['new.example.com'])
  })
  test('a host that the edge could not start again', () =>
    lost((edge) => {
      byHand(() => delete edge.hosts.h_a)
      edge.failed = { 'host:h_a': 'a port was taken' }
    }))
  test('what an edge that says no names has', () =>
    lost((edge) => {
      delete edge.hosts.h_a
      edge.origin = undefined
    }))
  test('what the edge took from a panel that died before it wrote that down', async () => {
    const before = await bench.db.selectFrom('applied').selectAll().execute()
    await saveHost(bench.db, 'h_a', { domains: ['new.example.com'] })
    const { generation } = await bench.db
      .selectFrom('change')
      .select('generation')
      .orderBy('generation', 'desc')
      .executeTakeFirstOrThrow()
    await bench.pass()
    await bench.db.deleteFrom('applied').execute()
    await bench.db.insertInto('applied').values(before).execute()
    await bench.db
      .updateTable('meta')
      .set({ value: String(generation - 1) })
      .where('key', '=', 'applied_generation')
      .execute()
    bench.restartPanel()
    await lost(() => undefined)
  })
})

test('CF-11 a saved state that was edited under our name is drift as well', async () => {
  const fragment = bench.edge.hosts.h_a
  if (fragment) bench.edge.hosts.h_a = { ...fragment, names: ['edited.example.com'] }
  bench.edge.restart()
  await bench.pass()
  expect(bench.edge.hosts.h_a?.names).toEqual(['edited.example.com'])
  expect(await drift()).toMatchObject([{ id: 'h_a' }])
})

test('CF-11 a panel with an empty database takes nothing away from an edge that another one has set up', async () => {
  const fresh = await applyBench()
  try {
    const { base, hosts, pools } = bench.edge
    Object.assign(fresh.edge, { base, hosts, pools, generation: 3, origin: bench.edge.origin })
    await fresh.pass()
    expect(fresh.edge).toMatchObject({ base, hosts, pools })
    await fresh.room.workers[1].run(new AbortController().signal)
    const { edge } = await fresh.room.apply.status()
    expect(edge).toMatchObject({ state: 'behind', drifted: 7 })
    expect(edge.problem).toContain(
      'serves 3 hosts, 3 pools and listeners, logs and certificate rules that this panel did not give it',
    )
    await saveHost(fresh.db, 'h_new')
    await fresh.pass()
    expect(Object.keys(fresh.edge.hosts).sort()).toEqual(['h_a', 'h_b', 'h_c', 'h_new'])
    expect(fresh.edge.base).toEqual(base)
    expect((await fresh.room.apply.status()).edge.drifted).toBe(7)
  } finally {
    await fresh.close()
  }
})

test('CF-11 F32 a change for a limited time leaves alone what somebody else changed', async () => {
  rename('h_a')
  await bench.pass()
  await saveHost(bench.db, 'h_b', { host: { tls: 'none' }, withinS: 60 })
  await bench.lead()
  expect(bench.edge.pending).not.toBeNull()
  const theirs = { names: ['h-a.by-hand.example'] }
  expect(bench.edge.hosts).toMatchObject({ h_a: theirs, h_b: { tls: 'none' } })
  bench.edge.expire()
  await bench.lead()
  await bench.pass()
  expect(bench.edge.hosts).toMatchObject({ h_a: theirs, h_b: { tls: 'auto' } })
  expect(await drift()).toMatchObject([{ id: 'h_a' }])
})

test('CF-11 F32 a drifted host that is changed for a limited time is drift again when that goes back', async () => {
  rename('h_a')
  await bench.pass()
  await saveHost(bench.db, 'h_a', { host: { tls: 'none' }, withinS: 60 })
  await bench.lead()
  expect(bench.edge.hosts.h_a).toMatchObject({ names: ['h-a.example.com'], tls: 'none' })
  bench.edge.expire()
  await bench.lead()
  await bench.pass()
  expect(bench.edge.hosts.h_a?.names).toEqual(['h-a.by-hand.example'])
  expect(await drift()).toMatchObject([{ id: 'h_a' }])
})
