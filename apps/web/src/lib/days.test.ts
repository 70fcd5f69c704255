import { describe, expect, test } from 'vitest'
import { byDay, dayName } from './days.ts'

const now = new Date(2025, 10, 12, 9, 30).getTime()
const at = (day: number, hour = 8) => new Date(2025, 10, day, hour).getTime()

describe('days of a list', () => {
  test('today and yesterday by name, earlier ones by date, other years with the year', () => {
    expect(dayName(at(12), now)).toBe('Today')
    expect(dayName(at(11, 23), now)).toBe('Yesterday')
    expect(dayName(at(7), now)).toBe('Friday 7 November')
    expect(dayName(new Date(2024, 0, 5).getTime(), now)).toBe('Friday 5 January 2024')
  })
  test('the order of the list stays', () => {
    const days = byDay([{ at: at(12) }, { at: at(11, 20) }, { at: at(11, 2) }], now)
    expect(days.map((d) => [d.name, d.items.length])).toEqual([
      ['Today', 1],
      ['Yesterday', 2],
    ])
  })
})
