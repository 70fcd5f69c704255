import type { SystemStatus } from '@argos/contract'
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
