import { expect, test } from 'vitest'
import { facts, plain, table } from './table.ts'

test('columns are as wide as their widest cell, and no line ends in spaces', () => {
  expect(
    table(
      ['NAME', 'STATE'],
      [
        ['a.example', 'live'],
        ['ü', ''],
      ],
    ),
  ).toEqual(['NAME       STATE', 'a.example  live', 'ü'])
})

test('facts without a value are left out', () => {
  const pairs = [
    ['Id', 'h1'],
    ['Note', ''],
    ['State', 'live'],
  ] as const
  expect(facts(pairs)).toEqual(['Id     h1', 'State  live'])
})

test.each([
  ['\u001b[2J\u001b]0;title\u0007gone', ' [2J ]0;title gone'],
  ['one\ntwo\r\nthree', 'one two three'],
  ['abc\u202Edcba', 'abc dcba'],
  ['\u009b31m', ' 31m'],
])('%j cannot move the cursor, clear the screen or turn the text around', (text, shown) => {
  expect(plain(text)).toBe(shown)
})
