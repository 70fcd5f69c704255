import { describe, expect, test } from 'vitest'
import {
  changeLight,
  comparedWords,
  noRestore,
  openText,
  outcomeLight,
  outcomeNote,
  parseOpen,
  probeLight,
} from './words.ts'

describe('what a visit found', () => {
  test.each([
    ['Answers 200 in 12 ms.', 'ok'],
    ['Answers 404 in 3 ms.', 'ok'],
    ['Answers 502: the service behind it does not.', 'warn'],
    ['HTTPS to a.example failed: nobody listens there.', 'warn'],
    ['Paused: answers 404.', 'off'],
    ['Its certificate is being issued.', 'busy'],
    [null, 'unknown'],
  ])('%j is %s', (probe, state) => {
    expect(probeLight(probe).state).toBe(state)
  })
  test('names in capitals stay as they are', () => {
    expect(probeLight('HTTPS to a.example failed.').words).toBe('HTTPS to a.example failed')
  })
})

test('each outcome has a shape and words of its own', () => {
  const outcomes = ['live', 'refused', 'failed', 'pending', 'returned'] as const
  const lights = outcomes.map((outcome) => outcomeLight({ outcome }))
  expect(lights.map((light) => light.state)).toEqual(['ok', 'bad', 'bad', 'watching', 'warn'])
  expect(new Set(lights.map((light) => light.words)).size).toBe(outcomes.length)
  expect(outcomes.map((outcome) => outcomeNote({ outcome })?.tone)).toEqual([
    undefined,
    'bad',
    'bad',
    'plain',
    'warn',
  ])
})

describe('what became of a saved change', () => {
  const change = (generation: number, revision: number | null = null) => ({ generation, revision })
  const at = { applied: 5, waits: 6 }
  test('its revision knows', () => {
    const returned = { outcome: 'returned' as const, generation: 3 }
    expect(changeLight(change(3, 9), returned, at)?.words).toBe('went back')
    expect(changeLight(change(4, 9), returned, at)?.words, 'what put it back').toBe('live')
    expect(changeLight(change(3, 9), undefined, at), 'not asked for yet').toBeNull()
  })
  test('without one it waits, is on its way, or was no business of the edge', () => {
    expect(changeLight(change(6), undefined, at)?.words).toBe('waits to be kept')
    expect(changeLight(change(7), undefined, at)?.words, 'behind the one that waits').toBe('queued')
    expect(changeLight(change(7), undefined, { ...at, waits: null })?.words).toBe('going live')
    expect(changeLight(change(4), undefined, at)?.words).toBe('nothing for the edge')
    expect(changeLight(change(4), undefined, { applied: null, waits: null })).toBeNull()
  })
})

test('only a state that was left is restored', () => {
  const now = { lastRevision: 9, inSync: true }
  expect(noRestore({ number: 8, outcome: 'live' }, now)).toBeNull()
  expect(noRestore({ number: 9, outcome: 'live' }, now)).toBe('This is what is live now.')
  expect(noRestore({ number: 9, outcome: 'live' }, { ...now, inSync: false })).toBeNull()
  expect(noRestore({ number: 8, outcome: 'returned' }, now)).toMatch(/did not stay/)
  expect(noRestore({ number: 8, outcome: 'pending' }, now)).toMatch(/waits/)
})

test('the open row in the address is read back, and nonsense opens nothing', () => {
  expect(parseOpen(openText(419, null))).toEqual({ number: 419, against: null })
  expect(parseOpen(openText(419, 418))).toEqual({ number: 419, against: 418 })
  expect(parseOpen(openText(419, 'now'))).toEqual({ number: 419, against: 'now' })
  for (const text of ['', 'x', '1..', '1..x', '-1', '1.5']) expect(parseOpen(text).number, text).toBe(0)
})

test('a comparison is counted by kind', () => {
  const of = (...kinds: ('host' | 'pool' | 'settings')[]) => comparedWords(kinds.map((kind) => ({ kind })))
  expect(of()).toBe('Nothing differs.')
  expect(of('host')).toBe('1 host differs.')
  expect(of('host', 'pool', 'host', 'settings')).toBe('2 hosts, 1 pool and the settings differ.')
})
