import { Host as HostSchema, hostUpdate } from '@argos/contract'
import { describe, expect, test } from 'vitest'
import { aHost, aPool, everything, formOf, noor, testHosts } from './testing.ts'

const form = (host: object) => hostUpdate.body.parse(host)

describe('publishing', () => {
  test('a host with its own pool is there as a whole: rows, audit, event, change, answer', async () => {
    const { hosts, pools, db, audit, edge } = await testHosts()
    const { host, saved } = await hosts.create(noor, aHost({ tags: ['tv'] }))
    expect(saved).toEqual({ generation: 1, live: true, pending: null })
    expect(HostSchema.parse(host)).toEqual(host)
    expect(host).toMatchObject({
      domains: ['media.home.example'],
      poolName: 'media',
      version: 1,
      tags: ['tv'],
    })
    expect(await pools.list()).toMatchObject([{ hosts: [{ id: host.id, name: 'media.home.example' }] }])
    expect((await audit.list({ limit: 9 })).entries).toMatchObject([
      {
        action: 'host.create',
        words: 'Published media.home.example',
        actor: { name: 'noor' },
        address: '192.168.1.7',
        after: {
          domains: ['media.home.example'],
          pool: { targets: [{ address: '192.168.1.20', port: 8096 }] },
        },
      },
    ])
    expect(await db.selectFrom('outbox').select('type').execute()).toEqual([{ type: 'host.published' }])
    expect(await db.selectFrom('change').select(['words', 'hosts']).execute()).toEqual([
      { words: '["Published media.home.example"]', hosts: JSON.stringify([host.id]) },
    ])
    expect(edge.woken).toBe(1)
    expect(edge.asked).toEqual([{ hosts: [host.id], pools: [host.poolId] }])
  })

  test('a host may name a pool that is there', async () => {
    const { hosts, pools } = await testHosts()
    const { pool } = await pools.create(noor, aPool())
    const { host } = await hosts.create(noor, aHost({ upstream: { poolId: pool.id } }))
    expect(host.poolId).toBe(pool.id)
    await expect(
      hosts.create(noor, aHost({ domains: ['b.home.example'], upstream: { poolId: 'p_gone' } })),
    ).rejects.toMatchObject({ code: 'invalid', fields: [{ path: 'upstream.poolId' }] })
  })

  test('with the edge down it is saved all the same, and said not to be live', async () => {
    const { hosts, edge } = await testHosts()
    edge.up = false
    expect((await hosts.create(noor, aHost())).saved).toEqual({ generation: 1, live: false, pending: null })
  })

  test('F2 a name that does not resolve is accepted', async () => {
    const { hosts, previews } = await testHosts({ resolve: async () => [] })
    const upstream = { pool: aPool({ targets: [{ address: 'asleep.lan', port: 80 }] }) }
    expect((await hosts.create(noor, aHost({ upstream }))).saved.generation).toBe(1)
    const preview = await previews.host({ host: aHost({ domains: ['b.home.example'], upstream }) })
    expect(preview.words).toContain('asleep.lan has no address in DNS now. Until it has, visitors get a 502.')
  })
})

describe('what is refused leaves nothing behind', () => {
  const target = (address: string, port: number) => ({
    upstream: {
      pool: aPool({
        targets: [
          { address: '192.168.1.20', port: 1 },
          { address, port },
        ],
      }),
    },
  })
  test.each([
    ['a name twice', { domains: ['a.example', 'b.example', 'a.example'] }, 'invalid', 'domains.2'],
    ['a name of another host', { domains: ['new.example', 'taken.home.example'] }, 'conflict', 'domains.1'],
    ["the panel's name", { domains: ['panel.home.example'] }, 'conflict', 'domains.0'],
    ['a wildcard from the ACME CA', { domains: ['*.home.example'] }, 'invalid', 'tls'],
    ['CF-15 our own listener', target('127.0.0.1', 443), 'invalid', 'upstream.pool.targets.1.port'],
    ['CF-15 the panel', target('127.0.0.1', 9443), 'invalid', 'upstream.pool.targets.1.port'],
    [
      'CF-15 this machine by its address',
      target('192.168.1.2', 443),
      'invalid',
      'upstream.pool.targets.1.port',
    ],
    ['CF-15 metadata', target('169.254.169.254', 80), 'invalid', 'upstream.pool.targets.1.address'],
    ['CF-15 a name for metadata', target('metadata.lan', 80), 'invalid', 'upstream.pool.targets.1.address'],
    ['CF-15 a disguised address', target('2130706433', 80), 'invalid', 'upstream.pool.targets.1.address'],
    ['a target twice', target('192.168.1.20', 1), 'invalid', 'upstream.pool.targets.1.address'],
  ] as const)('%s, with the field named', async (_name, over, code, path) => {
    const { hosts, db, previews } = await testHosts({
      resolve: async (name) => (name === 'metadata.lan' ? ['169.254.169.254'] : ['192.168.1.20']),
    })
    await db
      .updateTable('setting')
      .set({ json: JSON.stringify({ panelDomain: 'panel.home.example' }) })
      .execute()
    await hosts.create(noor, aHost({ domains: ['other.home.example', 'taken.home.example'] }))
    const before = await everything(db)
    const body = aHost(structuredClone(over) as object)
    await expect(hosts.create(noor, body)).rejects.toMatchObject({ code, fields: [{ path }] })
    await expect(previews.host({ host: body })).rejects.toMatchObject({
      code,
      fields: [{ path: `host.${path}` }],
    })
    expect(await everything(db)).toBe(before)
  })

  test('a wildcard with the internal CA is fine', async () => {
    const { hosts } = await testHosts()
    const { host } = await hosts.create(noor, aHost({ domains: ['*.home.example'], tls: 'internal' }))
    expect(host.domains).toEqual(['*.home.example'])
  })

  test.each([
    [{ kind: 'host', field: 'domains[1]' }, 'domains.1'],
    [{ kind: 'host', field: 'tls' }, 'tls'],
    [{ kind: 'host', field: 'poolId' }, 'upstream.poolId'],
    [{ kind: 'pool', field: 'targets[0].address' }, 'upstream.pool.targets.0.address'],
    [{ kind: 'pool', field: 'targets[2].dial' }, 'upstream.pool.targets.2.address'],
    [{ kind: 'pool', field: 'health.path' }, 'upstream.pool.health.path'],
  ] as const)(
    'CF-09 what the edge refuses at %j is refused at %s, before anything is saved',
    async (what, path) => {
      const { hosts, edge, db, previews } = await testHosts()
      edge.refuse = ({ hosts, pools }) => [
        {
          kind: what.kind,
          id: (what.kind === 'host' ? hosts : pools)[0] ?? '',
          field: what.field,
          message: 'No.',
        },
      ]
      const before = await everything(db)
      const body = aHost({ domains: ['a.example', 'b.example'] })
      await expect(hosts.create(noor, body)).rejects.toMatchObject({
        code: 'rejected_by_edge',
        status: 422,
        fields: [{ path, message: 'No.' }],
      })
      expect(await everything(db)).toBe(before)
      expect((await previews.host({ host: body })).edge).toEqual({
        accepted: false,
        reason: 'No.',
        field: path,
      })
    },
  )

  test("CF-09 F1 another host's trouble does not stop an edit", async () => {
    const { hosts, edge } = await testHosts()
    edge.refuse = () => [{ kind: 'host', id: 'h_other', field: null, message: 'poisoned' }]
    expect((await hosts.create(noor, aHost())).saved.generation).toBe(1)
  })
})

describe('changing', () => {
  test('F4 saving an unchanged form writes nothing, and its preview is empty', async () => {
    const { hosts, db, previews } = await testHosts()
    const upstream = { pool: aPool({ protocol: 'https', verifyTls: false, preserveHost: false }) }
    const { host } = await hosts.create(
      noor,
      aHost({
        domains: ['a.example', 'b.example'],
        tls: 'internal',
        tags: ['z', 'a'],
        note: 'of mine',
        enabled: false,
        upstream,
      }),
    )
    const before = await everything(db)
    const again = await hosts.update(noor, host.id, form(formOf(host)))
    expect(again.host).toEqual(host)
    expect(again.saved.generation).toBe(1)
    expect(await everything(db)).toBe(before)
    const { poolId, version: _, ...rest } = formOf(host) as ReturnType<typeof form>
    for (const up of [{ poolId }, upstream]) {
      const preview = await previews.host({ id: host.id, host: { ...rest, upstream: up } })
      expect(preview).toMatchObject({ words: ['Nothing changes.'], objects: [], touched: [], untouched: 1 })
    }
  })

  test.each([
    ['domains', ['b.example', 'a.example']],
    ['enabled', false],
    ['tls', 'internal'],
    ['tags', ['x']],
    ['note', 'other'],
  ])('F3 F4 changing %s changes only it', async (key, value) => {
    const { hosts } = await testHosts()
    const { host } = await hosts.create(noor, aHost({ domains: ['a.example', 'b.example'] }))
    const { host: after } = await hosts.update(noor, host.id, form({ ...formOf(host), [key]: value }))
    const { version, updatedAt: _, state: _1, ...rest } = after
    const { version: _2, updatedAt: _3, state: _4, ...was } = host
    expect(rest).toEqual({ ...was, [key]: value })
    expect(version).toBe(2)
    expect(await hosts.view(host.id)).toEqual(after)
  })

  test('F4 a body that leaves something out is refused instead of filled in', () => {
    const whole = {
      domains: ['a.example'],
      enabled: false,
      tls: 'none',
      access: { kind: 'public' },
      tags: [],
      note: '',
      poolId: 'p',
      version: 1,
    }
    expect(hostUpdate.body.safeParse(whole).success).toBe(true)
    for (const key of Object.keys(whole))
      expect(hostUpdate.body.safeParse({ ...whole, [key]: undefined }).success, key).toBe(false)
  })

  test('an old version is refused, whoever comes first', async () => {
    const { hosts, db } = await testHosts()
    const { host } = await hosts.create(noor, aHost())
    await hosts.update(noor, host.id, form({ ...formOf(host), note: 'one' }))
    const before = await everything(db)
    await expect(hosts.update(noor, host.id, form({ ...formOf(host), note: 'two' }))).rejects.toMatchObject({
      code: 'stale',
      status: 409,
    })
    expect(await everything(db)).toBe(before)
  })

  test('of two edits of the same version at once, one is kept', async () => {
    const { hosts } = await testHosts()
    const { host } = await hosts.create(noor, aHost())
    const edits = ['one', 'two'].map((note) => hosts.update(noor, host.id, form({ ...formOf(host), note })))
    const results = await Promise.allSettled(edits)
    expect(results.filter((r) => r.status === 'fulfilled')).toHaveLength(1)
  })

  test('of two hosts wanting one name at once, one gets it', async () => {
    const { hosts } = await testHosts()
    const results = await Promise.allSettled([hosts.create(noor, aHost()), hosts.create(noor, aHost())])
    expect(results.map((r) => r.status).sort()).toEqual(['fulfilled', 'rejected'])
    expect((await hosts.list({})).hosts).toHaveLength(1)
  })

  test('names may trade places, and a name given up is free', async () => {
    const { hosts } = await testHosts()
    const { host } = await hosts.create(noor, aHost({ domains: ['a.example', 'b.example'] }))
    await hosts.update(noor, host.id, form({ ...formOf(host), domains: ['b.example', 'c.example'] }))
    expect(await hosts.ownerOf('a.example')).toBeNull()
    expect(await hosts.ownerOf('c.example')).toEqual({ kind: 'host', hostId: host.id, name: 'b.example' })
  })

  test('what visitors lose is urgent: a pause, a name, a host; nothing else is', async () => {
    const { hosts, edge } = await testHosts()
    const { host } = await hosts.create(noor, aHost({ domains: ['a.example', 'b.example'] }))
    const change = async (over: object) => {
      const body = { ...form(formOf(await hosts.view(host.id))), ...over }
      return (await hosts.update(noor, host.id, body)).saved.generation
    }
    await change({ domains: ['a.example', 'b.example', 'c.example'], note: 'x', tls: 'internal' })
    expect(edge.urgent).toEqual([])
    const fewer = await change({ domains: ['a.example', 'c.example'] })
    const paused = await change({ enabled: false })
    await change({ domains: ['a.example'] })
    await change({ enabled: true })
    const bulk = await hosts.bulk(noor, { ids: [host.id], action: { kind: 'disable' } })
    await hosts.bulk(noor, { ids: [host.id], action: { kind: 'enable' } })
    const gone = await hosts.remove(noor, host.id)
    expect(edge.urgent).toEqual([fewer, paused, bulk.saved.generation, gone.saved.generation])
  })

  test('every verb says in the audit what it did', async () => {
    const { hosts, audit } = await testHosts()
    const { host } = await hosts.create(noor, aHost())
    const paused = await hosts.update(noor, host.id, form({ ...formOf(host), enabled: false }))
    await hosts.update(noor, host.id, form({ ...formOf(paused.host), tls: 'internal', note: 'x' }))
    const copy = await hosts.clone(noor, host.id, ['copy.home.example'])
    await hosts.bulk(noor, { ids: [host.id, copy.host.id], action: { kind: 'tag', add: ['tv'], remove: [] } })
    await hosts.remove(noor, copy.host.id)
    await hosts.remove(noor, host.id)
    const { entries } = await audit.list({ limit: 20 })
    expect(entries.map((e) => e.words).reverse()).toEqual([
      'Published media.home.example',
      'Paused media.home.example',
      'Changed media.home.example: certificate, note',
      'Copied media.home.example to copy.home.example, paused',
      'Changed copy.home.example: tags',
      'Changed media.home.example: tags',
      'Deleted copy.home.example',
      'Deleted media.home.example and its pool media',
    ])
    expect((await audit.verify()).ok).toBe(true)
  })
})

describe('copying and deleting', () => {
  test('a copy shares the pool and is paused', async () => {
    const { hosts, db } = await testHosts()
    const { host } = await hosts.create(noor, aHost({ tags: ['tv'], note: 'n' }))
    const { host: copy } = await hosts.clone(noor, host.id, ['copy.home.example'])
    expect(copy).toMatchObject({ enabled: false, poolId: host.poolId, tags: ['tv'], note: 'n', version: 1 })
    expect(await db.selectFrom('outbox').select('type').execute()).toEqual([
      { type: 'host.published' },
      { type: 'host.changed' },
    ])
  })

  test('a copy is refused where its names are, as nothing else can be chosen', async () => {
    const { hosts } = await testHosts()
    const { host } = await hosts.create(noor, aHost())
    for (const domains of [
      ['b.example', 'media.home.example'],
      ['b.example', '*.c.example'],
      ['b.example', 'b.example'],
    ])
      await expect(hosts.clone(noor, host.id, domains)).rejects.toMatchObject({
        fields: [{ path: 'domains.1' }],
      })
  })

  test('the last host of a pool takes it along, an earlier one does not', async () => {
    const { hosts, pools } = await testHosts()
    const { host } = await hosts.create(noor, aHost())
    const { host: copy } = await hosts.clone(noor, host.id, ['copy.home.example'])
    await hosts.remove(noor, host.id)
    expect(await pools.list()).toHaveLength(1)
    await hosts.remove(noor, copy.id)
    expect(await pools.list()).toEqual([])
    await expect(hosts.remove(noor, copy.id)).rejects.toMatchObject({ code: 'not_found' })
  })
})
