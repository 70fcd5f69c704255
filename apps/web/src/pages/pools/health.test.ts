import type { Pool } from '@argos/contract'
import { describe, expect, test } from 'vitest'
import { dialOf, poolLight, poolsLead, shareOf, targetLight } from './health.ts'

type Target = Pool['targets'][number]
const target = (state: 'up' | 'down' | 'unknown' | null, over: Partial<Target> = {}): Target => ({
  address: '192.0.2.31',
  port: 80,
  weight: 1,
  enabled: true,
  health: state === null ? null : { state, since: null, checkedAt: null, error: null },
  ...over,
})
const tcp: Pool['health'] = { kind: 'tcp', path: '/', intervalS: 15, timeoutS: 5 }
const pool = (targets: Target[], over: Partial<Pool> = {}): Pool => ({
  id: 'p',
  name: 'p',
  protocol: 'http',
  verifyTls: true,
  preserveHost: true,
  health: tcp,
  targets,
  hosts: [],
  version: 1,
  createdAt: 0,
  updatedAt: 0,
  ...over,
})

describe('the state of a pool', () => {
  test.each([
    { name: 'all answer', targets: [target('up'), target('up')], state: 'ok', words: '2 of 2 answer' },
    { name: 'one answers', targets: [target('up')], state: 'ok', words: 'answers' },
    { name: 'some do not', targets: [target('up'), target('down')], state: 'warn', words: '1 of 2 answer' },
    { name: 'none does', targets: [target('down'), target('down')], state: 'bad', words: 'none answers' },
    { name: 'nothing measured', targets: [target(null)], state: 'unknown', words: 'not asked yet' },
    {
      name: 'measured in part',
      targets: [target('up'), target('unknown')],
      state: 'unknown',
      words: '1 of 2 answer',
    },
    {
      name: 'a target that is off does not count',
      targets: [target('up'), target('down', { enabled: false })],
      state: 'ok',
      words: 'answers',
    },
    {
      name: 'all off',
      targets: [target('up', { enabled: false })],
      state: 'off',
      words: 'all targets are off',
    },
  ])('$name: $state, $words', ({ targets, state, words }) => {
    expect(poolLight(pool(targets))).toEqual({ state, words })
  })
  test('without a check nothing is green, whatever was known before', () => {
    const check = { ...tcp, kind: 'off' as const }
    expect(poolLight(pool([target('up')], { health: check })).state).toBe('unknown')
    expect(targetLight(target('up'), check).state).toBe('unknown')
  })
  test('the list says the worst first and never all is well without measuring', () => {
    const bad = pool([target('down')], { name: 'wiki' })
    expect(poolsLead([bad, pool([target('up')])])).toBe('One pool does not answer: wiki.')
    expect(poolsLead([pool([target(null)])])).toBe('No pool has been checked yet.')
    expect(poolsLead([pool([target('up')]), pool([target(null)])])).toBe(
      'All targets that were asked answer.',
    )
  })
  test('shares follow the weights of the targets that are on', () => {
    const targets = [target('up', { weight: 3 }), target('up'), target('up', { weight: 9, enabled: false })]
    expect(targets.map((t) => shareOf(t, targets))).toEqual([75, 25, 0])
  })
  test('IPv6 stands in brackets', () => {
    expect(dialOf({ address: 'fd00::12', port: 80 })).toBe('[fd00::12]:80')
  })
})
