import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { twoHosts, waitingBench } from '../../test/support/waiting-bench.ts'
import { pendingStore } from '../changes/pending.store.ts'
import { applyBench, type Bench, deleteHost, saveHost } from './testing.ts'
import { NotSeen } from './visit.ts'

let bench: Bench
let it: ReturnType<typeof waitingBench>
beforeEach(async () => {
  bench = await twoHosts()
  it = waitingBench(bench)
})
afterEach(() => bench.close())

describe('a change that waits to be kept', () => {
  test('is live for now: nothing of it is applied, and its promises are tested', async () => {
    const before = (await it.newest())?.number
    const generation = await it.deleted()
    await bench.pass()
    expect(bench.edge.calls).toEqual([])
    await bench.lead()
    expect(bench.edge.pending).toMatchObject({ generation, within_s: 60 })
    expect(Object.keys(bench.edge.hosts)).toEqual(['h_b'])
    expect(await it.applied()).toEqual(['h_a', 'h_b'])
    const revision = await it.newest()
    expect(revision).toMatchObject({ outcome: 'pending', words: ['Deleted h_a'], generation })
    expect(await it.row()).toMatchObject({
      ...{ state: 'waiting', revision: revision?.number, previous: before },
      promises: [
        { words: 'h-a.example.com is not served any more', state: 'kept' },
        { words: 'h-b.example.com answers as before', state: 'kept', detail: '200 in 1 ms' },
      ],
    })
    expect((await it.newest())?.hosts).toEqual([
      { id: 'h_a', name: 'h-a.example.com', probe: 'Its name is not known.' },
    ])
    const status = await bench.room.apply.status()
    expect(status).toMatchObject({ saved: generation, applied: generation - 1, inSync: false })
  })

  test('is kept with the revision it had, by whoever kept it', async () => {
    await it.deleted()
    await bench.lead()
    const number = (await it.newest())?.number
    await it.keep()
    await bench.lead()
    await it.isKept()
    expect(await it.newest()).toMatchObject({ number, outcome: 'live', error: null })
    expect(await it.trail()).toEqual(['change.keep by ada'])
  })

  test('F32 is put back with exactly what it changed, and a revision that says why', async () => {
    await it.deleted()
    await bench.lead()
    await it.putBack()
    const others = await bench.db.selectFrom('host').selectAll().where('id', '=', 'h_b').execute()
    await bench.lead()
    await it.isBack(/^ada put it back\.$/)
    expect(await it.newest()).toMatchObject({ outcome: 'returned', error: 'ada put it back.' })
    expect(await it.trail()).toEqual(['change.return by ada'])
    expect(await bench.db.selectFrom('host').selectAll().where('id', '=', 'h_b').execute()).toEqual(others)
    const changes = await bench.db.selectFrom('change').select(['words', 'revision']).execute()
    expect(changes.at(-1)?.words).toContain('Put back “Deleted h_a”: ada put it back.')
    expect(changes.at(-1)?.revision).toBe((await it.newest())?.number)
  })

  test.each([
    ['timeout', /^Nobody kept it within 60 s\.$/],
    ['asked', /^It was put back at the edge\.$/],
    ['restart', /^The edge restarted before it was kept\.$/],
  ] as const)('goes back by itself (%s), and the reason is told', async (how, reason) => {
    await it.deleted()
    await bench.lead()
    if (how === 'restart') bench.edge.restart()
    else bench.edge.expire(how)
    await bench.lead()
    await it.isBack(reason)
  })

  test('a broken promise takes it back at once', async () => {
    await deleteHost(bench.db, 'h_a', 60)
    await bench.lead()
    await it.isBack(/^A promise does not hold: h-a\.example\.com is not served any more\. It answers 200\.$/)
  })

  test('a host nobody touched that does not answer any more takes it back, one that did not before does not', async () => {
    bench.sights['h-b.example.com'] = new NotSeen('the TLS handshake was refused', 'tls')
    await it.deleted()
    await bench.lead()
    expect((await it.row())?.promises[1]).toMatchObject({ state: 'unknown' })
    await it.putBack()
    await bench.lead()
    await it.isBack(/ada/)
  })

  test('a service that is down is no broken promise', async () => {
    bench.sights['h-a.example.com'] = { status: 502, passedOn: false, ms: 3 }
    await saveHost(bench.db, 'h_a', { domains: ['h-a.example.com', 'new.example.com'], withinS: 60 })
    bench.sights['new.example.com'] = { status: 404, passedOn: true, ms: 3 }
    await bench.lead()
    expect(await it.row()).toMatchObject({
      state: 'waiting',
      promises: [
        { words: 'h-a.example.com answers', state: 'unknown' },
        { words: 'new.example.com answers', state: 'kept', detail: '404 in 3 ms' },
        { words: 'h-b.example.com answers as before', state: 'kept' },
      ],
    })
  })

  test('one that the edge refuses is saved back, and the edge never had any of it', async () => {
    bench.edge.refuses = (key) =>
      key === 'host:h_a' ? { message: 'no such thing', field: 'names[0]' } : null
    await saveHost(bench.db, 'h_a', { domains: ['other.example.com'], withinS: 60 })
    await bench.lead()
    bench.edge.refuses = () => null
    const error = 'other.example.com: no such thing'
    expect(await it.newest()).toMatchObject({ outcome: 'refused', error })
    await it.isBack(/^other\.example\.com: no such thing$/)
  })

  test('an edge that is too old is never given it', async () => {
    bench.edge.api = undefined
    await it.deleted()
    await bench.lead()
    expect(bench.edge.calls.filter((c) => c === 'swap' || c === 'load')).toEqual([])
    await it.isBack(/too old/)
  })

  test('what does not reach the edge within a minute goes back, and is never applied later', async () => {
    const gone = await applyBench({ up: false })
    try {
      await saveHost(gone.db, 'h_a')
      await deleteHost(gone.db, 'h_a', 60)
      await gone.lead()
      expect(await pendingStore(gone.db).get()).toMatchObject({ state: 'applying' })
      gone.clock.advance(60_000)
      await gone.lead()
      expect(await pendingStore(gone.db).get()).toBe(null)
      await gone.edge.listen()
      await gone.pass()
      expect(Object.keys(gone.edge.hosts)).toEqual(['h_a'])
    } finally {
      await gone.close()
    }
  })

  test('what was saved before it goes first and for good; what is saved after it waits, and goes then', async () => {
    const first = await saveHost(bench.db, 'h_c')
    await it.deleted()
    const after = await saveHost(bench.db, 'h_d')
    await bench.lead()
    expect(Object.keys(bench.edge.hosts).sort()).toEqual(['h_b', 'h_c'])
    expect(await it.applied()).toEqual(['h_a', 'h_b', 'h_c'])
    expect(await bench.room.apply.live(first, 0)).toBe(true)
    expect(await bench.room.apply.live(after, 60_000)).toBe(false)
    expect(bench.room.apply.hostEdge('h_d').edge).toBe('applying')
    expect(await it.store.savedAfter(after - 1)).toBe(1)
    await bench.pass()
    expect(Object.keys(bench.edge.hosts).sort()).toEqual(['h_b', 'h_c'])
    await it.keep()
    await bench.lead()
    await bench.pass()
    expect(Object.keys(bench.edge.hosts).sort()).toEqual(['h_b', 'h_c', 'h_d'])
    expect(await it.newest()).toMatchObject({ outcome: 'live', words: ['Published h-d.example.com'] })
  })

  test('what is saved after one that goes back goes live all the same', async () => {
    await it.deleted()
    await bench.lead()
    await saveHost(bench.db, 'h_d')
    bench.edge.expire()
    await bench.lead()
    await bench.pass()
    expect(Object.keys(bench.edge.hosts).sort()).toEqual(['h_a', 'h_b', 'h_d'])
    expect(await it.newest()).toMatchObject({ words: ['Published h-d.example.com'], hosts: [{ id: 'h_d' }] })
  })
})

test('what stands in the way of a return is told, once, until it is out of the way', async () => {
  await it.deleted()
  await bench.lead()
  await saveHost(bench.db, 'h_c', { domains: ['h-a.example.com'] })
  await it.putBack()
  for (let i = 0; i < 3; i++) await bench.lead()
  expect(await it.row()).toMatchObject({ state: 'returning' })
  expect((await bench.room.apply.status()).lastError).toMatch(
    /^What was changed cannot be put back: h-a\.example/,
  )
  expect(bench.logged.filter((l) => l.level === 'warn')).toHaveLength(1)
  await bench.pass()
  expect(Object.keys(bench.edge.hosts).sort()).toEqual(['h_a', 'h_b'])
  await deleteHost(bench.db, 'h_c')
  await bench.lead()
  await it.isBack(/ada/)
})
