import { sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import { readDesired } from '../apply/desired.ts'
import { MOST_HOSTS } from './host-writes.ts'
import { aHost, aPool, everything, noor, testHosts } from './testing.ts'

describe('many at once', () => {
  test('all or none: one that is gone stops the rest', async () => {
    const { hosts, db } = await testHosts()
    const { host } = await hosts.create(noor, aHost())
    const before = await everything(db)
    await expect(
      hosts.bulk(noor, { ids: [host.id, 'h_gone'], action: { kind: 'disable' } }),
    ).rejects.toMatchObject({ code: 'not_found', fields: [{ path: 'ids.1' }] })
    expect(await everything(db)).toBe(before)
  })

  test('a change that is none is not written', async () => {
    const { hosts, edge } = await testHosts()
    const { host } = await hosts.create(noor, aHost())
    edge.asked.length = 0
    const { saved } = await hosts.bulk(noor, { ids: [host.id], action: { kind: 'enable' } })
    expect([saved.generation, edge.asked]).toEqual([1, []])
  })

  test('CF-09 resuming asks the edge about all of them, and one refused stops the rest', async () => {
    const { hosts, edge, db } = await testHosts()
    const { host } = await hosts.create(noor, aHost())
    const a = (await hosts.clone(noor, host.id, ['a.example'])).host
    const b = (await hosts.clone(noor, host.id, ['b.example'])).host
    edge.refuse = () => [{ kind: 'host', id: b.id, field: null, message: 'No.' }]
    const before = await everything(db)
    await expect(hosts.bulk(noor, { ids: [a.id, b.id], action: { kind: 'enable' } })).rejects.toMatchObject({
      code: 'rejected_by_edge',
      fields: [{ path: 'ids.1' }],
    })
    expect(await everything(db)).toBe(before)
  })

  test('it is one change in the list, and a row for each host in the audit', async () => {
    const { hosts, db, audit } = await testHosts()
    const { host } = await hosts.create(noor, aHost())
    const copy = (await hosts.clone(noor, host.id, ['a.example'])).host
    const third = (await hosts.clone(noor, host.id, ['b.example'])).host
    await hosts.bulk(noor, { ids: [copy.id, third.id, copy.id], action: { kind: 'enable' } })
    const { words } = await db
      .selectFrom('change')
      .select('words')
      .where('generation', '=', 4)
      .executeTakeFirstOrThrow()
    expect(words).toBe('["Resumed 2 hosts"]')
    expect((await audit.list({ limit: 2 })).entries.map((e) => e.words)).toEqual([
      'Resumed b.example',
      'Resumed a.example',
    ])
  })

  test('it takes as many statements for many as for one, and leaves the rest of each host alone', async () => {
    const { hosts, db, audit, queries } = await testHosts()
    const { host } = await hosts.create(noor, aHost({ tags: ['old'], note: 'Mine', tls: 'internal' }))
    for (let i = 0; i < 20; i++) await hosts.clone(noor, host.id, [`a${i}.example`, `b${i}.example`])
    const before = (await hosts.list({})).hosts
    const cost = async (ids: string[]) => {
      queries.count = 0
      await hosts.bulk(noor, { ids, action: { kind: 'tag', add: [`of ${ids.length}`], remove: [] } })
      return queries.count
    }
    const ofOne = await cost([host.id])
    expect(await cost(before.map((h) => h.id))).toBe(ofOne)
    const after = (await hosts.list({})).hosts
    const untouched = ({ tags: _, version: _1, updatedAt: _2, ...rest }: (typeof before)[number]) => rest
    expect(after.map(untouched)).toEqual(before.map(untouched))
    expect(after.filter((h) => h.id !== host.id && h.version !== 2)).toEqual([])
    expect(await audit.verify()).toMatchObject({ ok: true })
    const events = await db.selectFrom('outbox').select('data').where('type', '=', 'host.changed').execute()
    expect(events).toHaveLength(20 + 1 + 21)
  })

  test('tags are added and removed, twenty at most', async () => {
    const { hosts } = await testHosts()
    const { host } = await hosts.create(noor, aHost({ tags: ['old', 'keep'] }))
    const {
      hosts: [after],
    } = await hosts.bulk(noor, {
      ids: [host.id],
      action: { kind: 'tag', add: ['new', 'keep'], remove: ['old'] },
    })
    expect(after?.tags).toEqual(['keep', 'new'])
    const add = Array.from({ length: 19 }, (_, i) => `t${i}`)
    await expect(
      hosts.bulk(noor, { ids: [host.id], action: { kind: 'tag', add, remove: [] } }),
    ).rejects.toMatchObject({ code: 'invalid', fields: [{ path: 'action.add' }] })
  })
})

describe('finding', () => {
  test('every word must stand in a name, the pool, a tag or the note', async () => {
    const { hosts } = await testHosts()
    await hosts.create(
      noor,
      aHost({ domains: ['media.home.example', 'tv.home.example'], tags: ['family'], note: 'Behind the TV' }),
    )
    await hosts.create(
      noor,
      aHost({ domains: ['git.example.net'], upstream: { pool: aPool({ name: 'forgejo' }) }, tags: ['work'] }),
    )
    const found = async (query: { q?: string; tag?: string }) =>
      (await hosts.list(query)).hosts.map((h) => h.domains[0])
    expect(await found({})).toEqual(['git.example.net', 'media.home.example'])
    expect(await found({ q: 'TV home' })).toEqual(['media.home.example'])
    expect(await found({ q: 'behind' })).toEqual(['media.home.example'])
    expect(await found({ q: 'forge' })).toEqual(['git.example.net'])
    expect(await found({ q: 'fam' })).toEqual(['media.home.example'])
    expect(await found({ tag: 'work' })).toEqual(['git.example.net'])
    expect(await found({ q: 'media', tag: 'work' })).toEqual([])
    expect((await hosts.list({ tag: 'work' })).tags).toEqual(['family', 'work'])
  })

  test('the upstream light is never green for what was not measured', async () => {
    const { hosts, edge } = await testHosts()
    const targets = [1, 2, 3].map((port) => ({ address: '192.168.1.20', port, enabled: port < 3 }))
    const { host } = await hosts.create(noor, aHost({ upstream: { pool: aPool({ targets }) } }))
    const lit = async (...states: ('up' | 'down' | 'unknown')[]) => {
      edge.health[host.poolId] = Object.fromEntries(
        states.map((state, i) => [`192.168.1.20:${i + 1}`, { state, since: 0, checkedAt: 0, error: null }]),
      )
      return (await hosts.view(host.id)).state.upstream
    }
    expect(await lit()).toBe('unknown')
    expect(await lit('up')).toBe('unknown')
    expect(await lit('up', 'up')).toBe('up')
    expect(await lit('up', 'up', 'down')).toBe('up')
    expect(await lit('up', 'down')).toBe('degraded')
    expect(await lit('down', 'down')).toBe('down')
  })

  test('a paused host is not called live because the edge has not heard of it yet', async () => {
    const { hosts } = await testHosts()
    const { host } = await hosts.create(noor, aHost())
    expect(host.state.edge).toBe('live')
    const {
      hosts: [paused],
    } = await hosts.bulk(noor, { ids: [host.id], action: { kind: 'disable' } })
    expect(paused?.state.edge).toBe('applying')
  })

  test('listing takes as many queries for many hosts as for one', async () => {
    const { hosts, pools, queries } = await testHosts()
    const cost = async (verb: () => Promise<unknown>) => {
      queries.count = 0
      await verb()
      return queries.count
    }
    await hosts.create(noor, aHost())
    const [hostsOfOne, poolsOfOne] = [await cost(() => hosts.list({})), await cost(() => pools.list())]
    for (let i = 0; i < 20; i++)
      await hosts.create(noor, aHost({ domains: [`a${i}.example`, `b${i}.example`] }))
    expect(await cost(() => hosts.list({}))).toBe(hostsOfOne)
    expect(await cost(() => pools.list())).toBe(poolsOfOne)
  })

  test('what is saved is what the compiler reads', async () => {
    const { hosts, db } = await testHosts()
    const { host } = await hosts.create(
      noor,
      aHost({ domains: ['b.example', 'a.example'], tls: 'none', enabled: false }),
    )
    expect((await readDesired(db)).hosts).toEqual([
      {
        id: host.id,
        domains: ['b.example', 'a.example'],
        tls: 'none',
        enabled: false,
        access: { kind: 'public' },
        poolId: host.poolId,
      },
    ])
  })
})

test('LD-04 more hosts than Argos keeps are refused in words, and the rest can still be changed', async () => {
  const { hosts, db } = await testHosts()
  const { host } = await hosts.create(noor, aHost())
  await sql`
    insert into host (id, name, enabled, tls, access, tags, note, pool_id, version, created_at, updated_at)
    with recursive n (i) as (select 1 union all select i + 1 from n where i < ${MOST_HOSTS - 2})
    select 'h_' || i, 'h' || i, 1, 'none', '{"kind":"public"}', '[]', '', ${host.poolId}, 1, 0, 0 from n`.execute(
    db,
  )
  await hosts.clone(noor, host.id, ['last.example'])
  const before = await everything(db)
  await expect(hosts.clone(noor, host.id, ['over.example'])).rejects.toMatchObject({
    code: 'conflict',
    message: expect.stringContaining('at most 20,000 hosts'),
  })
  expect(await everything(db)).toBe(before)
  await hosts.remove(noor, host.id)
  await hosts.create(noor, aHost({ domains: ['over.example'] }))
})
