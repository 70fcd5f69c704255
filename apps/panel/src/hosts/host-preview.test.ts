import { Preview } from '@argos/contract'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { noPolicies } from '../access/access-words.ts'
import { listed } from '../words.ts'
import { lineDiff } from './diff.ts'
import { effects } from './effects.ts'
import { aHost, aPool, everything, formOf, noor, testHosts } from './testing.ts'

describe('lineDiff', () => {
  const side = (lines: ReturnType<typeof lineDiff>, not: 'add' | 'del') =>
    lines.filter((l) => l.op !== not).map((l) => l.text)
  const lines = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 12 })

  test('both sides can be read out of it again, and equal sides give nothing', () => {
    fc.assert(
      fc.property(lines, lines, (before, after) => {
        const diff = lineDiff(before, after)
        if (before.join() === after.join()) return diff.length === 0
        return side(diff, 'add').join() === before.join() && side(diff, 'del').join() === after.join()
      }),
    )
  })
  test('what is common stays', () => {
    expect(lineDiff(['a', 'b', 'c'], ['a', 'x', 'c'])).toEqual([
      { op: 'same', text: 'a' },
      { op: 'del', text: 'b' },
      { op: 'add', text: 'x' },
      { op: 'same', text: 'c' },
    ])
  })
})

test.each([
  [[], ''],
  [['a'], 'a'],
  [['a', 'b'], 'a and b'],
  [['a', 'b', 'c'], 'a, b and c'],
  [['a', 'b', 'c', 'd', 'e', 'f'], 'a, b, c and 3 more'],
])('%j reads as %j', (things, words) => {
  expect(listed(things)).toBe(words)
})

describe('effects', () => {
  const base = { host: aHost({ domains: ['a.example', 'b.example'] }), pool: aPool(), policies: noPolicies }
  const after = (host: object, pool: object = {}) => ({
    ...base,
    host: { ...base.host, ...host },
    pool: { ...base.pool, ...pool },
  })
  test.each([
    [after({}), ['Nothing changes.']],
    [after({ domains: ['b.example', 'a.example'] }), ['b.example becomes the name it is listed under.']],
    [
      after({ domains: ['a.example'] }),
      ['b.example is not served from now on, and open connections to it end.'],
    ],
    [
      after({ domains: ['a.example', 'b.example', 'c.example'] }),
      ['c.example is served as well.', 'A certificate for c.example is requested from the ACME CA.'],
    ],
    [
      after({ enabled: false }),
      ['a.example and b.example are paused: visitors get a 404, and open connections end.'],
    ],
    [
      after({ tls: 'internal' }),
      ["Their certificates come from Argos' own CA: browsers warn until they trust it."],
    ],
    [after({ tls: 'none' }), ['It is served in plain HTTP only, readable on the way.']],
    [after({ tags: ['tv'] }), ['It is tagged tv.']],
    [after({ note: 'x' }), ['Its note changes.']],
    [
      after({}, { targets: [{ address: '192.168.1.21', port: 8096, weight: 1, enabled: true }] }),
      [
        'Requests also go to 192.168.1.21:8096.',
        'No more requests go to 192.168.1.20:8096; open ones run on.',
      ],
    ],
    [
      after({}, { targets: [{ address: '192.168.1.20', port: 8096, weight: 1, enabled: false }] }),
      [
        'No more requests go to 192.168.1.20:8096; open ones run on.',
        'No target is switched on: visitors get a 503.',
      ],
    ],
    [
      after({}, { protocol: 'https', verifyTls: false }),
      ['Targets are asked over HTTPS; their certificate is not checked.'],
    ],
    [after({}, { preserveHost: false }), ['Targets see their own address as Host.']],
  ])('%#: %j', (to, words) => {
    expect(effects(base, to)).toEqual(words)
  })
})

const diffOf = ({ objects }: Preview) => objects.flatMap((object) => object.diff)

describe('preview', () => {
  test('of a new host says what it will do and changes nothing', async () => {
    const { hosts, db, previews } = await testHosts()
    await hosts.create(noor, aHost({ domains: ['other.example'] }))
    const before = await everything(db)
    const preview = await previews.host({ host: aHost() })
    expect(Preview.parse(preview)).toEqual(preview)
    expect(preview).toMatchObject({
      words: [
        'media.home.example answers with what 192.168.1.20:8096 serves.',
        'Everyone who reaches the edge gets in.',
        'A certificate for media.home.example is requested from the ACME CA.',
      ],
      touched: [{ name: 'media.home.example' }],
      untouched: 1,
      edge: { accepted: true, reason: null, field: null },
    })
    expect(diffOf(preview).every((line) => line.op === 'add')).toBe(true)
    expect(await everything(db)).toBe(before)
  })

  test('of a change shows the lines that change', async () => {
    const { hosts, previews } = await testHosts()
    const { host } = await hosts.create(noor, aHost())
    const { poolId, ...form } = formOf(host)
    const preview = await previews.host({
      id: host.id,
      host: { ...form, domains: ['media.home.example', 'tv.home.example'], upstream: { poolId } },
    })
    expect(diffOf(preview).filter((line) => line.op !== 'same')).toEqual([
      { op: 'add', text: 'Name  tv.home.example' },
    ])
    expect(preview).toMatchObject({ touched: [{ id: host.id }], untouched: 0 })
  })

  test('of a pool that others use as well names them', async () => {
    const { hosts, previews } = await testHosts()
    const { host } = await hosts.create(noor, aHost())
    await hosts.clone(noor, host.id, ['copy.home.example'])
    const { poolId: _, ...form } = formOf(host)
    const pool = aPool({ targets: [{ address: '192.168.1.21', port: 8096 }] })
    const preview = await previews.host({ id: host.id, host: { ...form, upstream: { pool } } })
    expect(preview.words).toContain('The same goes for copy.home.example, with the same pool.')
    expect(preview.touched.map((h) => h.name)).toEqual(['media.home.example', 'copy.home.example'])
    expect(preview.untouched).toBe(0)
    const noted = await previews.host({
      id: host.id,
      host: { ...form, note: 'x', upstream: { pool: aPool() } },
    })
    expect(noted.touched.map((h) => h.name)).toEqual(['media.home.example'])
  })

  test('says when the edge has to load its whole configuration', async () => {
    const { previews } = await testHosts()
    expect((await previews.host({ host: aHost({ tls: 'internal' }) })).needsLoad).toBe(true)
    expect((await previews.host({ host: aHost({ tls: 'none' }) })).needsLoad).toBe(false)
  })

  test('with the edge down says that it was not asked', async () => {
    const { edge, previews } = await testHosts()
    edge.up = false
    expect((await previews.host({ host: aHost() })).edge).toMatchObject({ accepted: null, field: null })
  })
})
