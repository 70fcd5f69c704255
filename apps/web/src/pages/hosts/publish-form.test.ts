import type { UpstreamProbe } from '@argos/contract'
import { describe, expect, test } from 'vitest'
import { aHost } from '../../../test/a-host.ts'
import { domainsOf, emptyForm, hostOf, isAskable, isEdited, poolName, verifyOf } from './publish-form.ts'

const probe = (over: Partial<UpstreamProbe> = {}): UpstreamProbe => ({
  url: 'http://192.0.2.31:8096/',
  protocol: 'http',
  address: '192.0.2.31',
  port: 8096,
  reachable: true,
  problem: null,
  status: 200,
  latencyMs: 12,
  tls: null,
  webSocket: true,
  app: { name: 'Jellyfin', slug: 'jellyfin', suggestedSubdomain: 'watch' },
  title: 'Jellyfin',
  ...over,
})
const hosts = [
  aHost(),
  aHost({ id: 'b', domains: ['files.home.example'] }),
  aHost({ id: 'c', domains: ['x.example.net'] }),
]
const found = { probe: probe(), hosts, pools: [] }

describe('publishing a service', () => {
  test.each([
    ['http://192.0.2.31:8096', true],
    ['192.0.2.31:8096', true],
    ['nas.lan', true],
    ['https://[fd00::12]:8443/path', true],
    ['http:/', false],
    ['', false],
    ['two words', false],
  ])('%s is asked only when it can be an address', (url, asks) => {
    expect(isAskable(url)).toBe(asks)
  })

  test('the name is guessed from the app and the domain most hosts live under, unless it is taken or typed', () => {
    expect(domainsOf(emptyForm, found)).toEqual(['watch.home.example'])
    const taken = [...hosts, aHost({ id: 'd', domains: ['watch.home.example'] })]
    expect(domainsOf(emptyForm, { ...found, hosts: taken })).toEqual([''])
    expect(domainsOf({ ...emptyForm, domains: ['tv.mine.net'] }, found)).toEqual(['tv.mine.net'])
    expect(domainsOf(emptyForm, { ...found, hosts: [] })).toEqual([''])
  })

  test('an untrusted certificate is taken unless someone says otherwise; a trusted one is checked', () => {
    const tls = { trusted: false, selfSigned: true, subject: 'CN=x' }
    expect(verifyOf(emptyForm, probe({ tls }))).toBe(false)
    expect(verifyOf({ ...emptyForm, verifyTls: true }, probe({ tls }))).toBe(true)
    expect(verifyOf(emptyForm, probe({ tls: { ...tls, trusted: true } }))).toBe(true)
  })

  test('a pool gets a name that no other has', () => {
    expect(poolName(probe(), ['watch.home.example'], [])).toBe('jellyfin')
    expect(poolName(probe(), [], [{ name: 'Jellyfin' }, { name: 'jellyfin-2' }])).toBe('jellyfin-3')
    expect(poolName(probe({ app: null }), ['tv.home.example'], [])).toBe('tv')
  })

  test('there is a host once both ends are known, and not before', () => {
    expect(hostOf(emptyForm, { ...found, probe: undefined })).toBeNull()
    expect(hostOf({ ...emptyForm, source: 'pool' }, found)).toBeNull()
    expect(hostOf({ ...emptyForm, domains: [' ', ''] }, found)).toBeNull()
    expect(hostOf({ ...emptyForm, policyId: 'o_family' }, found)?.access, 'as it was chosen').toEqual({
      kind: 'policy',
      policyId: 'o_family',
      paths: [],
      keep: true,
      assertion: false,
    })
    const host = hostOf({ ...emptyForm, url: 'x' }, found, false)
    expect(host).toMatchObject({ domains: ['watch.home.example'], enabled: false, tls: 'internal' })
    expect(host?.upstream).toMatchObject({ pool: { targets: [{ address: '192.0.2.31', port: 8096 }] } })
    expect(
      hostOf({ ...emptyForm, source: 'pool', poolId: 'p_x', domains: ['a.mine.net'] }, found)?.upstream,
    ).toEqual({
      poolId: 'p_x',
    })
  })

  test('nothing typed is nothing to lose', () => {
    expect(isEdited(emptyForm)).toBe(false)
    expect(isEdited({ ...emptyForm, domains: [''] })).toBe(false)
    expect(isEdited({ ...emptyForm, url: 'h' })).toBe(true)
  })
})
