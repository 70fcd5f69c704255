import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { diffLines, diffValues, inColumns, keyWords } from './diff.ts'

describe('a difference in words', () => {
  test('names what changed and keeps what did not', () => {
    const before = { name: 'immich', verifyTls: true, targets: [{ address: '192.0.2.31', weight: 1 }] }
    const after = {
      ...before,
      targets: [
        { address: '192.0.2.31', weight: 3 },
        { address: '192.0.2.32', weight: 1 },
      ],
    }
    expect(diffValues(before, after)).toEqual([
      { op: 'same', text: 'name  immich' },
      { op: 'same', text: 'verify tls  yes' },
      { op: 'same', text: 'targets 1 address  192.0.2.31' },
      { op: 'del', text: 'targets 1 weight  1' },
      { op: 'add', text: 'targets 1 weight  3' },
      { op: 'add', text: 'targets 2 address  192.0.2.32' },
      { op: 'add', text: 'targets 2 weight  1' },
    ])
  })
  test('something new is all added, something gone all removed', () => {
    expect(diffValues(null, { tags: ['a', 'b'], note: '' })).toEqual([
      { op: 'add', text: 'tags  a' },
      { op: 'add', text: 'tags  b' },
      { op: 'add', text: 'note  nothing' },
    ])
    expect(diffValues({ tags: [] }, null)).toEqual([{ op: 'del', text: 'tags  none' }])
  })
  test('no raw keys reach the screen', () => {
    expect(keyWords('acmeRootPem')).toBe('acme root pem')
    expect(keyWords('prev_hash')).toBe('prev hash')
  })
  test('any two lists: removed lines give the first back, added lines the second', () => {
    const lines = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 12 })
    fc.assert(
      fc.property(lines, lines, (before, after) => {
        const diff = diffLines(before, after)
        expect(diff.filter((l) => l.op !== 'add').map((l) => l.text)).toEqual(before)
        expect(diff.filter((l) => l.op !== 'del').map((l) => l.text)).toEqual(after)
      }),
    )
  })
})

test('values stand in one column; a line without a label stays', () => {
  const lines = inColumns([{ text: 'Name  a' }, { text: 'Health check  off' }, { text: 'plain' }])
  expect(lines.map((line) => line.text)).toEqual(['Name           a', 'Health check   off', 'plain'])
})
