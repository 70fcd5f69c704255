import { describe, expect, test } from 'vitest'
import { goFailures, goTally, line, one, skip, sum, vitestTally } from './counts.ts'

const event = (Action: string, Package: string, Test?: string, Output?: string) =>
  JSON.stringify({ Action, Package, ...(Test ? { Test } : {}), ...(Output ? { Output } : {}) })

describe('go test -json', () => {
  test('counts subtests instead of the test that holds them', () => {
    const tally = goTally([
      event('pass', 'p', 'TestA/one'),
      event('pass', 'p', 'TestA/two'),
      event('pass', 'p', 'TestA'),
      event('skip', 'p', 'TestB'),
      event('pass', 'p'),
    ])
    expect(tally).toEqual({ passed: 2, failed: [], skipped: ['p TestB'] })
  })

  test('a failing subtest is one failure, its parent none', () => {
    const tally = goTally([event('fail', 'p', 'TestA/one'), event('fail', 'p', 'TestA'), event('fail', 'p')])
    expect(tally.failed).toEqual(['p TestA/one'])
  })

  test('a test that fails outside of its passing subtests is a failure', () => {
    const tally = goTally([event('pass', 'p', 'TestA/one'), event('fail', 'p', 'TestA'), event('fail', 'p')])
    expect(tally).toEqual({ passed: 1, failed: ['p TestA'], skipped: [] })
  })

  test('a package that does not build is a failure', () => {
    expect(goTally(['# p', event('fail', 'p')]).failed).toEqual(['p does not build or ended early'])
  })

  test('shows what failing tests printed and nothing of the others', () => {
    const lines = [
      event('output', 'p', 'TestA', 'wanted\n'),
      event('output', 'p', 'TestB', 'unwanted\n'),
      event('fail', 'p', 'TestA'),
      event('pass', 'p', 'TestB'),
    ]
    expect(goFailures(lines, goTally(lines))).toEqual(['wanted'])
  })
})

test('a test file that could not be run is a failure by its name', () => {
  const file = (name: string, status: string, states: readonly string[]) => ({
    name: `/root/${name}`,
    status,
    assertionResults: states.map((s, i) => ({ status: s, fullName: `test ${i}` })),
  })
  const report = {
    testResults: [
      file('a.test.ts', 'passed', ['passed', 'skipped']),
      file('b.test.ts', 'failed', []),
      file('c.test.ts', 'failed', ['passed', 'failed']),
    ],
  }
  expect(vitestTally(JSON.stringify(report), '/root')).toEqual({
    passed: 2,
    failed: ['b.test.ts: could not be run', 'c.test.ts: test 1'],
    skipped: ['a.test.ts: test 1'],
  })
})

test('the last line sums all stages', () => {
  expect(line(sum([one('a', true), one('b', false), skip('c'), one('d', true)]))).toBe(
    '2 passed, 1 failed, 1 skipped',
  )
})
