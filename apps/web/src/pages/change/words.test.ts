import type { Host, HostInput, Intent, Preview } from '@argos/contract'
import { describe, expect, test } from 'vitest'
import { aHost } from '../../../test/a-host.ts'
import { buttonWords, canWait, edgeWords, stagesChanged, titleOf, toType, touchedWords } from './words.ts'

const preview = (patch: Partial<Preview> = {}): Preview => ({
  words: [],
  risk: 'risky',
  risks: [],
  blocked: null,
  objects: [{ kind: 'host', id: 'h1', name: 'files.home.example', how: 'removed', words: [], diff: [] }],
  caddy: [],
  touched: [{ id: 'h1', name: 'files.home.example' }],
  untouched: 17,
  needsLoad: false,
  edge: { accepted: true, reason: null, field: null },
  ...patch,
})
const bulk = (ids: string[], kind: 'enable' | 'disable' | 'delete'): Intent => ({
  kind: 'hostBulk',
  ids,
  action: { kind },
})

describe('the main button says the consequence', () => {
  test.each<[Intent, number | null, string]>([
    [{ kind: 'hostDelete', id: 'h1' }, 60, 'Delete, then 60 s to confirm'],
    [{ kind: 'hostDelete', id: 'h1' }, null, 'Delete'],
    [bulk(['a', 'b'], 'disable'), 300, 'Pause, then 5 min to confirm'],
    [{ kind: 'restore', revision: 415 }, 120, 'Go back to r415, then 2 min to confirm'],
    [{ kind: 'undo', generation: 9 }, null, 'Undo it'],
  ])('%j within %s', (intent, within, words) => {
    expect(buttonWords(intent, within)).toBe(words)
  })
})

describe('what must be typed before something goes', () => {
  test('a host: its short name', () =>
    expect(toType({ kind: 'hostDelete', id: 'h1' }, preview())).toBe('files'))
  test('several: how many', () => expect(toType(bulk(['a', 'b', 'c'], 'delete'), preview())).toBe('3 hosts'))
  test('pausing asks for nothing', () => expect(toType(bulk(['a', 'b'], 'disable'), preview())).toBeNull())
})

describe('a policy', () => {
  const policy = { name: 'Family', rules: { any: [] } }
  const named = preview({
    objects: [{ kind: 'policy', id: 'o1', name: 'Family', how: 'changed', words: [], diff: [] }],
  })
  test('is named in the title, and typed in full before it goes', () => {
    expect(titleOf({ kind: 'policyUpdate', id: 'o1', policy }, named)).toBe('Change the policy Family')
    expect(titleOf({ kind: 'policyDelete', id: 'o1' }, named)).toBe('Delete Family?')
    expect(toType({ kind: 'policyDelete', id: 'o1' }, named)).toBe('Family')
  })
  test('that changes can go back by itself; one that is new, or goes, is in use nowhere', () => {
    expect(canWait({ kind: 'policyUpdate', id: 'o1', policy })).toBe(true)
    expect(canWait({ kind: 'policyDelete', id: 'o1' })).toBe(false)
    expect(canWait({ kind: 'policyCreate', policy })).toBe(false)
  })
  test('is the sign-in on a request’s path', () => {
    expect(stagesChanged({ kind: 'policyUpdate', id: 'o1', policy }, undefined)).toEqual(['access'])
  })
})

test('the title names the thing', () => {
  expect(titleOf({ kind: 'hostDelete', id: 'h1' }, preview())).toBe('Delete files.home.example?')
  expect(titleOf(bulk(['a', 'b'], 'enable'), preview())).toBe('Resume 2 hosts?')
  expect(titleOf(bulk(['a'], 'disable'), preview())).toBe('Pause files.home.example?')
})

test('an edge that was not asked is not said to accept', () => {
  expect(edgeWords(preview())).toBe('The edge has read this change and accepts it.')
  expect(edgeWords(preview({ edge: { accepted: null, reason: 'it does not answer', field: null } }))).toBe(
    'The edge was not asked: it does not answer',
  )
})

test('hosts touched and untouched are counted', () => {
  expect(touchedWords(preview())).toBe('1 host changes, 17 stay byte for byte the same')
  expect(touchedWords(preview({ touched: [], untouched: 1 }))).toBe(
    'No host changes, 1 stays byte for byte the same',
  )
})

describe('where on the path a change is', () => {
  const host: Host = aHost()
  const input = (patch: Partial<HostInput>): Intent => ({
    kind: 'hostUpdate',
    id: host.id,
    host: {
      domains: host.domains,
      enabled: host.enabled,
      tls: host.tls,
      access: host.access,
      tags: host.tags,
      note: host.note,
      poolId: host.poolId,
      ...patch,
    },
  })
  test('other names are the way in, another pool the way out', () => {
    expect(stagesChanged(input({ domains: ['other.example'] }), host)).toEqual(['internet'])
    expect(stagesChanged(input({ poolId: 'another' }), host)).toEqual(['upstreams'])
    expect(stagesChanged(input({ note: 'only words' }), host)).toEqual([])
  })
})
