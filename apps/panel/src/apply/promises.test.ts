import type { DesiredState, HostSpec } from '@argos/caddy'
import { describe, expect, test } from 'vitest'
import { promisesOf } from './promises.ts'

const host = (id: string, over: Partial<HostSpec> = {}): HostSpec => ({
  ...{ id, domains: [`${id}.example.com`], enabled: true, tls: 'auto', poolId: `p_${id}` },
  access: { kind: 'public' },
  ...over,
})
const desired = (hosts: HostSpec[], panelDomain = ''): DesiredState => ({
  ...{ generation: 1, hosts, pools: [], policies: [], lastGood: { hosts: {}, pools: {} } },
  settings: {
    ...{ panelDomain, panelTls: 'internal', acmeDirectory: '', acmeEmail: '', acmeRootPem: '' },
    trustedProxies: [],
  },
})
const was = (id: string, domains: string[]) => ({
  kind: 'host' as const,
  id,
  before: { domains, tls: 'auto' },
})
const words = (...of: Parameters<typeof promisesOf>) => promisesOf(...of).map((p) => p.words)

describe('what a change promises', () => {
  test('each host it touches, by all names that are new, and that those it took away are gone', () => {
    const hosts = [host('a', { domains: ['a.example.com', 'new.example.com'] }), host('b')]
    expect(words(desired(hosts), [was('a', ['old.example.com', 'a.example.com'])])).toEqual([
      'a.example.com answers',
      'new.example.com answers',
      'old.example.com is not served any more',
      'b.example.com answers as before',
    ])
  })

  test('a paused host answers 404, a deleted one is not served, unless another has its name', () => {
    const hosts = [
      host('a', { enabled: false }),
      host('b', { domains: ['b.example.com', 'was-c.example.com'] }),
    ]
    expect(
      words(desired(hosts), [
        was('a', ['a.example.com']),
        was('c', ['was-c.example.com']),
        was('d', ['d.test']),
      ]),
    ).toEqual([
      'a.example.com answers 404, as it is paused',
      'd.test is not served any more',
      'b.example.com answers as before',
    ])
  })

  test('hosts of a pool that changes are touched, and the panel’s own name is always tested', () => {
    const hosts = [host('a'), host('b', { poolId: 'p_a' }), host('c')]
    expect(words(desired(hosts, 'argos.example.com'), [{ kind: 'pool', id: 'p_a', before: null }])).toEqual([
      'a.example.com answers',
      'b.example.com answers',
      'The panel answers at argos.example.com',
      'c.example.com answers as before',
    ])
  })

  test('of many hosts some are tested, the rest is said not to be, and three others are looked at', () => {
    const hosts = Array.from({ length: 40 }, (_, i) => host(`h${String(i).padStart(2, '0')}`))
    const all = promisesOf(
      desired(hosts),
      hosts.slice(0, 30).map((h) => was(h.id, [...h.domains])),
    )
    expect(all).toHaveLength(24)
    expect(all[20]).toMatchObject({ words: '10 more names do as they should', state: 'unknown' })
  })

  test('of a wildcard some name under it is visited', () => {
    const [first] = promisesOf(desired([host('a', { domains: ['*.example.com'] })]), [was('a', [])])
    expect(first).toMatchObject({ name: 'argos-probe.example.com', words: '*.example.com answers' })
  })
})
