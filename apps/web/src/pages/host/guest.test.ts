import type { GuestLink } from '@argos/contract'
import { expect, test } from 'vitest'
import { guestLight, typedPaths, usesWords, whereWords } from './guest.ts'

const link = (over: Partial<GuestLink> = {}): GuestLink => ({
  id: 'l_1',
  host: { id: 'h_1', name: 'photos.home.example' },
  name: 'Wedding',
  paths: [],
  createdAt: 0,
  createdBy: 'noor',
  expiresAt: 7_200_000,
  mostUses: null,
  uses: 0,
  lastUsedAt: null,
  ...over,
})

test('a guest link says whether it still opens: until it ran out or was used up', () => {
  expect(guestLight(link(), 0)).toEqual({ state: 'watching', words: 'opens for 2 h' })
  expect(guestLight(link(), 7_200_000).words).toBe('ran out')
  expect(guestLight(link({ mostUses: 2, uses: 2 }), 0).words).toBe('used up')
  expect(guestLight(link({ mostUses: 2, uses: 1 }), 0).state).toBe('watching')
})

test('browsers are counted against the most there may be', () => {
  expect(usesWords(link())).toBe('nobody yet')
  expect(usesWords(link({ uses: 1 }))).toBe('1 browser')
  expect(usesWords(link({ uses: 1, mostUses: 5 }))).toBe('1 of 5 browsers')
})

test('paths are one a line, and none is the whole host', () => {
  expect(typedPaths(' /share/ \n\n/s/')).toEqual(['/share/', '/s/'])
  expect(whereWords(link())).toBe('the whole host')
  expect(whereWords(link({ paths: ['/share/', '/s/'] }))).toBe('/share/ and /s/')
})
