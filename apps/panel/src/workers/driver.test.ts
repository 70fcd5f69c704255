import pino from 'pino'
import { describe, expect, test } from 'vitest'
import { fakeClock } from '../db/testing.ts'
import { workerDriver } from './driver.ts'
import type { Worker } from './worker.ts'

const driver = () => workerDriver({ log: pino({ level: 'silent' }), clock: fakeClock(1_000) })
const HOUR = 3_600_000
const worker = (over: Partial<Worker>): Worker => ({
  name: 'test',
  everyMs: HOUR,
  timeoutMs: HOUR,
  run: async () => ({}),
  ...over,
})
/** A `run` that tests let go pass by pass. */
function stepped() {
  const wake = new EventTarget()
  const passes: PromiseWithResolvers<Record<string, unknown>>[] = []
  let began = Promise.withResolvers<void>()
  return {
    wake,
    passes,
    wakeUp: () => void wake.dispatchEvent(new Event('wake')),
    /** Resolves when the n-th pass has begun. */
    async begun(n: number) {
      while (passes.length < n) {
        await began.promise
        began = Promise.withResolvers<void>()
      }
    },
    run: () => {
      const pass = Promise.withResolvers<Record<string, unknown>>()
      passes.push(pass)
      began.resolve()
      return pass.promise
    },
  }
}

describe('the worker driver', () => {
  test('runs a pass at once and shows what it returned', async () => {
    const d = driver()
    const w = stepped()
    d.start(worker(w))
    await w.begun(1)
    expect(d.states()).toMatchObject([{ name: 'test', lastRunAt: null, failures: 0 }])
    w.passes[0]?.resolve({ did: 3 })
    w.wakeUp()
    await w.begun(2)
    expect(d.states()).toMatchObject([{ lastRunAt: 1_000, lastResult: { did: 3 }, lastError: null }])
    await d.stop(0)
  })

  test('a wake during a pass brings exactly one more right after it, however many there were', async () => {
    const d = driver()
    const w = stepped()
    d.start(worker(w))
    await w.begun(1)
    for (let n = 0; n < 5; n++) w.wakeUp()
    expect(w.passes).toHaveLength(1)
    w.passes[0]?.resolve({})
    await w.begun(2)
    w.passes[1]?.resolve({})
    await new Promise(setImmediate)
    expect(w.passes).toHaveLength(2)
    await d.stop(0)
  })

  test('a pass that fails is counted and tried again; one that succeeds clears it', async () => {
    const d = driver()
    const w = stepped()
    d.start(worker(w))
    for (let n = 1; n <= 2; n++) {
      await w.begun(n)
      w.passes[n - 1]?.reject(new Error(`no ${n}`))
      w.wakeUp()
    }
    await w.begun(3)
    expect(d.states()).toMatchObject([{ failures: 2, lastError: 'no 2' }])
    w.passes[2]?.resolve({})
    w.wakeUp()
    await w.begun(4)
    expect(d.states()).toMatchObject([{ failures: 0, lastError: null }])
    await d.stop(0)
  })

  test('a pass that never ends is given up after its limit, and the others are not held up', async () => {
    const d = driver()
    const stuck = stepped()
    const w = stepped()
    d.start(worker({ ...stuck, name: 'stuck', timeoutMs: 1, everyMs: 1 }))
    d.start(worker(w))
    await stuck.begun(2)
    await w.begun(1)
    expect(d.states()[0]).toMatchObject({ failures: 1, lastError: 'Took longer than 0.001 s.' })
    await d.stop(0)
  })

  test('stop tells the passes, waits for those that heed, and starts no more', async () => {
    const d = driver()
    let told = false
    const w = stepped()
    d.start(
      worker({
        wake: w.wake,
        run: (signal) => {
          signal.addEventListener('abort', () => {
            told = true
          })
          return w.run()
        },
      }),
    )
    await w.begun(1)
    await d.stop(HOUR)
    expect(told).toBe(true)
    w.wakeUp()
    await new Promise(setImmediate)
    expect(w.passes).toHaveLength(1)
  })
})
