import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { pendingStore } from '../changes/pending.store.ts'
import { revisionStore } from '../changes/revisions.store.ts'
import { applyBench, type Bench, deleteHost, saveHost } from './testing.ts'
import { NotSeen } from './visit.ts'

let bench: Bench
beforeEach(async () => {
  bench = await applyBench()
  for (const id of ['h_a', 'h_b']) await saveHost(bench.db, id)
  await bench.pass()
  bench.edge.calls.length = 0
})
afterEach(() => bench.close())

const ada = { kind: 'user', id: 'u_1', name: 'ada', address: '127.0.0.1' } as const
const store = () => pendingStore(bench.db)
const row = () => store().get()
const newest = async () => (await revisionStore(bench.db).list({ limit: 1 }))[0]
const names = async () =>
  (await bench.db.selectFrom('host_domain').select('name').orderBy('name').execute()).map((r) => r.name)
const applied = async () =>
  (await bench.db.selectFrom('applied').select('id').where('kind', '=', 'host').orderBy('id').execute()).map(
    (r) => r.id,
  )
const events = async () =>
  (await bench.db.selectFrom('outbox').select('type').orderBy('id').execute()).map((e) => e.type)
const trail = async () =>
  (await bench.db.selectFrom('audit').select(['action', 'actor_name']).orderBy('id').execute()).map(
    (a) => `${a.action} by ${a.actor_name}`,
  )
const keep = async () => {
  const id = (await row())?.id ?? ''
  await store().advance(id, ['waiting'], { state: 'keeping', askedBy: ada })
  return id
}
const putBack = async () => {
  const change = { state: 'returning', reason: 'ada put it back.', askedBy: ada } as const
  await store().advance((await row())?.id ?? '', ['applying', 'testing', 'waiting'], change)
}
const deleted = async () => {
  const generation = await deleteHost(bench.db, 'h_a', 60)
  bench.sights['h-a.example.com'] = new NotSeen('the TLS handshake was refused', 'tls')
  return generation
}
/** All that must hold once a change went back, whatever happened. */
const isBack = async (reason: RegExp) => {
  await bench.pass()
  expect(await row()).toBe(null)
  expect(await store().last()).toMatchObject({ outcome: 'returned', reason: expect.stringMatching(reason) })
  expect(await names()).toEqual(['h-a.example.com', 'h-b.example.com'])
  expect(Object.keys(bench.edge.hosts).sort()).toEqual(['h_a', 'h_b'])
  expect(await applied()).toEqual(['h_a', 'h_b'])
  expect(await bench.room.apply.status()).toMatchObject({ inSync: true, lastError: null })
  expect((await events()).at(-1)).toBe('change.returned')
}
const isKept = async () => {
  await bench.pass()
  expect(await row()).toBe(null)
  expect(await store().last()).toMatchObject({ outcome: 'kept', reason: null })
  expect(await names()).toEqual(['h-b.example.com'])
  expect(Object.keys(bench.edge.hosts)).toEqual(['h_b'])
  expect(await applied()).toEqual(['h_b'])
  expect(await bench.room.apply.status()).toMatchObject({ inSync: true, lastError: null })
  expect((await events()).at(-1)).toBe('change.kept')
}

describe('a change that waits to be kept', () => {
  test('is live for now: nothing of it is applied, and its promises are tested', async () => {
    const before = (await newest())?.number
    const generation = await deleted()
    await bench.pass()
    expect(bench.edge.calls).toEqual([])
    await bench.lead()
    expect(bench.edge.pending).toMatchObject({ generation, within_s: 60 })
    expect(Object.keys(bench.edge.hosts)).toEqual(['h_b'])
    expect(await applied()).toEqual(['h_a', 'h_b'])
    const revision = await newest()
    expect(revision).toMatchObject({ outcome: 'pending', words: ['Deleted h_a'], generation })
    expect(await row()).toMatchObject({
      ...{ state: 'waiting', revision: revision?.number, previous: before },
      promises: [
        { words: 'h-a.example.com is not served any more', state: 'kept' },
        { words: 'h-b.example.com answers as before', state: 'kept', detail: '200 in 1 ms' },
      ],
    })
    expect((await newest())?.hosts).toEqual([
      { id: 'h_a', name: 'h-a.example.com', probe: 'Its name is not known.' },
    ])
    const status = await bench.room.apply.status()
    expect(status).toMatchObject({ saved: generation, applied: generation - 1, inSync: false })
  })

  test('is kept with the revision it had, by whoever kept it', async () => {
    await deleted()
    await bench.lead()
    const number = (await newest())?.number
    await keep()
    await bench.lead()
    await isKept()
    expect(await newest()).toMatchObject({ number, outcome: 'live', error: null })
    expect(await trail()).toEqual(['change.keep by ada'])
  })

  test('F32 is put back with exactly what it changed, and a revision that says why', async () => {
    await deleted()
    await bench.lead()
    await putBack()
    const others = await bench.db.selectFrom('host').selectAll().where('id', '=', 'h_b').execute()
    await bench.lead()
    await isBack(/^ada put it back\.$/)
    expect(await newest()).toMatchObject({ outcome: 'returned', error: 'ada put it back.' })
    expect(await trail()).toEqual(['change.return by ada'])
    expect(await bench.db.selectFrom('host').selectAll().where('id', '=', 'h_b').execute()).toEqual(others)
    const changes = await bench.db.selectFrom('change').select(['words', 'revision']).execute()
    expect(changes.at(-1)?.words).toContain('Put back “Deleted h_a”: ada put it back.')
    expect(changes.at(-1)?.revision).toBe((await newest())?.number)
  })

  test.each([
    ['timeout', /^Nobody kept it within 60 s\.$/],
    ['asked', /^It was put back at the edge\.$/],
    ['restart', /^The edge restarted before it was kept\.$/],
  ] as const)('goes back by itself (%s), and the reason is told', async (how, reason) => {
    await deleted()
    await bench.lead()
    if (how === 'restart') bench.edge.restart()
    else bench.edge.expire(how)
    await bench.lead()
    await isBack(reason)
  })

  test('a broken promise takes it back at once', async () => {
    await deleteHost(bench.db, 'h_a', 60)
    await bench.lead()
    await isBack(/^A promise does not hold: h-a\.example\.com is not served any more\. It answers 200\.$/)
  })

  test('a host nobody touched that does not answer any more takes it back, one that did not before does not', async () => {
    bench.sights['h-b.example.com'] = new NotSeen('the TLS handshake was refused', 'tls')
    await deleted()
    await bench.lead()
    expect((await row())?.promises[1]).toMatchObject({ state: 'unknown' })
    await putBack()
    await bench.lead()
    await isBack(/ada/)
  })

  test('a service that is down is no broken promise', async () => {
    bench.sights['h-a.example.com'] = { status: 502, passedOn: false, ms: 3 }
    await saveHost(bench.db, 'h_a', { domains: ['h-a.example.com', 'new.example.com'], withinS: 60 })
    bench.sights['new.example.com'] = { status: 404, passedOn: true, ms: 3 }
    await bench.lead()
    expect(await row()).toMatchObject({
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
    expect(await newest()).toMatchObject({ outcome: 'refused', error })
    await isBack(/^other\.example\.com: no such thing$/)
  })

  test('an edge that is too old is never given it', async () => {
    bench.edge.api = undefined
    await deleted()
    await bench.lead()
    expect(bench.edge.calls.filter((c) => c === 'swap' || c === 'load')).toEqual([])
    await isBack(/too old/)
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
    await deleted()
    const after = await saveHost(bench.db, 'h_d')
    await bench.lead()
    expect(Object.keys(bench.edge.hosts).sort()).toEqual(['h_b', 'h_c'])
    expect(await applied()).toEqual(['h_a', 'h_b', 'h_c'])
    expect(await bench.room.apply.live(first, 0)).toBe(true)
    expect(await bench.room.apply.live(after, 60_000)).toBe(false)
    expect(bench.room.apply.hostEdge('h_d').edge).toBe('applying')
    expect(await store().savedAfter(after - 1)).toBe(1)
    await bench.pass()
    expect(Object.keys(bench.edge.hosts).sort()).toEqual(['h_b', 'h_c'])
    await keep()
    await bench.lead()
    await bench.pass()
    expect(Object.keys(bench.edge.hosts).sort()).toEqual(['h_b', 'h_c', 'h_d'])
    expect(await newest()).toMatchObject({ outcome: 'live', words: ['Published h-d.example.com'] })
  })

  test('what is saved after one that goes back goes live all the same', async () => {
    await deleted()
    await bench.lead()
    await saveHost(bench.db, 'h_d')
    bench.edge.expire()
    await bench.lead()
    await bench.pass()
    expect(Object.keys(bench.edge.hosts).sort()).toEqual(['h_a', 'h_b', 'h_d'])
    expect(await newest()).toMatchObject({ words: ['Published h-d.example.com'], hosts: [{ id: 'h_d' }] })
  })
})

test('what stands in the way of a return is told, once, until it is out of the way', async () => {
  await deleted()
  await bench.lead()
  await saveHost(bench.db, 'h_c', { domains: ['h-a.example.com'] })
  await putBack()
  for (let i = 0; i < 3; i++) await bench.lead()
  expect(await row()).toMatchObject({ state: 'returning' })
  expect((await bench.room.apply.status()).lastError).toMatch(
    /^What was changed cannot be put back: h-a\.example/,
  )
  expect(bench.logged.filter((l) => l.level === 'warn')).toHaveLength(1)
  await bench.pass()
  expect(Object.keys(bench.edge.hosts).sort()).toEqual(['h_a', 'h_b'])
  await deleteHost(bench.db, 'h_c')
  await bench.lead()
  await isBack(/ada/)
})

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
      await deleted()
      bench.edge.faults = [{ kind, taken }]
      await bench.lead()
      bench.restartPanel()
      await bench.lead()
      expect(await row()).toMatchObject({ state: 'waiting' })
      expect(bench.edge.calls.filter((c) => c === 'swap')).toHaveLength(taken ? 1 : 2)
      expect((await newest())?.outcome).toBe('pending')
      await keep()
      await bench.lead()
      await isKept()
    },
  )

  test.each(faults)(
    'an answer that is lost (%s, taken: %s) when it is kept: it is kept',
    async (kind, taken) => {
      await deleted()
      await bench.lead()
      await keep()
      bench.edge.wordFaults = [{ kind, taken }]
      await bench.lead()
      expect(await row()).toMatchObject({ state: 'keeping' })
      bench.restartPanel()
      await bench.lead()
      await isKept()
    },
  )

  test.each(faults)(
    'an answer that is lost (%s, taken: %s) when it is put back: it is back',
    async (kind, taken) => {
      await deleted()
      await bench.lead()
      await putBack()
      bench.edge.wordFaults = [{ kind, taken }]
      await bench.lead()
      await isBack(/ada/)
    },
  )

  test('a keep that comes too late is no keep', async () => {
    await deleted()
    await bench.lead()
    await keep()
    bench.edge.expire()
    await bench.lead()
    await isBack(/^Nobody kept it within 60 s\.$/)
  })

  test.each(['applying', 'testing', 'waiting', 'keeping', 'returning'] as const)(
    'a panel that is killed while it is %s goes on from there',
    async (state) => {
      await deleted()
      if (state !== 'applying') await bench.lead()
      const id = (await row())?.id ?? ''
      if (state === 'testing') await store().advance(id, ['waiting'], { state })
      if (state === 'keeping') await keep()
      if (state === 'returning') await putBack()
      bench.restartPanel()
      await bench.pass()
      await bench.lead()
      if (state === 'returning') return isBack(/ada/)
      if (state === 'keeping') return isKept()
      expect(await row()).toMatchObject({ id, state: 'waiting' })
      expect(bench.room.apply.hostEdge('h_b').edge).toBe('live')
      expect(bench.edge.calls.filter((c) => c === 'swap')).toHaveLength(1)
      await keep()
      await bench.lead()
      await isKept()
    },
  )

  test.each(['testing', 'waiting', 'keeping'] as const)(
    'a panel that is killed while it is %s finds that the edge went back meanwhile',
    async (state) => {
      await deleted()
      await bench.lead()
      const id = (await row())?.id ?? ''
      if (state === 'testing') await store().advance(id, ['waiting'], { state })
      if (state === 'keeping') await keep()
      bench.edge.restart()
      bench.restartPanel()
      await bench.lead()
      await isBack(/^The edge restarted before it was kept\.$/)
    },
  )

  test('a panel that is killed between the edge’s word and its own keeps what the edge kept', async () => {
    await deleted()
    await bench.lead()
    const id = await keep()
    bench.edge.confirmed = id
    bench.edge.pending = null
    bench.restartPanel()
    await bench.lead()
    await isKept()
  })
})
