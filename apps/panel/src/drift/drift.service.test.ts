import { edgeClient } from '@argos/caddy-admin'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { heldDrift } from '../apply/drift-held.ts'
import { applyBench, type Bench, saveHost } from '../apply/testing.ts'
import { auditService } from '../audit/audit.service.ts'
import { committer } from '../changes/commit.ts'
import { hostService } from '../hosts/host.service.ts'
import { poolService } from '../pools/pool.service.ts'
import { settingsStore } from '../settings/settings.store.ts'
import { type Drift, driftService } from './drift.service.ts'

let bench: Bench
let drift: Drift
beforeEach(async () => {
  bench = await applyBench()
  const { db, clock, edge, room } = bench
  const check = async () => []
  const commit = committer({ db, clock, audit: auditService({ db, clock }), apply: room.apply })
  const pools = poolService({ db, clock, apply: room.apply, commit, check })
  const hosts = hostService({ db, clock, apply: room.apply, commit, pools })
  const settings = { within: (trx: typeof db) => ({ view: () => settingsStore(trx).read() }) }
  const policies = { within: () => ({ all: async () => [] }) }
  const held = heldDrift({ db, edge: edgeClient(edge.socket), clock })
  drift = driftService({ db, held, clock, commit, check, hosts, pools, policies, settings })
})
afterEach(() => bench.close())

test('CF-11 of thousands of hand edits each is named, in order, and the first 50 are shown with both forms', async () => {
  const ids = Array.from({ length: 55 }, (_, i) => `h_${String(i).padStart(2, '0')}`)
  for (const id of ids) await saveHost(bench.db, id)
  await bench.pass()
  const names = (id: string) => [`${id.replace('_', '-')}.by-hand.example`]
  for (const id of ids.toReversed()) {
    const fragment = bench.edge.hosts[id]
    if (fragment) bench.edge.hosts[id] = { ...fragment, names: names(id) }
  }
  const pool = bench.edge.pools.p_h_00
  if (pool) bench.edge.pools.p_h_00 = { ...pool, verify_tls: !pool.verify_tls }
  bench.edge.origin = ''
  await bench.pass()

  const { objects } = await drift.view()
  expect(objects.map(({ id }) => id)).toEqual([...ids, 'p_h_00'])
  expect(objects.every(({ how, noAdopt }) => how === 'edited' && noAdopt === null)).toBe(true)
  const [shown, named] = [objects.slice(0, 50), objects.slice(50)]
  for (const { id, ours, theirs } of shown)
    expect([ours, theirs]).toMatchObject([
      { names: [`${id.replace('_', '-')}.example.com`] },
      { names: names(id) },
    ])
  expect(named.some((object) => 'ours' in object || 'theirs' in object)).toBe(false)

  await drift.reapply({ kind: 'system', name: 'test' }, [{ kind: 'pool', id: 'p_h_00' }])
  await bench.pass()
  expect(bench.edge.pools.p_h_00).toEqual(pool)
})
