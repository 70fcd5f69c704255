/** Decides how long a pass waits, so that a flood of changes becomes few passes and a single one goes at once. */
export interface Pace {
  /** Milliseconds until the next pass may start. */
  waitMs(now: number): number
  started(now: number): void
  /** Whether changes come so fast that they are gathered. */
  flooded(now: number): boolean
}

const WINDOW_MS = 3_000
/** Wait by how many passes there were within the window. */
const WAITS_MS = [0, 0, 0, 500, 1_000]

export function pace(): Pace {
  let starts: number[] = []
  const recent = (now: number) => {
    starts = starts.filter((at) => now - at < WINDOW_MS)
    return starts.length
  }
  const waitMs = (now: number) => {
    const wait = WAITS_MS[Math.min(recent(now), WAITS_MS.length - 1)] ?? 0
    return Math.max(0, (starts.at(-1) ?? now - wait) + wait - now)
  }
  return { waitMs, started: (now) => void starts.push(now), flooded: (now) => recent(now) >= 3 }
}
