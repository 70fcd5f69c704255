/** Wall-clock time in milliseconds since the epoch. Tests hand in one that stands still. */
export interface Clock {
  now(): number
}

export const systemClock: Clock = { now: () => Date.now() }
