import type { FastifyBaseLogger } from 'fastify'

/** Shorter than what the launcher waits before it kills. */
const LIMIT_MS = 12_000

export interface Shutdown {
  /** What is opened last is closed first. */
  onClose(close: () => Promise<void> | void): void
  stopping(): boolean
}

/**
 * From now on the first SIGTERM or SIGINT closes everything and exits 0; a second one, or a step that takes too long,
 * ends it at once.
 */
export function onSignals(log: FastifyBaseLogger): Shutdown {
  const closers: (() => Promise<void> | void)[] = []
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
    for (const close of closers.reverse()) {
      await Promise.try(close).catch((err: unknown) => log.error({ err }, 'a step of stopping failed'))
    }
    log.info('stopped')
    process.exit(0)
  }
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop(signal))
  return { onClose: (close) => void closers.push(close), stopping: () => stopping }
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
