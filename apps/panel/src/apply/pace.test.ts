import { expect, test } from 'vitest'
import { pace } from './pace.ts'

/** Changes at these moments, and a driver that passes as soon as it may. How many passes, and when was the last? */
function passesFor(changes: readonly number[]): { passes: number; lastAt: number } {
  const rhythm = pace()
  let [passes, lastAt, pending, now] = [0, 0, false, 0]
  for (const end = (changes.at(-1) ?? 0) + 10_000; now <= end; now += 10) {
    if (changes.includes(now)) {
      rhythm.woken(now)
      pending = true
    }
    if (!pending || rhythm.waitMs(now) > 0) continue
    rhythm.passed(now)
    passes++
    lastAt = now
    pending = false
  }
  return { passes, lastAt }
}
const every = (ms: number, count: number) => Array.from({ length: count }, (_, i) => i * ms)

test('single changes go at once', () => {
  expect(passesFor([0])).toEqual({ passes: 1, lastAt: 0 })
  expect(passesFor(every(2_000, 20))).toEqual({ passes: 20, lastAt: 38_000 })
})

test.each([10, 50, 100, 150])('CF-13 200 changes, one every %d ms, make at most 10 passes', (ms) => {
  const changes = every(ms, 200)
  const { passes, lastAt } = passesFor(changes)
  expect(passes).toBeLessThanOrEqual(10)
  expect(lastAt - (changes.at(-1) ?? 0)).toBeLessThanOrEqual(300)
})

test.each([20, 150])('a pause within a flood of changes, one every %d ms, waits 300 ms at most', (ms) => {
  const rhythm = pace()
  const flood = new Set(every(ms, 400))
  let pausedAt: number | null = null
  const waited: number[] = []
  for (let now = 0; now < ms * 400; now += 10) {
    if (flood.has(now)) rhythm.woken(now)
    if (now > 1_000 && now % 1_000 === 10) {
      rhythm.woken(now, true)
      pausedAt = now
    }
    if (rhythm.waitMs(now) > 0) continue
    rhythm.passed(now)
    if (pausedAt !== null) waited.push(now - pausedAt)
    pausedAt = null
  }
  expect(waited.length).toBeGreaterThanOrEqual((ms * 400) / 1_000 - 2)
  expect(Math.max(0, ...waited)).toBeLessThanOrEqual(300)
})

test('after a flood, single changes go at once again', () => {
  const flood = every(20, 50)
  expect(passesFor([...flood, 5_000]).lastAt).toBe(5_000)
})
