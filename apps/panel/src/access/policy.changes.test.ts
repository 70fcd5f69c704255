import type { Access } from '@argos/contract'
import { describe, expect, test } from 'vitest'
import { readDesiredAt } from '../apply/desired-at.ts'
import { overlap } from '../changes/overlap.ts'
import { newest, revisionAt } from '../changes/testing.ts'
import { aHost, formOf, noor, testHosts } from '../hosts/testing.ts'
import { aClause, addPerson, aPolicy, byPolicy, guarded } from './testing.ts'

const everyone = aClause({ who: 'everyone' })
const home = aClause({ who: 'everyone', networks: ['192.168.1.0/24'] })

describe('what a change of a policy would do', () => {
  test('it says in words what opens and closes, for all hosts that use it', async () => {
    const t = await testHosts()
    const { policy } = await guarded(t)
    const seen = await t.previews.policy({
      id: policy.id,
      policy: aPolicy({ rules: { any: [aClause(), home] } }),
    })
    expect(seen.words).toEqual(['media.home.example opens to everyone from 192.168.1.0/24.'])
    expect(seen).toMatchObject({
      risk: 'risky',
      risks: ['More people get into media.home.example than now.'],
    })
    expect(seen.touched).toMatchObject([{ name: 'media.home.example' }])
    expect(seen.objects[0]?.diff).toContainEqual({ op: 'add', text: 'Open to  everyone from 192.168.1.0/24' })
    expect(seen.caddy).toMatchObject([{ kind: 'host', after: { handle: [{ handler: 'argos_gate' }, {}] } }])
    expect((await t.policies.view(policy.id)).version).toBe(1)
  })

  test('closing is said to keep people out, and locking everybody out is said as that', async () => {
    const t = await testHosts()
    const { policy } = await guarded(t, aPolicy({ rules: { any: [everyone] } }))
    const closed = await t.previews.policy({ id: policy.id, policy: aPolicy() })
    expect(closed.words).toEqual(['media.home.example is open only to whoever is signed in from now on.'])
    expect(closed.risks).toEqual(['Some who get into media.home.example now do not any more.'])
    const shut = await t.previews.policy({ id: policy.id, policy: aPolicy({ rules: { any: [] } }) })
    expect(shut.words).toEqual(['media.home.example is open to nobody from now on.'])
    expect(shut.risks).toEqual(['Nobody gets into media.home.example afterwards.'])
  })

  test('a name alone is harmless, and so is nothing that anybody uses', async () => {
    const t = await testHosts()
    const { policy } = await guarded(t)
    const named = await t.previews.policy({ id: policy.id, policy: aPolicy({ name: 'Family' }) })
    expect(named).toMatchObject({ risk: 'harmless', words: ['The policy is called Family.'] })
    const { policy: unused } = await t.policies.create(noor, aPolicy({ name: 'Unused' }))
    const seen = await t.previews.policy({
      id: unused.id,
      policy: aPolicy({ name: 'Unused', rules: { any: [everyone] } }),
    })
    expect(seen).toMatchObject({ risk: 'normal', words: ['No host uses it. It would be open to everyone.'] })
  })

  test('a host that leaves its policy says so, with its paths', async () => {
    const t = await testHosts()
    const { policy, host } = await guarded(t)
    const { version: _, poolId, domains: _1, ...form } = formOf(host)
    const edit = (access: Access) =>
      t.previews.host({
        id: host.id,
        host: { ...form, domains: host.domains, access, upstream: { poolId } },
      })
    const opened = await edit({ kind: 'public' })
    expect(opened.words).toEqual(['media.home.example opens to everyone.'])
    expect(opened.risks).toEqual(['More people get into media.home.example than now.'])
    const path = await edit(byPolicy(policy.id, { paths: [{ path: '/share/', access: 'public' }] }))
    expect(path.words).toEqual(['/share/ of media.home.example opens to everyone.'])
    expect(path.risk).toBe('risky')
    const plain = await t.previews.host({
      id: host.id,
      host: { ...form, domains: host.domains, tls: 'none', upstream: { poolId } },
    })
    expect(plain.words).toContainEqual(expect.stringContaining('nobody can sign in'))
    const asked = await edit(byPolicy(policy.id, { keep: false }))
    expect(asked.words).toEqual(['The edge asks about each request: it is slower, and needs the panel.'])
    expect(asked.risk).toBe('normal')
  })

  test('a new host says to whom it is open', async () => {
    const t = await testHosts()
    const { policy } = await t.policies.create(noor, aPolicy())
    const paths = [{ path: '/share/', access: 'public' }]
    const seen = await t.previews.host({ host: aHost({ access: byPolicy(policy.id, { paths }) }) })
    expect(seen.words).toContain('It is open to whoever is signed in.')
    expect(seen.words).toContain('/share/ of media.home.example opens to everyone.')
  })
})

describe('the way back', () => {
  test('a change of a policy is undone exactly, and its deletion as well', async () => {
    const t = await testHosts()
    const { policy } = await t.policies.create(noor, aPolicy())
    await t.policies.update(noor, policy.id, { ...aPolicy({ rules: { any: [everyone] } }), version: 1 })
    await t.changes.undo(noor, (await newest(t)).generation)
    expect((await t.policies.view(policy.id)).rules).toEqual(aPolicy().rules)
    await t.policies.remove(noor, policy.id)
    await t.changes.undo(noor, (await newest(t)).generation)
    expect(await t.policies.view(policy.id)).toMatchObject({ name: 'Signed in', rules: aPolicy().rules })
  })

  test('the history of a host has the changes of its policy, and their undoing', async () => {
    const t = await testHosts()
    const { policy, host } = await guarded(t)
    await t.policies.update(noor, policy.id, { ...aPolicy({ rules: { any: [everyone] } }), version: 1 })
    await t.changes.undo(noor, (await newest(t)).generation)
    const { changes } = await t.changes.list({ object: host.id, limit: 10 })
    expect(changes.map(({ words }) => words[0])).toEqual([
      'Undid “Changed the policy Signed in: who gets in”',
      'Changed the policy Signed in: who gets in',
      'Published media.home.example',
    ])
  })

  test('a policy that hosts use by now does not go by the undo of its making', async () => {
    const t = await testHosts()
    const { policy } = await t.policies.create(noor, aPolicy())
    const made = (await newest(t)).generation
    await t.hosts.create(noor, aHost({ access: byPolicy(policy.id) }))
    await expect(t.changes.undo(noor, made)).rejects.toThrow('Signed in is used by media.home.example')
  })

  test('a host does not come back to a policy that is gone', async () => {
    const t = await testHosts()
    const { policy, host } = await guarded(t)
    await t.hosts.remove(noor, host.id)
    const removed = (await newest(t)).generation
    await t.policies.remove(noor, policy.id)
    await expect(t.changes.undo(noor, removed)).rejects.toThrow(
      'The policy that media.home.example used is gone',
    )
  })

  test('a revision brings hosts and policies back together, in either order of their going', async () => {
    const t = await testHosts()
    const { policy, host } = await guarded(t)
    const number = await revisionAt(t, (await newest(t)).generation)
    await t.hosts.update(noor, host.id, { ...formOf(host), access: { kind: 'public' } })
    await t.policies.remove(noor, policy.id)
    await t.changes.restore(noor, number)
    expect((await t.hosts.view(host.id)).access).toEqual(byPolicy(policy.id))
    expect((await t.policies.view(policy.id)).rules).toEqual(aPolicy().rules)
  })

  test('what was saved as of an earlier change has the policies of then', async () => {
    const t = await testHosts()
    const { policy } = await guarded(t)
    const { generation } = await newest(t)
    await t.policies.update(noor, policy.id, { ...aPolicy({ rules: { any: [everyone] } }), version: 1 })
    expect((await readDesiredAt(t.db, generation)).policies).toMatchObject([
      { id: policy.id, any: [{ who: 'signed_in' }] },
    ])
  })

  test('what waits to be kept keeps the policies that its hosts go back to', () => {
    const host = (access: object) => ({ domains: ['a.example'], poolId: 'p_1', access }) as never
    const about = { kind: 'host', id: 'h_1', name: 'a.example' } as const
    const held = [{ ...about, before: host(byPolicy('o_1')), after: host({ kind: 'public' }) }]
    const gone = { kind: 'policy', id: 'o_1', name: 'Signed in', before: aPolicy(), after: null } as const
    expect(overlap(held, [gone])).toBe('Signed in')
    expect(overlap(held, [{ ...gone, id: 'o_2' }])).toBeNull()
    const brought = [{ ...gone, id: 'o_3', before: null, after: aPolicy() }]
    const user = { ...about, id: 'h_2', name: 'b', before: null, after: host(byPolicy('o_3')) }
    expect(overlap(brought, [user])).toBe('The policy of b')
  })

  test('the list of changes tells of a policy by the hosts it opens', async () => {
    const t = await testHosts()
    await addPerson(t, 'u_anna', 'anna')
    const { policy } = await guarded(t)
    const these = aClause({ who: 'these', people: ['u_anna'] })
    await t.policies.update(noor, policy.id, { ...aPolicy({ rules: { any: [these] } }), version: 1 })
    expect((await newest(t)).objects).toMatchObject([
      { kind: 'policy', words: ['media.home.example is open only to anna from now on.'] },
    ])
  })
})
