import { AppError } from '../errors.ts'

export interface HashQueue {
  run<T>(work: () => Promise<T>): Promise<T>
}

/**
 * Runs at most `concurrency` pieces of work at once, lets `waiting` more stand in line and refuses the rest. Hashing
 * passwords fills libuv's threads: without a bound, every file access of the process waits seconds behind it.
 */
export function hashQueue({ concurrency, waiting }: { concurrency: number; waiting: number }): HashQueue {
  const line: (() => void)[] = []
  let running = 0
  return {
    async run(work) {
      if (running >= concurrency) {
        if (line.length >= waiting) {
          throw new AppError('busy', 'Too many people are signing in at once. Try again in a few seconds.', {
            retryAfterS: 5,
          })
        }
        // Whoever finishes hands over its place, so nobody overtakes.
        await new Promise<void>((turn) => line.push(turn))
      } else {
        running += 1
      }
      try {
        return await work()
      } finally {
        const next = line.shift()
        if (next) next()
        else running -= 1
      }
    },
  }
}
