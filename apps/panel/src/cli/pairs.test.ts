import { describe, expect, test } from 'vitest'
import { listOf, oneOf, pairsOf, wholeNumber, yesOrNo } from './pairs.ts'
import { exitCode } from './verb.ts'

const keys = ['note', 'tags', 'tls'] as const
const usage = expect.objectContaining({ name: 'Refusal', exitCode: exitCode.usage })

describe('key=value words', () => {
  test.each([
    [['note=a'], { note: 'a' }],
    [['note='], { note: '' }],
    [['note=a=b, c'], { note: 'a=b, c' }],
    [['tags=a,b', 'tls=none'], { tags: 'a,b', tls: 'none' }],
  ])('%j is read as it is', (words, pairs) => {
    expect(pairsOf(words, keys, 'x')).toEqual(pairs)
  })

  test.each([
    [[], 'Nothing to set'],
    [['note'], '`note` is no key=value'],
    [['=a'], '`=a` is no key=value'],
    [['colour=red'], 'There is no key `colour`'],
    [['Note=a'], 'There is no key `Note`'],
    [['toString=a'], 'There is no key `toString`'],
    [['note=a', 'note=b'], '`note` stands here twice'],
  ])('%j is refused as usage', (words, message) => {
    const read = () => pairsOf(words, keys, 'x')
    expect(read).toThrow(message)
    expect(read).toThrow(usage)
  })
})

test.each([
  ['', []],
  [' , ', []],
  ['a', ['a']],
  [' a ,b,', ['a', 'b']],
])('the list %j is %j', (text, list) => {
  expect(listOf(text)).toEqual(list)
})

test('yes and no have four spellings each, and no other', () => {
  for (const yes of ['yes', 'TRUE', 'on', '1']) expect(yesOrNo('enabled', yes)).toBe(true)
  for (const no of ['no', 'False', 'off', '0']) expect(yesOrNo('enabled', no)).toBe(false)
  for (const other of ['', 'y', '2', 'yes ']) expect(() => yesOrNo('enabled', other)).toThrow(usage)
})

test('choices and numbers are refused with their key', () => {
  expect(oneOf('tls', 'none', ['auto', 'none'])).toBe('none')
  expect(() => oneOf('tls', 'None', ['auto', 'none'])).toThrow('tls has no choice `None`')
  expect(wholeNumber('--limit', '007')).toBe(7)
  for (const other of ['', '-1', '1.5', '1e3', '9999999999'])
    expect(() => wholeNumber('n', other)).toThrow(usage)
})
