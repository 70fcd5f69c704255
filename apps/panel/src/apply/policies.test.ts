import type { Fragment } from '@argos/caddy'
import type { PolicyInput } from '@argos/contract'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { waitingBench } from '../../test/support/waiting-bench.ts'
import { policyStore } from '../access/policy.store.ts'
import { policyWrites } from '../access/policy-writes.ts'
import { aClause, aPolicy, byPolicy } from '../access/testing.ts'
import { recordChange } from '../changes/changes.store.ts'
import type { Write } from '../changes/commit.ts'
import { pendingStore } from '../changes/pending.store.ts'
import { revisionStore } from '../changes/revisions.store.ts'
import { applyBench, type Bench, saveHost } from './testing.ts'

const everyone = aPolicy({ rules: { any: [aClause({ who: 'everyone' })] } })
let bench: Bench
beforeEach(async () => {
  bench = await applyBench()
  await commit(policyWrites(bench).insert('o_in', aPolicy()))
  await commit(policyWrites(bench).insert('o_path', aPolicy({ name: 'Path' })))
  const paths = [{ path: '/x', access: 'o_in' }]
  await host('h_a', byPolicy('o_in'))
  await host('h_b', byPolicy('o_path', { paths }))
  await host('h_c', byPolicy('o_path'))
  await bench.pass()
  bench.edge.listed = 0
  bench.edge.calls.length = 0
})
afterEach(() => bench.close())

const host = (id: string, access: object) =>
  saveHost(bench.db, id, { host: { access: JSON.stringify(access) } })
const actor = { kind: 'user', id: 'u_1', name: 'ada', address: '127.0.0.1' } as const
const commit = (write: Write, withinS?: number): Promise<number> =>
  bench.db.transaction().execute(async (trx) => {
    const draft = await write(trx)
    if (draft === null) throw new Error('nothing changes')
    const { words, objects, hosts = [] } = draft
    const generation = await recordChange(trx, actor, { words, hosts, objects })
    if (withinS !== undefined)
      await pendingStore(trx).begin(actor, { generation, words, withinS }, bench.clock.now())
    return generation
  })
const change = (input: PolicyInput, withinS?: number) =>
  commit(policyWrites(bench).update('o_in', null, input), withinS)
const gateOf = (id: string) => (bench.edge.hosts[id] as Fragment | undefined)?.handle[0]

describe('a policy that changes', () => {
  test('goes to exactly the hosts that use it, for all of them or for a path, in one swap', async () => {
    const generation = await change(everyone)
    await bench.pass()
    expect(bench.edge.listed).toBe(0)
    expect(bench.edge.calls).toEqual(['swap'])
    expect(gateOf('h_a')).toMatchObject({ policy: { id: 'o_in', any: [{}] } })
    expect(gateOf('h_b')).toMatchObject({ policy: { any: [{ person: true }], paths: [{ any: [{}] }] } })
    expect(gateOf('h_c')).toMatchObject({ policy: { any: [{ person: true }] } })
    const last = await revisionStore(bench.db).last()
    expect(last).toMatchObject({
      generation,
      outcome: 'live',
      words: ['Changed the policy Signed in: who gets in'],
    })
    expect(last?.hosts.map(({ id }) => id)).toEqual(['h_a', 'h_b'])
  })

  test('comes to the same when everything is compared', async () => {
    await change(everyone)
    bench.restartPanel()
    await bench.pass()
    expect(gateOf('h_a')).toMatchObject({ policy: { id: 'o_in', any: [{}] } })
    expect((await bench.room.apply.status()).inSync).toBe(true)
  })

  test('that waits to be kept is live for now, its hosts are visited, and it goes back as it was', async () => {
    const it = waitingBench(bench)
    await change(everyone, 60)
    await bench.lead()
    expect(gateOf('h_a')).toMatchObject({ policy: { any: [{}] } })
    const revision = await revisionStore(bench.db).last()
    expect(revision).toMatchObject({ outcome: 'pending' })
    expect(revision?.hosts.map(({ id }) => id)).toEqual(['h_a', 'h_b'])
    const row = await it.row()
    expect(row?.promises.map(({ words }) => words)).toEqual([
      'h-a.example.com answers',
      'h-b.example.com answers',
      'h-c.example.com answers as before',
    ])
    await it.putBack()
    await bench.lead()
    expect(gateOf('h_a')).toMatchObject({ policy: { any: [{ person: true }] } })
  })

  test('that the edge would not take does not wait to be kept: it is refused as a whole', async () => {
    bench.edge.refuses = (_, value) =>
      JSON.stringify(value).includes('"any":[{}]') ? { message: 'no such gate', field: 'handle[0]' } : null
    await change(everyone, 60)
    await bench.lead()
    expect(gateOf('h_a')).toMatchObject({ policy: { any: [{ person: true }] } })
    const policy = await policyStore(bench.db).get('o_in')
    expect(policy?.rules).toEqual(aPolicy().rules)
  })

  test('that is damaged shuts its hosts, says so, and leaves the others alone', async () => {
    const rules = JSON.stringify({ any: [{ ...aClause(), countries: ['de'] }] })
    await bench.db.updateTable('policy').set({ rules }).where('id', '=', 'o_in').execute()
    await host('h_c', byPolicy('o_path', { keep: false }))
    await bench.pass()
    for (const id of ['h_a', 'h_b'])
      expect(bench.edge.hosts[id]).toMatchObject({ handle: [{}, { status_code: 503 }] })
    expect(gateOf('h_c')).toMatchObject({ policy: { any: [{ person: true }] }, keep: false })
    expect(bench.room.apply.hostEdge('h_a')).toMatchObject({
      edge: 'refused',
      trouble: { message: 'Its policy cannot be read. Save the policy anew.', field: 'access.policyId' },
    })
  })
})
