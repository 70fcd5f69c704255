import { describe, expect, test } from 'vitest'
import { formOf, noor, testHosts } from '../hosts/testing.ts'
import { aClause, addGroup, addPerson, aPolicy, byPolicy, guarded } from './testing.ts'

const ask = { url: 'https://media.home.example/', personId: null, address: '203.0.113.9', factorHours: null }
const home = aClause({ who: 'everyone', networks: ['192.168.1.0/24'] })

const bench = async () => {
  const t = await testHosts()
  await addPerson(t, 'u_anna', 'anna')
  await addPerson(t, 'u_ben', 'ben')
  await addGroup(t, 'g_family', ['u_anna'])
  const family = aClause({ who: 'these', groups: ['g_family'], factorHours: 12 })
  const { policy, host } = await guarded(t, aPolicy({ name: 'Home', rules: { any: [home, family] } }))
  return { ...t, policy, host }
}

describe('who can open this address, and why', () => {
  test('nobody from outside is asked to sign in; from home they are not asked', async () => {
    const { tester, policy } = await bench()
    const outside = await tester(ask)
    expect(outside).toMatchObject({
      verdict: 'sign_in',
      words: ['Somebody who is not signed in is asked to sign in.'],
      tests: [{ policy: { id: policy.id, name: 'Home' }, path: null, verdict: 'sign_in' }],
    })
    expect(outside.tests[0]?.clauses).toEqual([
      {
        sentence: 'everyone from 192.168.1.0/24',
        verdict: 'denied',
        parts: [{ met: false, words: 'from 192.168.1.0/24' }],
      },
      {
        sentence: 'the group family with a second factor of the last 12 hours',
        verdict: 'sign_in',
        parts: [
          { met: false, words: 'the group family' },
          { met: false, words: 'with a second factor of the last 12 hours' },
        ],
      },
    ])
    expect((await tester({ ...ask, address: '::ffff:192.168.1.7' })).verdict).toBe('open')
  })

  test('each person is told of, with or without their factor', async () => {
    const { tester } = await bench()
    const verdicts = async (factorHours: number | null) =>
      (await tester({ ...ask, factorHours })).people.map((p) => [p.name, p.verdict])
    expect(await verdicts(null)).toEqual([
      ['anna', 'factor'],
      ['ben', 'denied'],
    ])
    expect(await verdicts(1)).toEqual([
      ['anna', 'open'],
      ['ben', 'denied'],
    ])
    expect((await tester({ ...ask, personId: 'u_anna', factorHours: 13 })).words).toEqual([
      'anna is asked for a second factor.',
    ])
  })

  test('FA-11 a path exception decides alone, and a path with two readings gets none that opens', async () => {
    const { tester, policy } = await bench()
    const access = byPolicy(policy.id, { paths: [{ path: '/share/', access: 'public' }] })
    const at = (path: string) => tester({ ...ask, access, url: `media.home.example${path}` })
    expect(await at('/share/x?y=1')).toMatchObject({
      verdict: 'open',
      tests: [{ path: '/share/', policy: null }],
    })
    for (const path of ['/share/../x', '/share/%2e%2e/x', '/share//x', '/SHARE/x', '/share%2fx', '/share;/x'])
      expect(await at(path), path).toMatchObject({
        verdict: 'sign_in',
        words: [expect.any(String), expect.stringContaining('more than one way')],
      })
  })

  test('a host in plain HTTP says that nobody can sign in there', async () => {
    const { tester, hosts, host } = await bench()
    await hosts.update(noor, host.id, { ...formOf(host), tls: 'none' })
    expect((await tester(ask)).words).toContainEqual(expect.stringContaining('nobody can sign in'))
  })

  test('a host that is paused, or that is none, says so', async () => {
    const { tester, hosts, host } = await bench()
    expect((await tester({ ...ask, url: 'https://nothing.home.example' })).words).toEqual([
      'No host is published as nothing.home.example.',
    ])
    await hosts.bulk(noor, { ids: [host.id], action: { kind: 'disable' } })
    expect((await tester(ask)).words).toEqual(['media.home.example is paused: everyone gets a 404.'])
  })

  test('an address, a URL or a person that is none is refused at its field', async () => {
    const { tester } = await bench()
    const at = (over: object) => expect(tester({ ...ask, ...over })).rejects
    await at({ address: 'home' }).toMatchObject({ fields: [{ path: 'address' }] })
    await at({ url: 'http:///' }).toMatchObject({ fields: [{ path: 'url' }] })
    await at({ personId: 'u_gone' }).toMatchObject({ fields: [{ path: 'personId' }] })
  })
})
