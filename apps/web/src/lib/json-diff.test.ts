import { describe, expect, test } from 'vitest'
import { jsonDiff } from './json-diff.ts'

describe('Caddy JSON line by line', () => {
  const value = (n: number, dial: string) => ({
    before: Array.from({ length: n }, (_, i) => i),
    dial,
    after: Array.from({ length: n }, (_, i) => i),
  })
  test('only what differs and a little around it is shown; the rest is counted', () => {
    const lines = jsonDiff(value(20, 'a:1'), value(20, 'b:1'))
    expect(lines.filter((line) => line.op !== 'same').map((line) => line.text)).toEqual([
      '  "dial": "a:1",',
      '  "dial": "b:1",',
    ])
    expect(lines[0]?.text).toMatch(/^… \d+ lines the same$/)
    expect(lines.at(-1)?.text).toMatch(/^… \d+ lines the same$/)
    expect(lines.length).toBeLessThan(12)
  })
  test('what was not there before is all added', () => {
    expect(jsonDiff(null, { a: 1 })).toEqual([
      { op: 'add', text: '{' },
      { op: 'add', text: '  "a": 1' },
      { op: 'add', text: '}' },
    ])
  })
  test('lines that move in size are never lost', () => {
    const after = value(900, 'b:1')
    const lines = jsonDiff({ other: Array.from({ length: 2_000 }, (_, i) => `x${i}`) }, after)
    const added = lines.filter((line) => line.op === 'add').map((line) => line.text)
    expect(added.join('\n')).toContain('"dial": "b:1"')
  })
  test('equal values differ in nothing', () => {
    expect(jsonDiff({ a: 1 }, { a: 1 })).toEqual([{ op: 'same', text: '… 3 lines the same' }])
  })
})
