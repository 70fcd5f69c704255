import type { EndedChange, PendingChange, PromiseCheck } from '@argos/contract'
import { describe, expect, test } from 'vitest'
import { endedWords, leftWords, putBackWords, remarks, spoken, whatNext } from './words.ts'

const named = { revision: 419, previous: 418 }
const promise = (state: PromiseCheck['state'], words: string = state): PromiseCheck => ({
  words,
  state,
  detail: null,
})

describe('what readers are told while a change waits', () => {
  const said = (seconds: number) => spoken(seconds * 1000, named)
  test('nothing before the last minute, and nothing once it is over', () => {
    expect(said(300)).toBe('')
    expect(said(61)).toBe('')
    expect(said(0)).toBe('')
  })
  test('the words change at 60, 30 and 10 seconds only', () => {
    const all = Array.from({ length: 61 }, (_, i) => said(60 - i))
    const changes = all.flatMap((words, i) => (words === all[i - 1] ? [] : [[60 - i, words]]))
    expect(changes).toEqual([
      [60, '60 seconds until r418 comes back, unless r419 is kept.'],
      [30, '30 seconds until r418 comes back, unless r419 is kept.'],
      [10, '10 seconds until r418 comes back, unless r419 is kept.'],
      [0, ''],
    ])
  })
})

describe('what is left', () => {
  test.each([
    [43_000, '43 seconds'],
    [42_100, '43 seconds'],
    [1_000, '1 second'],
    [299_000, '4:59 minutes'],
  ])('%d ms is %s', (ms, words) => {
    expect(leftWords(ms)).toBe(words)
  })
})

describe('the way back is called by what comes back', () => {
  test('by its revision', () => expect(putBackWords(named)).toBe('Put r418 back'))
  test('without one, by what it is', () =>
    expect(putBackWords({ revision: 1, previous: null })).toBe('Put it back'))
})

describe('remarks of the dock', () => {
  const words = (promises: PromiseCheck[], reaches = true, queued = 0) =>
    remarks({ promises }, reaches, queued).map((line) => `${line.state}: ${line.words}`)
  test('passed tests are one line', () => {
    expect(words([promise('kept'), promise('kept'), promise('kept')])).toEqual([
      'ok: All 3 tests passed',
      'ok: This browser still reaches the panel',
    ])
  })
  test('a broken one stands first, by its own words, and is never counted as passed', () => {
    expect(words([promise('kept'), promise('broken', 'app answers'), promise('unknown', 'b')])).toEqual([
      'bad: app answers',
      'ok: 1 of 3 tests passed',
      'unknown: b',
      'ok: This browser still reaches the panel',
    ])
  })
  test('an unreachable panel and what was saved since are said', () => {
    expect(words([promise('kept', 'app answers')], false, 2)).toEqual([
      'ok: app answers',
      'bad: This browser does not reach the panel',
      'watching: 2 changes saved since go live after it',
    ])
  })
  test('many broken ones are counted, so that the buttons stay in sight', () => {
    const many = Array.from({ length: 9 }, (_, i) => promise('broken', `host ${i}`))
    expect(words(many).slice(0, 4)).toEqual(['bad: host 0', 'bad: host 1', 'bad: host 2', 'bad: 6 more fail'])
  })
  test('nothing tested is not called passed', () => {
    expect(words([])).toEqual(['ok: This browser still reaches the panel'])
  })
})

describe('how it ended', () => {
  const ended = (patch: Partial<EndedChange>) =>
    endedWords({ id: 'p1', revision: 419, outcome: 'kept', reason: null, words: [], at: 0, ...patch })
  test('kept', () => expect(ended({})).toEqual({ state: 'ok', words: 'Kept as r419' }))
  test('gone back, with the reason as the end of the sentence', () => {
    expect(ended({ outcome: 'returned', reason: 'Nobody kept it within 60 s.' })).toEqual({
      state: 'bad',
      words: 'r419 went back: nobody kept it within 60 s',
    })
  })
  test('what one asked for oneself is no bad news', () => {
    const last = { id: 'p1', revision: 419, outcome: 'returned', reason: 'noor put it back.' } as const
    expect(endedWords({ ...last, words: [], at: 0 }, true)).toEqual({ state: 'ok', words: 'r419 went back' })
  })
  test('names that begin the reason stay as they are', () => {
    expect(
      ended({ outcome: 'returned', revision: null, reason: 'app.example.com does not answer.' }),
    ).toEqual({ state: 'bad', words: 'This change went back: app.example.com does not answer' })
  })
})

describe('what happens next', () => {
  const pending = (patch: Partial<PendingChange> = {}): PendingChange => ({
    id: 'p1',
    generation: 12,
    ...named,
    at: 0,
    actor: { kind: 'user', name: 'noor' },
    words: [],
    state: 'waiting',
    withinS: 60,
    deadline: 60_000,
    extended: false,
    touched: [],
    untouched: 0,
    promises: [],
    ...patch,
  })
  test('without an answer the one before comes back', () => {
    expect(whatNext(pending(), 43_000, true)).toBe(
      'In 43 seconds r418 comes back by itself. Try the site first.',
    )
  })
  test('an unreachable panel changes nothing about that, and nothing is claimed that nobody saw', () => {
    expect(whatNext(pending(), 43_000, false)).toContain('the edge brings r418 back by itself in 43 seconds')
    expect(whatNext(pending(), 0, false)).toContain('Unless it was kept')
  })
  test('before it is live there is no countdown', () => {
    expect(whatNext(pending({ state: 'applying', deadline: null }), 0, true)).toBe(
      'Each promise is tested. If one fails, r418 comes back.',
    )
  })
})
