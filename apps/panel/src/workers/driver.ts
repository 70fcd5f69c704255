import { setTimeout as sleep } from 'node:timers/promises'
import type { WorkerState } from '@argos/contract'
import type { FastifyBaseLogger } from 'fastify'
import type { z } from 'zod'
import type { Clock } from '../clock.ts'
import type { Worker } from './worker.ts'

type State = z.infer<typeof WorkerState>

export interface Driver {
  /** Runs its passes one after another until `stop`. */
  start(worker: Worker): void
  /** What each worker did last, for the status page. */
  states(): State[]
  /** Tells all of them to stop, and resolves once the passes that run have ended, or after `graceMs`. */
  stop(graceMs: number): Promise<void>
}

export function workerDriver({ log, clock }: { log: FastifyBaseLogger; clock: Clock }): Driver {
  const stopping = new AbortController()
  const states: State[] = []
  const running: Promise<void>[] = []

  const pass = async (worker: Worker, state: State) => {
    const began = performance.now()
    const limit = AbortSignal.timeout(worker.timeoutMs)
    const signal = AbortSignal.any([stopping.signal, limit])
    try {
      // A pass that does not heed its signal is not waited for: the next one may start beside it.
      state.lastResult = await Promise.race([worker.run(signal), rejected(signal)])
      state.lastError = null
      state.failures = 0
    } catch (err) {
      if (stopping.signal.aborted) return
      state.failures += 1
      state.lastError = limit.aborted ? `Took longer than ${worker.timeoutMs / 1_000} s.` : messageOf(err)
      log.error({ worker: worker.name, failures: state.failures, err }, 'pass failed; it is tried again')
    }
    state.lastRunAt = clock.now()
    state.lastTookMs = Math.round(performance.now() - began)
  }

  const drive = async (worker: Worker, state: State) => {
    while (!stopping.signal.aborted) {
      const next = new AbortController()
      // Listening before the pass: a wake during it brings another right after.
      worker.wake?.addEventListener('wake', () => next.abort(), { once: true, signal: next.signal })
      await pass(worker, state)
      const pause = AbortSignal.any([stopping.signal, next.signal])
      await sleep(worker.everyMs, undefined, { signal: pause }).catch(() => 'woken, or told to stop')
      next.abort()
    }
  }

  return {
    start(worker) {
      const state: State = {
        name: worker.name,
        everyMs: worker.everyMs,
        lastRunAt: null,
        lastTookMs: null,
        lastResult: null,
        lastError: null,
        failures: 0,
      }
      states.push(state)
      running.push(drive(worker, state))
    },
    states: () => states.map((state) => ({ ...state })),
    async stop(graceMs) {
      stopping.abort()
      const over = new AbortController()
      const grace = sleep(graceMs, undefined, { signal: over.signal }).catch(() => 'all ended in time')
      await Promise.race([Promise.all(running), grace])
      over.abort()
    },
  }
}

const rejected = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true })
  })

const messageOf = (err: unknown): string => (err instanceof Error ? err.message : String(err))
