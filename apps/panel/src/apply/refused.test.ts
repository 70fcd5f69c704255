import type { Revision } from '@argos/contract'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { revisionStore } from '../changes/revisions.store.ts'
import { applyBench, type Bench, saveHost, saveSettings } from './testing.ts'

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

describe('what the edge will not take', () => {
  const refuseNames = (name: string) => {
    bench.edge.refuses = (_, value) =>
      'names' in value && value.names.includes(name) ? { message: 'no such name', field: 'names[1]' } : null
  }

  test('F1 a refused host keeps serving what it had, the others go live, and the reason stands on it', async () => {
    await saveHost(bench.db, 'h_a')
    await bench.pass()
    refuseNames('poison.example.com')
    const poisoned = await saveHost(bench.db, 'h_a', { domains: ['h-a.example.com', 'poison.example.com'] })
    const fine = await saveHost(bench.db, 'h_b')
    await bench.pass()
    expect(bench.edge.hosts.h_a?.names).toEqual(['h-a.example.com'])
    expect(bench.edge.hosts.h_b?.names).toEqual(['h-b.example.com'])
    expect(bench.room.apply.hostEdge('h_a')).toMatchObject({
      edge: 'refused',
      trouble: { message: 'no such name', field: 'domains[1]' },
    })
    expect(bench.room.apply.hostEdge('h_b').edge).toBe('live')
    expect(await bench.room.apply.live(poisoned, 0)).toBe(false)
    expect(await bench.room.apply.live(fine, 0)).toBe(true)
    expect((await revisions())[0]).toMatchObject({
      outcome: 'refused',
      error: 'h-a.example.com: no such name',
    })
    expect(await events()).toMatchObject([{ type: 'apply.refused', hostId: 'h_a', reason: 'no such name' }])
  })

  test('it is not tried again until it changes or the edge is another process', async () => {
    refuseNames('h-a.example.com')
    await saveHost(bench.db, 'h_a')
    await bench.pass()
    const calls = bench.edge.calls.length
    const count = (await revisions()).length
    await bench.pass()
    expect(bench.edge.calls.length).toBe(calls)
    expect((await revisions()).length).toBe(count)
    expect(bench.logged).toMatchObject([
      { level: 'error', host: 'h_a', field: 'domains[1]', reason: 'no such name' },
    ])

    bench.edge.refuses = () => null
    bench.edge.restart()
    await bench.pass()
    expect(bench.edge.hosts.h_a?.names).toEqual(['h-a.example.com'])
    expect(bench.room.apply.hostEdge('h_a')).toEqual({ edge: 'live', trouble: null })
  })

  test('a later edit of the same host goes live', async () => {
    refuseNames('h-a.example.com')
    await saveHost(bench.db, 'h_a')
    await bench.pass()
    const generation = await saveHost(bench.db, 'h_a', { domains: ['better.example.com'] })
    await bench.pass()
    expect(bench.edge.hosts.h_a?.names).toEqual(['better.example.com'])
    expect(await bench.room.apply.live(generation, 0)).toBe(true)
    expect(await bench.db.selectFrom('trouble').selectAll().execute()).toEqual([])
  })

  test('something that waited for another change of the same pass gets a second try', async () => {
    let first = true
    bench.edge.refuses = (key) => {
      if (key !== 'host:h_a' || !first) return null
      first = false
      return { message: 'the name is taken', field: 'names[0]' }
    }
    await saveHost(bench.db, 'h_a')
    await bench.pass()
    expect(bench.room.apply.hostEdge('h_a')).toEqual({ edge: 'live', trouble: null })
    expect((await revisions())[0]?.outcome).toBe('live')
  })

  test('a refused host is taken away when even its last good form is refused under the policy of today', async () => {
    await saveHost(bench.db, 'h_a')
    await bench.pass()
    bench.edge.refuses = (key) => (key === 'host:h_a' ? { message: 'not any more', field: null } : null)
    await saveHost(bench.db, 'h_a', {
      domains: ['h-a.example.com', 'more.example.com'],
      host: { tls: 'internal' },
    })
    await bench.pass()
    expect(bench.edge.hosts).toEqual({})
    expect(bench.room.apply.hostEdge('h_a').edge).toBe('refused')
  })

  test('a refused pool is the trouble of its host too', async () => {
    bench.edge.refuses = (key) =>
      key === 'pool:p_h_a' ? { message: 'a link-local address', field: 'targets[0].dial' } : null
    await saveHost(bench.db, 'h_a')
    await bench.pass()
    expect(bench.edge.hosts).toEqual({})
    expect(bench.room.apply.hostEdge('h_a').trouble).toMatchObject({
      message: 'Its pool is not live: a link-local address',
    })
    bench.edge.refuses = () => null
    await saveHost(bench.db, 'h_a', {
      pool: { targets: JSON.stringify([{ address: '10.0.0.6', port: 80, weight: 1, enabled: true }]) },
    })
    await bench.pass()
    expect(bench.room.apply.hostEdge('h_a')).toEqual({ edge: 'live', trouble: null })
  })

  test('a refused base changes nothing that is served, and hosts can still be edited', async () => {
    await saveHost(bench.db, 'h_a')
    await bench.pass()
    const { base } = bench.edge
    bench.edge.faults = [{ kind: 'bad-base', message: 'listen tcp :443: address already in use' }]
    const settings = await saveSettings(bench.db, { acmeEmail: 'me@example.com' })
    await bench.pass()
    expect(bench.edge.base).toBe(base)
    expect((await revisions())[0]).toMatchObject({
      kind: 'load',
      outcome: 'refused',
      error: 'listen tcp :443: address already in use',
    })
    expect(await bench.room.apply.live(settings, 0)).toBe(false)
    expect((await bench.room.apply.status()).inSync).toBe(false)
    const paused = await saveHost(bench.db, 'h_a', { host: { enabled: 0 } })
    await bench.pass()
    expect(await bench.room.apply.live(paused, 0)).toBe(true)
    expect(bench.logged).toEqual([
      {
        level: 'error',
        words: 'the edge refused its listeners, certificates or logs',
        generation: settings,
        reason: 'listen tcp :443: address already in use',
      },
    ])

    await saveHost(bench.db, 'h_b')
    await bench.pass()
    expect(bench.edge.hosts.h_b?.names).toEqual(['h-b.example.com'])
    expect(bench.edge.calls.at(-1)).toBe('swap')

    bench.clock.advance(60_000)
    await bench.pass()
    expect(bench.edge.calls.at(-1)).toBe('load')
    expect(await bench.room.apply.status()).toMatchObject({ inSync: true, lastError: null })
  })
})
