import type { EndedChange, PendingChange, SystemStatus } from '@argos/contract'
import { describe, expect, test } from 'vitest'
import { aHost } from '../../../test/a-host.ts'
import { answering, needsOf, sentence } from './needs.ts'

const well = aHost()
const down = (since: number, id = 'd') =>
  aHost({
    id,
    domains: [`${id}.home.example`],
    state: {
      upstream: 'down',
      targets: [
        {
          dial: '192.0.2.24:8000',
          enabled: true,
          health: { state: 'down', since, checkedAt: 2, error: 'Nothing listens on 192.0.2.24:8000.' },
        },
      ],
    },
  })
const refused = aHost({
  id: 'r',
  state: { edge: 'refused', trouble: { message: 'Taken.', field: 'tls', since: 5 } },
})
const system = (edge: SystemStatus['edge']['state']): SystemStatus => ({
  panel: {
    version: '1',
    pid: 1,
    startedAt: 1,
    node: '26',
    rssBytes: 1,
    database: { path: '', sizeBytes: 1, schema: '' },
  },
  edge: {
    state: edge,
    problem: 'No answer.',
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
  generations: { saved: 1, applied: 1, inSync: true, lastRevision: 1, lastError: null },
  workers: [],
  ports: { http: 80, https: 443, panel: 9443 },
  warnings: [],
})

describe('needs attention', () => {
  test('worst first, then what lasts longest', () => {
    const needs = needsOf([down(9, 'young'), refused, down(2, 'old')], undefined, [
      'recovery_sheet',
      'first_host',
    ])
    expect(needs.map((n) => n.id)).toEqual(['old upstream', 'r edge', 'young upstream', 'recovery', 'first'])
    expect(needs[1]?.action.to).toBe('/hosts/r/tls')
  })

  test('a target named in the reason is not named twice', () => {
    expect(needsOf([down(1)], undefined, [])[0]?.why).toBe('Nothing listens on 192.0.2.24:8000.')
  })

  test('paused hosts ask for nobody', () => {
    expect(needsOf([{ ...down(1), enabled: false }], undefined, [])).toEqual([])
  })
})

describe('changes that ask for someone', () => {
  const actor = { kind: 'user', name: 'noor' } as const
  const pending: PendingChange = {
    ...{
      id: 'c_1',
      generation: 9,
      revision: 419,
      previous: 418,
      at: 5,
      actor,
      words: ['Deleted files.example'],
    },
    ...{
      state: 'waiting',
      withinS: 60,
      deadline: 60_005,
      extended: false,
      touched: [],
      untouched: 3,
      promises: [],
    },
  }
  const ended = (reason: string): EndedChange => ({
    ...{ id: 'c_1', revision: 419, outcome: 'returned', words: ['Deleted files.example'], at: 5, reason },
  })
  const ids = (...[pendingNow, last, now = 10]: [PendingChange | null, EndedChange | null, number?]) =>
    needsOf([], undefined, [], { pending: pendingNow, last }, now).map((need) => need.id)

  test('one that waits says what comes back without an answer', () => {
    const [need] = needsOf([], undefined, [], { pending, last: null }, 10)
    expect(need).toMatchObject({
      thing: 'r419',
      why: 'Deleted files.example. Without an answer r418 comes back by itself.',
      action: { to: '/changes?open=419' },
    })
  })
  test('one that went back asks for a day, but not when somebody wanted it', () => {
    expect(ids(null, ended('Nobody kept it within 60 s.'))).toEqual(['returned'])
    expect(ids(null, ended('Nobody kept it within 60 s.'), 86_400_005)).toEqual([])
    expect(ids(null, ended('noor put it back.'))).toEqual([])
    expect(ids(null, ended('It was put back.'))).toEqual([])
    expect(ids(null, { ...ended(''), outcome: 'kept' })).toEqual([])
  })

  const told = (edge: Partial<SystemStatus['edge']>, warnings: SystemStatus['warnings'] = []) => {
    const status = system('behind')
    return { ...status, edge: { ...status.edge, ...edge }, warnings }
  }
  test('hand edits at the edge are told once, with the hosts they are in', () => {
    const hand = aHost({ id: 'hand', domains: ['hand.example'], state: { edge: 'drifted' } })
    const warnings = [{ code: 'edge_drift', message: 'Somebody changed 1 host.', remedy: 'Look.' }]
    const needs = needsOf([hand, well], told({ drifted: 1 }, warnings), [])
    expect(needs.map((need) => `${need.thing} ${need.verb}`)).toEqual([
      'Somebody changed 1 host at the edge by hand',
    ])
    expect(needs[0]?.why).toMatch(/^hand\.example\. /)
    expect(needsOf([hand], told({ drifted: 3 }), [])[0]?.verb).toBe('changed 3 things at the edge by hand')
  })
  test('a host the edge could not start is named, never by its id, and once', () => {
    const failed = [{ hostId: 'r', reason: 'Its upstream is missing.' }]
    const warnings = [{ code: 'edge_failed', message: 'The edge could not start r.', remedy: '' }]
    const started = { ...refused, state: { ...refused.state, edge: 'live' as const } }
    expect(needsOf([started], told({ failed }, warnings), []).map((need) => need.thing)).toEqual([
      refused.domains[0],
    ])
    expect(needsOf([refused], told({ failed }, warnings), [])).toHaveLength(1)
  })
})

describe('the first sentence', () => {
  const say = (hosts: Parameters<typeof sentence>[1], status?: SystemStatus) =>
    sentence(needsOf(hosts, status, []), hosts)
  test('says what a person would say', () => {
    expect(say([well])).toBe('Everything answers.')
    expect(say([well, down(1)])).toBe('One host is down.')
    expect(sentence(needsOf([down(1)], undefined, ['recovery_sheet']), [down(1)])).toBe(
      'One host is down. One more thing needs you.',
    )
    expect(say([], system('ok'))).toBe('Nothing is published yet.')
    expect(say([well], system('unreachable'))).toBe('The edge does not answer.')
  })
  test('does not call well what was not measured', () => {
    const unknown = aHost({ id: 'u', state: { upstream: 'unknown' } })
    expect(say([well, unknown])).toBe('Nothing fails, as far as it was measured.')
    expect(answering([well, unknown, { ...well, id: 'p', enabled: false }])).toBe(
      '1 of 2 hosts answer, 1 not checked, 1 paused',
    )
  })
})
