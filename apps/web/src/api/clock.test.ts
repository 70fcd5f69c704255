import { expect, test } from 'vitest'
import { clockSays, hereAt } from './clock.ts'

test('a deadline of a panel whose clock is ahead ends when it ends there, not here', () => {
  const now = Date.parse('2026-01-01T12:00:00Z')
  clockSays('Thu, 01 Jan 2026 12:00:01 GMT', now)
  expect(hereAt(now), 'less than dates can say').toBe(now)
  clockSays('Thu, 01 Jan 2026 12:05:00 GMT', now)
  expect(Math.abs(hereAt(now + 300_000) - now)).toBeLessThanOrEqual(500)
  clockSays(null, now)
  clockSays('no date', now)
  expect(
    Math.abs(hereAt(now + 300_000) - now),
    'an answer without a date changes nothing',
  ).toBeLessThanOrEqual(500)
  clockSays('Thu, 01 Jan 2026 12:00:00 GMT', now)
  expect(hereAt(now), 'a clock that was set right').toBe(now)
})
