import { aHost, formOf, noor, type TestHosts, testHosts } from '../hosts/testing.ts'
import { revisionStore } from './revisions.store.ts'

/** Two published hosts, each with a pool of its own. */
export const two = async () => {
  const t = await testHosts()
  const { host } = await t.hosts.create(noor, aHost())
  const other = await t.hosts.create(noor, aHost({ domains: ['other.home.example'] }))
  return { ...t, host, other: other.host }
}
export const newest = async ({ changes }: Pick<TestHosts, 'changes'>) => {
  const [change] = (await changes.list({ limit: 1 })).changes
  if (!change) throw new Error('there is no change')
  return change
}
/** All that people saved, as they see it. */
export const state = async ({ hosts, pools, settings }: TestHosts) => {
  const all = (await hosts.list({})).hosts.map((host) => ({ ...formOf(host), id: host.id, version: 0 }))
  const every = (await pools.list()).map(({ id, name, targets, protocol, health }) => ({
    ...{ id, name, protocol, health },
    targets: targets.map(({ address, port, weight, enabled }) => ({ address, port, weight, enabled })),
  }))
  return { hosts: all, pools: every, settings: (await settings.view()).settings }
}
/** A revision that brought all up to this change. */
export const revisionAt = async ({ db }: TestHosts, generation: number) => {
  const number = await revisionStore(db).insert({
    ...{ at: 0, words: ['x'], error: null, generation, hosts: [], changes: [], tookMs: 1 },
    actor: { kind: 'user', name: 'noor' },
    kind: 'swap',
    outcome: 'live',
  })
  await db.updateTable('change').set({ revision: number }).where('generation', '=', generation).execute()
  return number
}
