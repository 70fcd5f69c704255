import { setTimeout as sleep } from 'node:timers/promises'

/**
 * Repeats `check` until it neither throws nor answers null, undefined or false, and answers what it answered. After
 * `timeoutMs` it rejects with the last failure as cause.
 */
export async function eventually<T>(
  what: string,
  check: () => T | Promise<T>,
  { timeoutMs = 10_000, everyMs = 25 }: { timeoutMs?: number; everyMs?: number } = {},
): Promise<NonNullable<Exclude<T, false>>> {
  const until = performance.now() + timeoutMs
  for (;;) {
    let cause: unknown
    try {
      const answer = await check()
      if (answer !== null && answer !== undefined && answer !== false) {
        return answer as NonNullable<Exclude<T, false>>
      }
      cause = answer
    } catch (err) {
      cause = err
    }
    if (performance.now() > until) throw new Error(`not within ${timeoutMs} ms: ${what}`, { cause })
    await sleep(everyMs)
  }
}
