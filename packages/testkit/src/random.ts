export interface Random {
  /** From 0 up to, but not, 1. */
  next(): number
  /** A whole number from 0 up to, but not, `below`. */
  below(below: number): number
  pick<T>(items: readonly [T, ...T[]]): T
}

/** Numbers that come again with the same seed: TEST_SEED, or a new one, which is printed so that a failure can be repeated. */
export function seededRandom(what: string): Random {
  const seed = Number(process.env.TEST_SEED ?? Math.floor(Math.random() * 2 ** 32)) >>> 0
  console.info(`${what}: TEST_SEED=${seed}`)
  // mulberry32
  let state = seed
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (n: number) => Math.floor(next() * n)
  return { next, below, pick: (items) => items[below(items.length)] ?? items[0] }
}
