import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Revision } from '@argos/contract'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { revisionStore } from '../changes/revisions.store.ts'
import { applyBench, type Bench, deleteHost, saveHost, saveSettings } from './testing.ts'

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

describe('a pass', () => {
  test('brings what is saved to the edge and says who it was, in the words of the change', async () => {
    await bench.pass()
    const generation = await saveHost(bench.db, 'h_a')
    await bench.pass()
    expect(bench.edge.hosts.h_a?.names).toEqual(['h-a.example.com'])
    expect(bench.edge.generation).toBe(generation)
    expect((await revisions())[0]).toMatchObject({
      actor: { kind: 'user', name: 'ada' },
      words: ['Published h-a.example.com'],
      kind: 'swap',
      outcome: 'live',
      generation,
      hosts: [{ id: 'h_a', name: 'h-a.example.com', probe: 'Answers 200.' }],
    })
    expect(await bench.room.apply.status()).toMatchObject({
      saved: 1,
      applied: 1,
      inSync: true,
      lastError: null,
    })
    expect(bench.room.apply.hostEdge('h_a').edge).toBe('live')
  })

  test('loads once, and then swaps', async () => {
    await saveHost(bench.db, 'h_a')
    await bench.pass()
    await saveHost(bench.db, 'h_b')
    await saveHost(bench.db, 'h_a', { domains: ['other.example.com'] })
    await bench.pass()
    await deleteHost(bench.db, 'h_b')
    await bench.pass()
    expect(bench.edge.calls).toEqual(['load', 'swap', 'swap'])
    expect(Object.keys(bench.edge.hosts)).toEqual(['h_a'])
    expect(Object.keys(bench.edge.pools)).toEqual(['p_h_a'])
    expect((await revisions())[0]?.hosts).toEqual([{ id: 'h_b', name: 'h-b.example.com', probe: null }])
  })

  test('with nothing to do asks once and writes nothing', async () => {
    await saveHost(bench.db, 'h_a')
    await bench.pass()
    const before = await revisions()
    bench.edge.calls.length = 0
    await bench.pass()
    expect(bench.edge.calls).toEqual([])
    expect(await revisions()).toEqual(before)
  })

  test('many changes make one revision with all their words, in order', async () => {
    await bench.pass()
    for (const id of ['h_a', 'h_b', 'h_c']) await saveHost(bench.db, id)
    await bench.pass()
    const [newest] = await revisions()
    expect(newest?.words).toEqual(['h-a', 'h-b', 'h-c'].map((n) => `Published ${n}.example.com`))
    expect(bench.edge.calls).toEqual(['load', 'swap'])
  })

  test('a change that does not concern the edge moves its generation and makes no revision', async () => {
    await saveHost(bench.db, 'h_a')
    await bench.pass()
    const before = (await revisions()).length
    const generation = await saveHost(bench.db, 'h_a', { host: { note: 'for guests' } })
    await bench.pass()
    expect(bench.edge.generation).toBe(generation)
    expect((await revisions()).length).toBe(before)
    expect(await bench.room.apply.live(generation, 0)).toBe(true)
  })

  test('CF-13 a flood of changes is gathered, and those who wait are not kept', async () => {
    await bench.pass()
    for (let i = 0; i < 2; i++) {
      await saveHost(bench.db, `h_${i}`)
      await bench.pass()
    }
    const quiet = bench.slept()
    expect(quiet).toBe(0)
    const generation = await saveHost(bench.db, 'h_x')
    bench.room.apply.wake()
    expect(await bench.room.apply.live(generation, 60_000)).toBe(false)
    await bench.pass()
    expect(bench.slept()).toBeGreaterThan(0)
  })

  test('a pause within a flood is waited for, and its answer is that it is live', async () => {
    for (let i = 0; i < 3; i++) {
      await saveHost(bench.db, `h_${i}`)
      await bench.pass()
    }
    const other = await saveHost(bench.db, 'h_x')
    bench.room.apply.wake()
    expect(await bench.room.apply.live(other, 60_000)).toBe(false)
    const generation = await saveHost(bench.db, 'h_0', { host: { enabled: 0 } })
    bench.room.apply.wake(true)
    const answer = bench.room.apply.live(generation, 60_000, true)
    await bench.pass()
    expect(await answer).toBe(true)
    expect(bench.edge.hosts.h_0?.off).toBe(true)
  })

  test('a host that was just changed is not called live before the pass that brings it', async () => {
    await saveHost(bench.db, 'h_a')
    await bench.pass()
    const generation = await saveHost(bench.db, 'h_a', { domains: ['other.example.com'] })
    expect(await bench.room.apply.live(generation, 0)).toBe(false)
    expect(bench.room.apply.hostEdge('h_a').edge).toBe('applying')
    await bench.pass()
    expect(bench.room.apply.hostEdge('h_a').edge).toBe('live')
  })

  test('a probe that fails is told, in the revision and as an event', async () => {
    bench.probes['h-a.example.com'] = { ok: false, words: 'Answers 502: the service behind it does not.' }
    await saveHost(bench.db, 'h_a', { host: { tls: 'none' } })
    await bench.pass()
    expect((await revisions())[0]?.outcome).toBe('live')
    expect((await revisions())[0]?.hosts[0]?.probe).toContain('502')
    expect(await events()).toMatchObject([
      { type: 'apply.probe_failed', hostId: 'h_a', name: 'h-a.example.com' },
    ])
  })
})

test('the CA of the ACME directory is a file of its own, 0640, named by its content', async () => {
  await saveSettings(bench.db, { acmeRootPem: '-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----' })
  await bench.pass()
  const files = readdirSync(bench.dataDir).filter((f) => f.startsWith('acme-root-'))
  expect(files).toHaveLength(1)
  const path = join(bench.dataDir, files[0] ?? '')
  expect(statSync(path).mode & 0o777).toBe(0o640)
  expect(readFileSync(path, 'utf8')).toContain('BEGIN CERTIFICATE')
  expect(JSON.stringify(bench.edge.base)).toContain(path)
  await saveSettings(bench.db, { acmeRootPem: 'another' })
  await bench.pass()
  expect(bench.edge.calls).toEqual(['load', 'load'])
  expect(existsSync(path)).toBe(true)
})
