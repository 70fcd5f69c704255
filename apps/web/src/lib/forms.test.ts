import { expect, test } from 'vitest'
import { sentIndex, typedNames } from './forms.ts'

test('a refusal of the second name sent lands on the field it was typed into', () => {
  const typed = ['a.example', '', ' b.example ']
  expect(typedNames(typed)).toEqual(['a.example', 'b.example'])
  expect(typed.map((_, i) => sentIndex(typed, i))).toEqual([0, null, 1])
})
