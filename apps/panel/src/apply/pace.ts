/** Decides how long a pass waits, so that a flood of changes becomes few passes and a single one goes at once. */
export interface Pace {
  /** Somebody committed something; `urgent` if it takes something away from visitors. */
  woken(now: number, urgent?: boolean): void
  /** Milliseconds to wait before asking again; 0: go. */
  waitMs(now: number): number
  /** A pass changed something. */
  passed(now: number): void
  /** Whether changes come so fast that they are gathered. */
  flooded(now: number): boolean
}

/** So many passes within the window are a flood. */
const PASSES = 3
const WINDOW_MS = 3_000
/** It is over when nothing came for so long. */
const QUIET_MS = 300
/** However long it lasts, what was gathered goes live this often. */
const LATEST_MS = 5_000
/** A pause in the middle of a flood waits no longer than after its end, at the price of more passes. */
const URGENT_MS = QUIET_MS

export function pace(): Pace {
  let passes: number[] = []
  let lastWake = Number.NEGATIVE_INFINITY
  let gatheringSince: number | null = null
  let urgentSince: number | null = null
  const flooded = (now: number) => {
    passes = passes.filter((at) => now - at < WINDOW_MS)
    return gatheringSince !== null || passes.length >= PASSES
  }
  const gathered = (now: number) => {
    if (!flooded(now)) return 0
    gatheringSince ??= now
    const quietIn = lastWake + QUIET_MS - now
    const urgentIn = (urgentSince ?? Number.POSITIVE_INFINITY) + URGENT_MS - now
    const latestIn = Math.min(gatheringSince + LATEST_MS - now, urgentIn)
    if (quietIn <= 0) {
      gatheringSince = null
      passes = []
      return 0
    }
    if (latestIn <= 0) {
      gatheringSince = now
      return 0
    }
    return Math.min(quietIn, latestIn)
  }
  return {
    woken: (now, urgent = false) => {
      lastWake = now
      if (urgent) urgentSince ??= now
    },
    waitMs: (now) => {
      const ms = gathered(now)
      // What is urgent is committed before it is told, so the pass that begins now has it.
      if (ms === 0) urgentSince = null
      return ms
    },
    passed: (now) => void passes.push(now),
    flooded,
  }
}
