import { describe, expect, test } from 'vitest'
import { aHost } from '../../../test/a-host.ts'
import { nextIn } from '../../hooks/row-focus.ts'
import { groupTrouble, type Listing, listed, parseSort, pressSort, rowsOf, sortText } from './listing.ts'
import { listingOf, queryOf, savedListing, searchOf } from './url-listing.ts'

const plain: Listing = {
  ...{ q: '', tags: [], view: '', states: [], access: [], saved: '' },
  sort: { key: 'name', desc: false },
  grouped: true,
}
const photos = aHost({ id: 'photos', tags: ['media', 'family'], updatedAt: 3 })
const files = aHost({
  id: 'files',
  domains: ['files.home.example', 'dav.home.example'],
  poolName: 'nextcloud',
  tags: ['family'],
  note: 'backs up to the NAS',
  updatedAt: 1,
})
const paused = aHost({
  id: 'lists',
  domains: ['lists.example.org'],
  enabled: false,
  updatedAt: 2,
  state: { edge: 'off' },
})
const down = aHost({
  id: 'paper',
  domains: ['paperless.home.example'],
  updatedAt: 4,
  state: { upstream: 'down' },
})
const all = [photos, files, paused, down]
const ids = (over: Partial<Listing>) => listed(all, { ...plain, ...over }).map((h) => h.id)

describe('the list', () => {
  test('search looks at names, pools, targets, tags and notes, all words at once', () => {
    expect(ids({ q: 'DAV' })).toEqual(['files'])
    expect(ids({ q: 'nextcloud nas' })).toEqual(['files'])
    expect(ids({ q: '192.0.2.31:2283' })).toHaveLength(4)
    expect(ids({ q: 'media nas' })).toEqual([])
  })

  test('tags narrow, views pick by state', () => {
    expect(ids({ tags: ['family'] })).toEqual(['files', 'photos'])
    expect(ids({ tags: ['family', 'media'] })).toEqual(['photos'])
    expect(ids({ view: 'attention' })).toEqual(['paper'])
    expect(ids({ view: 'paused' })).toEqual(['lists'])
    expect(ids({ states: ['off', 'bad'] })).toEqual(['lists', 'paper'])
    expect(ids({ states: ['off'], tags: ['family'] })).toEqual([])
  })

  test('who gets in picks hosts: public ones, and those of a policy', () => {
    const family = { kind: 'policy' as const, policyId: 'o_family', paths: [], keep: true, assertion: false }
    const some = [photos, { ...files, access: family }, paused]
    const found = (over: Partial<Listing>) => listed(some, { ...plain, ...over }).map((h) => h.id)
    expect(found({ access: ['o_family'] })).toEqual(['files'])
    expect(found({ access: ['public'] })).toEqual(['lists', 'photos'])
    expect(found({ access: ['public', 'o_family'] })).toHaveLength(3)
    expect(found({ view: 'public' }), 'a paused one is open to nobody').toEqual(['photos'])
  })

  test('sorting turns round on the second press and falls back to names', () => {
    expect(ids({ sort: { key: 'saved', desc: true } })).toEqual(['paper', 'photos', 'lists', 'files'])
    expect(ids({ sort: { key: 'upstream', desc: false } })[0]).toBe('paper')
    expect(pressSort({ key: 'saved', desc: false }, 'saved')).toEqual({ key: 'saved', desc: true })
    expect(pressSort({ key: 'saved', desc: true }, 'tls')).toEqual({ key: 'tls', desc: false })
    expect(parseSort('nonsense')).toEqual({ key: 'name', desc: false })
    expect(sortText(parseSort('-tls'))).toBe('-tls')
  })

  test('groups carry the state of what is in them, and fold', () => {
    const rows = rowsOf(listed(all, plain), true, new Set(['home.example']))
    expect(rows.map((row) => (row.kind === 'group' ? row.domain : row.host.id))).toEqual([
      'example.org',
      'lists',
      'home.example',
    ])
    expect(groupTrouble([photos, down])).toEqual({ state: 'bad', words: '1 fails' })
    expect(groupTrouble([photos, paused])).toBeNull()
  })
})

test('the address holds all but the defaults, and gives the same list back', () => {
  expect(searchOf(plain)).toEqual({})
  const listing: Listing = {
    q: 'nas',
    tags: ['a', 'b'],
    view: 'paused',
    states: ['bad', 'off'],
    access: ['public', 'o_family'],
    sort: { key: 'tls', desc: true },
    grouped: false,
    saved: 'v_1',
  }
  expect(listingOf(searchOf(listing))).toEqual(listing)
  expect(listingOf({ view: 'nonsense', sort: 'nonsense', state: 'nonsense' })).toEqual(plain)
})

test('j and k stop at the ends and begin where nothing was focused', () => {
  const rows = ['a', 'b', 'c']
  expect(nextIn(rows, undefined, 1)).toBe('a')
  expect(nextIn(rows, undefined, -1)).toBe('c')
  expect(nextIn(rows, 'c', 1)).toBe('c')
  expect(nextIn(rows, 'b', -1)).toBe('a')
  expect(nextIn([], undefined, 1)).toBeUndefined()
})

test('a saved view keeps the filters and not itself, and knows when they differ', () => {
  const listing: Listing = { ...plain, q: 'nas box', tags: ['media'], states: ['bad'], saved: 'v_1' }
  const query = queryOf(listing)
  expect(query).toBe('q=nas+box&tags=media&state=bad')
  expect(savedListing({ id: 'v_1', query })).toEqual(listing)
  expect(queryOf(savedListing({ id: 'v_1', query }))).toBe(query)
  expect(savedListing({ id: 'v_2', query: 'sort=nonsense&evil=1' })).toEqual({ ...plain, saved: 'v_2' })
})
