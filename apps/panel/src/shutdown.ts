import type { FastifyBaseLogger } from 'fastify'

/** Shorter than what the launcher waits before it kills. */
const LIMIT_MS = 12_000

/**
 * On the first SIGTERM or SIGINT runs the steps in order and exits 0; on the second, or when a step takes too long,
 * exits at once.
 */
export function onSignals(steps: readonly (() => Promise<void>)[], log: FastifyBaseLogger): void {
  let stopping = false
  const stop = async (signal: string) => {
    if (stopping) {
      log.warn({ signal }, 'told twice: ending now')
      process.exit(1)
    }
    stopping = true
    log.info({ signal }, 'stopping')
    setTimeout(() => {
      log.warn('stopping took too long: ending now')
      process.exit(0)
    }, LIMIT_MS).unref()
    for (const step of steps)
      await step().catch((err: unknown) => log.error({ err }, 'a step of stopping failed'))
    log.info('stopped')
    process.exit(0)
  }
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop(signal))
}

/** A promise nobody waited for is a bug and is logged; it ends neither the process nor other people's requests. */
export function onStrayErrors(log: FastifyBaseLogger): void {
  process.on('unhandledRejection', (err) => log.error({ err }, 'a rejection was not handled'))
  process.on('uncaughtException', (err) => {
    // What it broke is not known: end cleanly, to be started again.
    log.fatal({ err }, 'an exception was not caught')
    process.exit(1)
  })
}
