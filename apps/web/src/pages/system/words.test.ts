import type { SystemStatus } from '@argos/contract'
import { describe, expect, test } from 'vitest'
import { edgeWords, headline, listenerWords, resultWords, workerLight } from './words.ts'

const worker: SystemStatus['workers'][number] = {
  name: 'apply',
  everyMs: 15_000,
  lastRunAt: 1,
  lastTookMs: 1,
  lastResult: null,
  lastError: null,
  failures: 0,
}
const status = (over: Partial<SystemStatus> = {}): SystemStatus => ({
  panel: {
    version: '0',
    pid: 1,
    startedAt: 0,
    node: '',
    rssBytes: 0,
    database: { path: '', sizeBytes: 0, schema: '' },
  },
  edge: {
    state: 'ok',
    problem: null,
    version: null,
    caddy: null,
    pid: null,
    startedAt: null,
    modules: [],
    listeners: [],
    openRequests: null,
    bootedFrom: null,
    failed: [],
    drifted: 0,
  },
  generations: { saved: 1, applied: 1, inSync: true, lastRevision: null, lastError: null },
  workers: [worker],
  ports: { http: 80, https: 443, panel: 9443 },
  warnings: [],
  ...over,
})

describe('the first sentence of the system page', () => {
  test('an edge that does not answer comes before everything', () => {
    const edge = { ...status().edge, state: 'unreachable' as const }
    expect(headline(status({ edge, workers: [{ ...worker, lastError: 'x' }] }))).toBe(
      'The edge does not answer.',
    )
  })
  test('a failing worker comes before what only waits', () => {
    expect(headline(status({ workers: [{ ...worker, lastError: 'x' }] }))).toBe('One worker fails.')
  })
  test('what waits for a word comes first, then hand edits, then what is on its way', () => {
    const drifted = status({ edge: { ...status().edge, state: 'behind', drifted: 2 } })
    expect(headline(drifted, true)).toBe('A change waits to be kept.')
    expect(headline(drifted)).toBe('Somebody changed 2 things at the edge by hand.')
    expect(edgeWords(drifted, true).state).toBe('watching')
    expect(edgeWords(drifted)).toEqual({ state: 'warn', words: 'changed by hand' })
  })
  test('well is said only without warnings and in sync', () => {
    expect(headline(status())).toBe('Panel and edge are well.')
    expect(headline(status({ warnings: [{ code: 'a', message: 'm', remedy: 'r' }] }))).toBe(
      'One thing to look at.',
    )
  })
})

test('a worker that never ran is unknown, not green', () => {
  expect(workerLight({ ...worker, lastRunAt: null }).state).toBe('unknown')
  expect(workerLight({ ...worker, lastError: 'x', failures: 2 })).toEqual({
    state: 'warn',
    words: 'failed 2 times in a row',
  })
})

test.each([
  [{ sessionsEnded: 2, in_sync: true }, 'sessions ended: 2, in sync: yes'],
  [{ nested: { a: 1 }, empty: '' }, ''],
  [null, ''],
  ['text', ''],
])('a result %j reads %j', (result, want) => {
  expect(resultWords(result)).toBe(want)
})

test('listeners say what they are for', () => {
  expect(listenerWords('udp/0.0.0.0:443')).toEqual({ address: '0.0.0.0:443', kind: 'UDP, for HTTP/3' })
  expect(listenerWords('tcp/[::]:80')).toEqual({ address: '[::]:80', kind: 'TCP' })
})
