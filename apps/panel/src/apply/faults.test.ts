import type { Revision } from '@argos/contract'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { revisionStore } from '../changes/revisions.store.ts'
import { applyBench, type Bench, saveHost } from './testing.ts'

let bench: Bench
beforeEach(async () => {
  bench = await applyBench()
})
afterEach(() => bench.close())

const revisions = (): Promise<Revision[]> => revisionStore(bench.db).list({ limit: 50 })
const events = async () =>
  (await bench.db.selectFrom('outbox').select(['type', 'data']).orderBy('id').execute()).map((e) => ({
    type: e.type,
    ...(JSON.parse(e.data) as object),
  }))

describe('CF-10 whatever happens between them, panel and edge agree in the end', () => {
  test.each(
    (['500', 'reset', 'hang'] as const).flatMap((kind) => [true, false].map((taken) => ({ kind, taken }))),
  )('$kind, taken: $taken', async (fault) => {
    await saveHost(bench.db, 'h_a')
    await bench.pass()
    bench.edge.faults = [fault]
    const generation = await saveHost(bench.db, 'h_b')
    await bench.pass()
    expect(bench.slept()).toBeLessThan(60_000)
    expect(Object.keys(bench.edge.hosts)).toEqual(['h_a', 'h_b'])
    expect(await bench.room.apply.live(generation, 0)).toBe(true)
    const [now, failed] = await revisions()
    expect(now).toMatchObject({ outcome: 'live', words: ['Published h-b.example.com'] })
    expect(failed).toMatchObject({ outcome: 'failed', words: ['Published h-b.example.com'] })
  })

  test.each([true, false])('400, taken: %s: the whole is compared at once', async (taken) => {
    await saveHost(bench.db, 'h_a')
    await bench.pass()
    bench.edge.faults = [{ kind: '400', taken }]
    const generation = await saveHost(bench.db, 'h_b')
    await bench.pass()
    expect(Object.keys(bench.edge.hosts)).toEqual(['h_a', 'h_b'])
    expect(await bench.room.apply.live(generation, 0)).toBe(true)
    expect((await revisions()).map((r) => r.outcome)).toEqual(['live', 'live'])
  })

  test('a failure that lasts is one revision, and the truth is shown', async () => {
    await bench.pass()
    const generation = await saveHost(bench.db, 'h_a')
    bench.edge.faults = Array.from({ length: 8 }, () => ({ kind: '500' as const, taken: false }))
    await expect(bench.pass()).rejects.toThrow('boom')
    await expect(bench.pass()).rejects.toThrow('boom')
    expect((await revisions()).filter((r) => r.outcome === 'failed')).toHaveLength(1)
    expect(await bench.room.apply.status()).toMatchObject({
      inSync: false,
      applied: 0,
      lastError: 'The edge answered 500: boom',
    })
    expect(bench.room.apply.hostEdge('h_a').edge).toBe('applying')
    await bench.pass()
    expect(await bench.room.apply.live(generation, 0)).toBe(true)
  })

  test("CF-11 somebody else's change in the very moment is seen and kept, and the edit goes live", async () => {
    await saveHost(bench.db, 'h_a')
    await bench.pass()
    bench.edge.faults = [{ kind: 'meddle' }]
    await saveHost(bench.db, 'h_b')
    await bench.pass()
    expect(Object.keys(bench.edge.pools)).toEqual(['p_h_a', 'p_foreign', 'p_h_b'])
    expect(bench.edge.calls).toEqual(['load', 'swap', 'swap'])
    expect((await revisions()).map((r) => r.outcome)).toEqual(['live', 'live'])
  })

  test('CF-10 what an edge of ours has lost is put back and told as such', async () => {
    await saveHost(bench.db, 'h_a')
    await bench.pass()
    bench.edge.hosts = {}
    await bench.pass()
    expect(Object.keys(bench.edge.hosts)).toEqual(['h_a'])
    expect((await revisions())[0]).toMatchObject({
      actor: { kind: 'system', name: 'apply' },
      words: ['The edge did not serve what was saved: put back 1 hosts and pools.'],
      hosts: [{ id: 'h_a' }],
    })
  })

  test('a panel that dies after the edge took it finds that out, and the revision is not lost', async () => {
    await saveHost(bench.db, 'h_a')
    await bench.pass()
    const generation = await saveHost(bench.db, 'h_b')
    bench.edge.faults = Array.from({ length: 4 }, () => ({ kind: 'reset' as const, taken: true }))
    await bench.pass()
    await bench.db.deleteFrom('revision').execute()
    await bench.db.updateTable('change').set({ revision: null }).execute()
    await bench.db.updateTable('meta').set({ value: '1' }).where('key', '=', 'applied_generation').execute()
    await bench.db.deleteFrom('applied').where('id', '=', 'h_b').execute()
    bench.restartPanel()
    await bench.pass()
    expect((await revisions())[0]).toMatchObject({
      words: ['Published h-b.example.com'],
      outcome: 'live',
      generation,
    })
  })

  test('an edge that has lost everything gets everything', async () => {
    await saveHost(bench.db, 'h_a')
    await bench.pass()
    Object.assign(bench.edge, { base: null, hosts: {}, pools: {}, generation: 0 })
    bench.edge.restart()
    await bench.pass()
    expect(Object.keys(bench.edge.hosts)).toEqual(['h_a'])
    expect((await revisions())[0]).toMatchObject({
      kind: 'load',
      words: ['Gave the edge its configuration; it had none.'],
    })
  })
})

test('FT-10 changes made while there is no edge are kept and told in their order when it is back', async () => {
  await bench.close()
  bench = await applyBench({ up: false })
  const watcher = bench.room.workers[1]
  const signal = new AbortController().signal
  await saveHost(bench.db, 'h_a')
  expect(await bench.pass()).toMatchObject({ waiting: 'The edge does not run: its socket is not there.' })
  await saveHost(bench.db, 'h_b')
  await saveHost(bench.db, 'h_a', { domains: ['last.example.com'] })
  await bench.pass()
  await watcher.run(signal)
  bench.clock.advance(3_600_000)
  await watcher.run(signal)
  await watcher.run(signal)
  expect(await revisions()).toEqual([])
  expect(bench.room.apply.hostEdge('h_a').edge).toBe('unknown')
  expect((await bench.room.apply.status()).edge).toMatchObject({ state: 'unreachable' })

  await bench.edge.listen()
  await watcher.run(signal)
  await bench.pass()
  expect((await revisions())[0]?.words).toEqual([
    'Published h-a.example.com',
    'Published h-b.example.com',
    'Published last.example.com',
  ])
  expect(bench.edge.hosts.h_a?.names).toEqual(['last.example.com'])
  expect((await events()).map((e) => e.type)).toEqual(['edge.unreachable', 'edge.back'])
  expect((await bench.room.apply.status()).edge).toMatchObject({ state: 'ok', problem: null })
})

test('whoever waits for an edge that is not there is told so before their time is over', async () => {
  await bench.close()
  bench = await applyBench({ up: false })
  const generation = await saveHost(bench.db, 'h_a', { host: { enabled: 0 } })
  const answer = bench.room.apply.live(generation, 60_000, true)
  await bench.pass()
  expect(await answer).toBe(false)
})

test('an outage is in the log once, and its end; a fault of the database is not an outage', async () => {
  await bench.close()
  bench = await applyBench({ up: false })
  const watcher = bench.room.workers[1]
  const signal = new AbortController().signal
  for (let i = 0; i < 4; i++) {
    await watcher.run(signal)
    bench.clock.advance(5_000)
  }
  expect(bench.logged).toMatchObject([{ level: 'warn', reason: expect.stringContaining('does not run') }])
  await bench.edge.listen()
  await bench.db.schema.dropTable('outbox').execute()
  await expect(watcher.run(signal)).rejects.toThrow('outbox')
  expect((await bench.room.apply.status()).edge.state).not.toBe('unreachable')
  expect(bench.logged.map((l) => l.level)).toEqual(['warn', 'info'])
})

test('an edge that is back wakes the applier', async () => {
  await bench.close()
  bench = await applyBench({ up: false })
  const [applier, watcher] = bench.room.workers
  const signal = new AbortController().signal
  let woken = 0
  applier.wake?.addEventListener('wake', () => woken++)
  await watcher.run(signal)
  await bench.edge.listen()
  await watcher.run(signal)
  expect(woken).toBe(1)
})

test('live tells those who wait when the pass is over', async () => {
  await bench.pass()
  const generation = await saveHost(bench.db, 'h_a')
  const waiting = bench.room.apply.live(generation, 60_000)
  await bench.pass()
  expect(await waiting).toBe(true)
})
