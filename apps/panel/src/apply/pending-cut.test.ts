import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { twoHosts, waitingBench } from '../../test/support/waiting-bench.ts'
import { type Bench, saveHost } from './testing.ts'

let bench: Bench
let it: ReturnType<typeof waitingBench>
beforeEach(async () => {
  bench = await twoHosts()
  it = waitingBench(bench)
})
afterEach(() => bench.close())

describe('CF-12 cut off at any point', () => {
  const faults = [
    ['reset', true],
    ['500', true],
    ['hang', true],
    ['reset', false],
    ['500', false],
    ['hang', false],
  ] as const
  test.each(faults)(
    'an answer that is lost (%s, taken: %s) when it is given: asked again, it is there once',
    async (kind, taken) => {
      await it.deleted()
      bench.edge.faults = [{ kind, taken }]
      await bench.lead()
      bench.restartPanel()
      await bench.lead()
      expect(await it.row()).toMatchObject({ state: 'waiting' })
      expect(bench.edge.calls.filter((c) => c === 'swap')).toHaveLength(taken ? 1 : 2)
      expect((await it.newest())?.outcome).toBe('pending')
      await it.keep()
      await bench.lead()
      await it.isKept()
    },
  )

  test.each(faults)(
    'an answer that is lost (%s, taken: %s) when it is kept: it is kept',
    async (kind, taken) => {
      await it.deleted()
      await bench.lead()
      await it.keep()
      bench.edge.wordFaults = [{ kind, taken }]
      await bench.lead()
      expect(await it.row()).toMatchObject({ state: 'keeping' })
      bench.restartPanel()
      await bench.lead()
      await it.isKept()
    },
  )

  test.each(faults)(
    'an answer that is lost (%s, taken: %s) when it is put back: it is back',
    async (kind, taken) => {
      await it.deleted()
      await bench.lead()
      await it.putBack()
      bench.edge.wordFaults = [{ kind, taken }]
      await bench.lead()
      await it.isBack(/ada/)
    },
  )

  test('a keep that comes too late is no keep', async () => {
    await it.deleted()
    await bench.lead()
    await it.keep()
    bench.edge.expire()
    await bench.lead()
    await it.isBack(/^Nobody kept it within 60 s\.$/)
  })

  test.each(['applying', 'testing', 'waiting', 'keeping', 'returning'] as const)(
    'a panel that is killed while it is %s goes on from there',
    async (state) => {
      await it.deleted()
      if (state !== 'applying') await bench.lead()
      const id = (await it.row())?.id ?? ''
      if (state === 'testing') await it.store.advance(id, ['waiting'], { state })
      if (state === 'keeping') await it.keep()
      if (state === 'returning') await it.putBack()
      bench.restartPanel()
      await bench.pass()
      await bench.lead()
      if (state === 'returning') return it.isBack(/ada/)
      if (state === 'keeping') return it.isKept()
      expect(await it.row()).toMatchObject({ id, state: 'waiting' })
      expect(bench.room.apply.hostEdge('h_b').edge).toBe('live')
      expect(bench.edge.calls.filter((c) => c === 'swap')).toHaveLength(1)
      await it.keep()
      await bench.lead()
      await it.isKept()
    },
  )

  test.each(['testing', 'waiting', 'keeping'] as const)(
    'a panel that is killed while it is %s finds that the edge went back meanwhile',
    async (state) => {
      await it.deleted()
      await bench.lead()
      const id = (await it.row())?.id ?? ''
      if (state === 'testing') await it.store.advance(id, ['waiting'], { state })
      if (state === 'keeping') await it.keep()
      bench.edge.restart()
      bench.restartPanel()
      await bench.lead()
      await it.isBack(/^The edge restarted before it was kept\.$/)
    },
  )

  test('a panel that is killed between the edge’s word and its own keeps what the edge kept', async () => {
    await it.deleted()
    await bench.lead()
    const id = await it.keep()
    bench.edge.confirmed = id
    bench.edge.pending = null
    bench.restartPanel()
    await bench.lead()
    await it.isKept()
  })

  test('an edge that is away when the time is over has gone back, whenever it comes again', async () => {
    await it.deleted()
    await bench.lead()
    await bench.edge.close()
    bench.clock.advance(59_000)
    await bench.lead()
    expect(await it.row()).toMatchObject({ state: 'waiting' })
    bench.clock.advance(2_000)
    await bench.lead()
    expect(await it.row()).toBe(null)
    expect((await it.store.last())?.reason).toMatch(/^Nobody kept it, and the edge went away: /)
    expect(await bench.db.selectFrom('host').select('id').orderBy('id').execute()).toHaveLength(2)
  })

  test('one that was put back while the edge could not be told does not stand in the way of the next', async () => {
    await it.deleted()
    await bench.lead()
    await it.putBack()
    bench.edge.wordFaults = [{ kind: 'reset', taken: false }]
    await bench.lead()
    expect(await it.row()).toBe(null)
    expect(bench.edge.pending).not.toBe(null)
    await it.deleted()
    await bench.pass()
    await bench.lead()
    expect(await it.row()).toMatchObject({ state: 'waiting' })
    await it.keep()
    await bench.lead()
    await it.isKept()
  })

  test('an edge that cannot go back yet says why', async () => {
    await it.deleted()
    await bench.lead()
    const lastError = async () => (await bench.room.apply.status()).lastError
    if (bench.edge.pending) bench.edge.pending.problem = 'h_a: no such module'
    await bench.lead()
    expect(await lastError()).toBe('Its time is over, but the edge cannot go back yet: h_a: no such module')
    bench.edge.expire()
    await bench.lead()
    await it.isBack(/^Nobody kept it within 60 s\.$/)
  })

  test('one that the edge does not see goes back for whoever asks at the last moment', async () => {
    const note = () => bench.db.selectFrom('host').select('note').where('id', '=', 'h_a').executeTakeFirst()
    await saveHost(bench.db, 'h_a', { host: { note: 'Ours.' }, withinS: 60 })
    const { listed, etag } = bench.edge
    let asked: Promise<void> | null = null
    bench.edge.etag = () => {
      if (bench.edge.listed > listed) asked ??= it.putBack()
      return etag()
    }
    await bench.lead()
    await asked
    await it.isBack(/^ada put it back\.$/)
    expect(await note()).toEqual({ note: '' })
  })

  test('an edge that is away while it is kept is waited for: what it decides stands', async () => {
    await it.deleted()
    await bench.lead()
    await it.keep()
    await bench.edge.close()
    bench.clock.advance(3_600_000)
    await bench.lead()
    expect(await it.row()).toMatchObject({ state: 'keeping' })
  })
})
