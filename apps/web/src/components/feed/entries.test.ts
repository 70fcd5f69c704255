import { expect, test } from 'vitest'
import { entriesOf, partsOf } from './entries.ts'

const noon = new Date(2026, 9, 3, 12).getTime()
const hours = (n: number) => ({ at: noon - n * 3_600_000, id: n })

test('a window that begins in the middle of a day still says which day it is', () => {
  const entries = entriesOf([hours(0), hours(1), hours(24), hours(25)], noon)
  expect(entries.map((e) => (e.kind === 'day' ? e.name : e.item.id))).toEqual([
    'Today',
    0,
    1,
    'Yesterday',
    24,
    25,
  ])
  const ids = (first: number, last: number) =>
    partsOf(entries, first, last).map((part) => [part.name, part.head, part.items.map((i) => i.item.id)])
  expect(ids(0, 5)).toEqual([
    ['Today', 0, [0, 1]],
    ['Yesterday', 3, [24, 25]],
  ])
  expect(ids(2, 4)).toEqual([
    ['Today', null, [1]],
    ['Yesterday', 3, [24]],
  ])
  expect(partsOf(entries, 4, 4)[0]?.items[0]?.index).toBe(4)
  expect(partsOf([], 0, 0)).toEqual([])
})
