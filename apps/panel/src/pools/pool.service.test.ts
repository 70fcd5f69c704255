import { Pool, poolUpdate } from '@argos/contract'
import { expect, test } from 'vitest'
import { aHost, aPool, everything, formOf, noor, testHosts } from '../hosts/testing.ts'

const form = (pool: object) => poolUpdate.body.parse(pool)

test('a pool is created, changed and deleted, each with its sentence in the audit', async () => {
  const { pools, audit, db } = await testHosts()
  const { pool, saved } = await pools.create(noor, aPool())
  expect(Pool.parse(pool)).toEqual(pool)
  expect(saved).toEqual({ generation: 1, live: true, pending: null })
  const renamed = await pools.update(noor, pool.id, form({ ...formOf(pool), name: 'films' }))
  expect(renamed.pool).toMatchObject({ name: 'films', version: 2 })
  const targets = [...pool.targets, { address: 'nas.lan', port: 1, weight: 2, enabled: true }]
  await pools.update(noor, pool.id, form({ ...formOf(renamed.pool), targets, protocol: 'https' }))
  await pools.remove(noor, pool.id)
  expect((await audit.list({ limit: 9 })).entries.map((e) => e.words).reverse()).toEqual([
    'Added the pool media',
    'Renamed the pool media to films',
    'Changed the pool films: targets, protocol',
    'Deleted the pool films',
  ])
  expect(await db.selectFrom('pool').selectAll().execute()).toEqual([])
})

test('F4 saving an unchanged form writes nothing', async () => {
  const { pools, db } = await testHosts()
  const health = { kind: 'http', path: '/ping', intervalS: 30, timeoutS: 2 } as const
  const { pool } = await pools.create(
    noor,
    aPool({ protocol: 'https', verifyTls: false, preserveHost: false, health }),
  )
  const before = await everything(db)
  const again = await pools.update(noor, pool.id, form(formOf(pool)))
  expect(again).toEqual({ pool, saved: { generation: 1, live: true, pending: null } })
  expect(await everything(db)).toBe(before)
})

test('F4 a body that leaves something out is refused instead of filled in', async () => {
  const { pools } = await testHosts()
  const whole = formOf((await pools.create(noor, aPool())).pool)
  const { weight: _, ...light } = whole.targets[0] ?? { weight: 1 }
  expect(poolUpdate.body.safeParse(whole).success).toBe(true)
  for (const key of ['name', 'protocol', 'verifyTls', 'preserveHost', 'health', 'targets', 'version'])
    expect(poolUpdate.body.safeParse({ ...whole, [key]: undefined }).success, key).toBe(false)
  expect(poolUpdate.body.safeParse({ ...whole, health: { kind: 'off' } }).success).toBe(false)
  expect(poolUpdate.body.safeParse({ ...whole, targets: [light] }).success).toBe(false)
})

test('an old version is refused', async () => {
  const { pools } = await testHosts()
  const { pool } = await pools.create(noor, aPool())
  await pools.update(noor, pool.id, form({ ...formOf(pool), name: 'one' }))
  await expect(pools.update(noor, pool.id, form({ ...formOf(pool), name: 'two' }))).rejects.toMatchObject({
    code: 'stale',
  })
})

test('a pool that a host uses is not deleted, and says by whom', async () => {
  const { hosts, pools } = await testHosts()
  const { host } = await hosts.create(noor, aHost())
  await expect(pools.remove(noor, host.poolId)).rejects.toMatchObject({
    code: 'conflict',
    message: 'media is used by media.home.example. Give it another pool first.',
  })
})

test('a change of a pool counts as a change of the hosts behind it', async () => {
  const { hosts, pools, db } = await testHosts()
  const { host } = await hosts.create(noor, aHost())
  const pool = await pools.view(host.poolId)
  await pools.update(noor, pool.id, form({ ...formOf(pool), preserveHost: false }))
  const rows = await db.selectFrom('change').select('hosts').orderBy('generation', 'desc').execute()
  expect(rows[0]?.hosts).toBe(JSON.stringify([host.id]))
})

test.each([
  ['targets[1].address', 'targets.1.address'],
  ['targets[1]', 'targets.1.address'],
  ['targets[1].weight', 'targets.1.weight'],
  ['health.intervalS', 'health.intervalS'],
])('CF-09 what the edge refuses at %s is refused at %s, and nothing is saved', async (field, path) => {
  const { pools, edge, db } = await testHosts()
  const { pool } = await pools.create(noor, aPool())
  edge.refuse = () => [{ kind: 'pool', id: pool.id, field, message: 'No.' }]
  const before = await everything(db)
  await expect(pools.update(noor, pool.id, form({ ...formOf(pool), name: 'x' }))).rejects.toMatchObject({
    code: 'rejected_by_edge',
    fields: [{ path }],
  })
  expect(await everything(db)).toBe(before)
})

test('CF-15 a target that is ours or no service is refused at its field', async () => {
  const { pools, db } = await testHosts()
  const targets = [
    { address: '192.168.1.20', port: 8096 },
    { address: '127.0.0.1', port: 9443 },
    { address: '169.254.169.254', port: 80 },
  ]
  await expect(pools.create(noor, aPool({ targets }))).rejects.toMatchObject({
    code: 'invalid',
    fields: [{ path: 'targets.1.port' }, { path: 'targets.2.address' }],
  })
  expect(await db.selectFrom('pool').selectAll().execute()).toEqual([])
})
