import { readFileSync } from 'node:fs'
import type { GatePolicy } from '@argos/caddy'
import { describe, expect, test } from 'vitest'
import { judge, worst } from './judge.ts'
import { rulingOf } from './paths.ts'

interface Cases {
  readonly policy: GatePolicy & { readonly kind: 'rules' }
  readonly times: Readonly<Record<string, number>>
  readonly people: Readonly<
    Record<
      string,
      { readonly id: string; readonly groups: string[]; readonly factor_h: number | null } | null
    >
  >
  readonly cases: readonly [string, string, string, string, string, string][]
}
const file = new URL('../../../edge/gate/testdata/policies.json', import.meta.url)
const { policy, times, people, cases } = JSON.parse(readFileSync(file, 'utf8')) as Cases

describe('FA-11 F15 the tester says of each case what the gate does (apps/edge/gate/vectors_test.go)', () => {
  test.each(cases)('%s from %s at %s by %s', (sent, address, when, who, verdict, by) => {
    const at = times[when] ?? 0
    const one = people[who]
    const person = one
      ? { ...one, factorAt: one.factor_h === null ? null : at - one.factor_h * 3_600_000 }
      : null
    const { path, rules } = rulingOf(policy, sent.replace(/\?.*/, ''))
    expect(worst(rules.map((rule) => judge(rule, { address, at, person })))).toBe(verdict)
    expect(path === null ? 'ambiguous' : (rules[0]?.prefix ?? '')).toBe(by)
  })
})
