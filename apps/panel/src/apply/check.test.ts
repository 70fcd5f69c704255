import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { readDesired } from './desired.ts'
import { applyBench, type Bench, saveHost } from './testing.ts'

let bench: Bench
beforeEach(async () => {
  bench = await applyBench()
})
afterEach(() => bench.close())

describe('check', () => {
  const wouldBe = async () => {
    await saveHost(bench.db, 'h_a')
    return readDesired(bench.db)
  }
  const touched = { hosts: ['h_a'], pools: [] }

  test('accepts what the edge would take and says whether it takes a load', async () => {
    const state = await wouldBe()
    expect(await bench.room.apply.check(state, touched)).toMatchObject({
      accepted: true,
      refused: [],
      needsLoad: true,
      base: { apps: {} },
    })
    await bench.pass()
    expect((await bench.room.apply.check(state, touched)).needsLoad).toBe(false)
    const internal = { ...state, hosts: state.hosts.map((h) => ({ ...h, tls: 'internal' as const })) }
    expect((await bench.room.apply.check(internal, touched)).needsLoad).toBe(true)
    expect(bench.edge.calls).toEqual(['load'])
  })
  test("gives the edge's reason and the field in the host", async () => {
    bench.edge.refuses = (key) =>
      key === 'pool:p_h_a' ? { message: 'link-local', field: 'targets[0].dial' } : null
    expect(await bench.room.apply.check(await wouldBe(), touched)).toMatchObject({
      accepted: false,
      refused: [{ kind: 'pool', id: 'p_h_a', message: 'link-local', field: 'targets[0].address' }],
    })
  })
  test('CF-09 refuses what cannot be compiled, and only the touched', async () => {
    const state = await wouldBe()
    const broken = { ...state, pools: [] }
    expect(await bench.room.apply.check(broken, touched)).toMatchObject({
      accepted: false,
      refused: [{ id: 'h_a', field: 'poolId' }],
    })
    expect(await bench.room.apply.check(broken, { hosts: [], pools: [] })).toMatchObject({
      accepted: true,
      refused: [],
    })
  })
  test('without an edge it does not know', async () => {
    const state = await wouldBe()
    await bench.close()
    bench = await applyBench({ up: false })
    expect((await bench.room.apply.check(state, touched)).accepted).toBeNull()
  })
})
