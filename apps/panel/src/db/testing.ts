import type { Clock } from '../clock.ts'
import { type Database, openDatabase } from './open.ts'

/** A migrated database in memory. */
export const testDatabase = (): Promise<Database> => openDatabase(':memory:')

export interface FakeClock extends Clock {
  set(ms: number): void
  advance(ms: number): void
}

/** Stands still until it is told otherwise. */
export function fakeClock(start = Date.UTC(2026, 0, 1)): FakeClock {
  let now = start
  return {
    now: () => now,
    set: (ms) => {
      now = ms
    },
    advance: (ms) => {
      now += ms
    },
  }
}
