import { describe, expect, test } from 'vitest'
import { appliedStore } from '../apply/applied.store.ts'
import { readDesired } from '../apply/desired.ts'
import { newest } from '../changes/testing.ts'
import { aHost, everything, formOf, noor, testHosts } from '../hosts/testing.ts'
import { aClause, addGroup, addPerson, aPolicy, byPolicy, guarded } from './testing.ts'

const everyone = aClause({ who: 'everyone' })

describe('policies', () => {
  test('one is made, renamed, changed and deleted, each with its audit entry and its change', async () => {
    const t = await testHosts()
    const { policy } = await t.policies.create(noor, aPolicy())
    expect(policy).toMatchObject({ name: 'Signed in', sentence: 'Open to whoever is signed in.', hosts: [] })
    const renamed = await t.policies.update(noor, policy.id, { ...aPolicy({ name: 'Family' }), version: 1 })
    await t.policies.update(noor, policy.id, {
      ...aPolicy({ name: 'Family', rules: { any: [everyone] } }),
      version: renamed.policy.version,
    })
    await t.policies.remove(noor, policy.id)
    const { entries } = await t.audit.list({ limit: 10 })
    expect(entries.map((e) => [e.action, e.words])).toEqual([
      ['policy.delete', 'Deleted the policy Family'],
      ['policy.update', 'Changed the policy Family: who gets in'],
      ['policy.update', 'Renamed the policy Signed in to Family'],
      ['policy.create', 'Added the policy Signed in'],
    ])
    expect(await t.policies.list()).toEqual([])
  })

  test('one that is used, for a host or for a path, cannot be deleted, and names who uses it', async () => {
    const t = await testHosts()
    const { policy } = await guarded(t)
    const { policy: path } = await t.policies.create(noor, aPolicy({ name: 'Path' }))
    const access = byPolicy(policy.id, { paths: [{ path: '/admin', access: path.id }] })
    await t.hosts.create(noor, aHost({ domains: ['wiki.home.example'], access }))
    const before = await everything(t.db)
    await expect(t.policies.remove(noor, policy.id)).rejects.toThrow(
      'Signed in is used by media.home.example, wiki.home.example. Give them another policy first.',
    )
    await expect(t.policies.remove(noor, path.id)).rejects.toThrow('Path is used by wiki.home.example.')
    expect(await everything(t.db)).toBe(before)
    expect((await t.policies.view(policy.id)).hosts.map((h) => h.name)).toEqual([
      'media.home.example',
      'wiki.home.example',
    ])
  })

  test('a name stands once, people and groups are there, and a host names policies that are', async () => {
    const t = await testHosts()
    await t.policies.create(noor, aPolicy())
    await expect(t.policies.create(noor, aPolicy())).rejects.toMatchObject({ fields: [{ path: 'name' }] })
    const these = aClause({ who: 'these', people: ['u_gone'], groups: ['g_gone'] })
    await expect(
      t.policies.create(noor, aPolicy({ name: 'x', rules: { any: [these] } })),
    ).rejects.toMatchObject({
      fields: [{ path: 'rules.any.0.people.0' }, { path: 'rules.any.0.groups.0' }],
    })
    const paths = [{ path: '/x', access: 'o_gone' }]
    await expect(
      t.hosts.create(noor, aHost({ access: byPolicy('o_none', { paths }) })),
    ).rejects.toMatchObject({ fields: [{ path: 'access.policyId' }, { path: 'access.paths.0.access' }] })
  })

  test('it says who gets in by their names, and does not keep the names of who is gone', async () => {
    const t = await testHosts()
    await addPerson(t, 'u_anna', 'anna')
    await addGroup(t, 'g_family')
    const these = aClause({ who: 'these', people: ['u_anna'], groups: ['g_family'], factorHours: 12 })
    const { policy } = await t.policies.create(noor, aPolicy({ rules: { any: [these] } }))
    expect(policy.sentence).toBe(
      'Open to anna and the group family with a second factor of the last 12 hours.',
    )
    await t.db.deleteFrom('user').where('id', '=', 'u_anna').execute()
    expect((await t.policies.view(policy.id)).sentence).toContain('somebody who is gone')
  })

  test('CR-12 networks are refused while visitors look like one, and what needs none is not', async () => {
    const t = await testHosts()
    t.hidden.reason = 'All visitors seem to come from 172.18.0.1.'
    const home = aPolicy({ name: 'Home', rules: { any: [aClause(), aClause({ networks: ['10.0.0.0/8'] })] } })
    const refused = { fields: [{ path: 'rules.any.1.networks', message: t.hidden.reason }] }
    await expect(t.policies.create(noor, home)).rejects.toMatchObject(refused)
    const { policy } = await t.policies.create(noor, aPolicy())
    await expect(t.policies.update(noor, policy.id, { ...home, version: 1 })).rejects.toMatchObject(refused)
    await expect(t.previews.policy({ policy: home })).rejects.toMatchObject({
      fields: [{ path: 'policy.rules.any.1.networks' }],
    })
  })

  test('CR-12 a policy that went by networks does not come back by an undo while they are hidden', async () => {
    const t = await testHosts()
    const home = aPolicy({ rules: { any: [aClause({ networks: ['10.0.0.0/8'] })] } })
    const { policy } = await t.policies.create(noor, home)
    await t.policies.update(noor, policy.id, { ...aPolicy(), version: 1 })
    t.hidden.reason = 'All visitors seem to come from 172.18.0.1.'
    const { generation } = await newest(t)
    await expect(t.changes.undo(noor, generation)).rejects.toThrow('All visitors seem to come from')
  })
})

describe('policies and hosts at the edge', () => {
  test('a policy that changes touches exactly the hosts that use it', async () => {
    const t = await testHosts()
    const { policy, host } = await guarded(t)
    const { policy: other } = await t.policies.create(noor, aPolicy({ name: 'Other' }))
    const paths = [{ path: '/x', access: policy.id }]
    const access = byPolicy(other.id, { paths })
    const { host: second } = await t.hosts.create(noor, aHost({ domains: ['b.home.example'], access }))
    await t.hosts.create(noor, aHost({ domains: ['c.home.example'], access: byPolicy(other.id) }))
    const seq = await appliedStore(t.db).touchedUpTo()
    await t.policies.update(noor, policy.id, { ...aPolicy({ rules: { any: [] } }), version: 1 })
    const touched = await appliedStore(t.db).touchedAfter(seq, 10)
    expect(touched.map((row) => row.id).sort()).toEqual([host.id, second.id].sort())
  })

  test('whoever closes something waits until the edge has it; whoever opens something need not', async () => {
    const t = await testHosts()
    const { policy } = await guarded(t, aPolicy({ rules: { any: [everyone] } }))
    t.edge.urgent.length = 0
    const closed = await t.policies.update(noor, policy.id, { ...aPolicy(), version: 1 })
    expect(t.edge.urgent).toEqual([closed.saved.generation])
    await t.policies.update(noor, policy.id, { ...aPolicy({ rules: { any: [everyone] } }), version: 2 })
    expect(t.edge.urgent).toHaveLength(1)
  })

  test('what the edge would not take of a policy is refused before it is saved', async () => {
    const t = await testHosts()
    const { policy } = await guarded(t)
    t.edge.refuse = ({ hosts }) =>
      hosts.map((id) => ({ kind: 'host' as const, id, message: 'no such zone', field: 'access' }))
    const before = await everything(t.db)
    await expect(
      t.policies.update(noor, policy.id, { ...aPolicy({ rules: { any: [everyone] } }), version: 1 }),
    ).rejects.toThrow('no such zone')
    expect(await everything(t.db)).toBe(before)
    expect((await readDesired(t.db)).policies).toMatchObject([{ id: policy.id, any: [{ who: 'signed_in' }] }])
  })

  test('a host that is copied keeps its policy', async () => {
    const t = await testHosts()
    const { policy, host } = await guarded(t)
    const copy = await t.hosts.clone(noor, host.id, ['copy.home.example'])
    expect(formOf(copy.host).access).toEqual(byPolicy(policy.id))
  })
})
