import { stat } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import type { AppError } from '../errors.ts'
import { hashQueue } from './hash-queue.ts'
import { passwords } from './passwords.ts'

describe('passwords', () => {
  const cheap = passwords({ cost: 4 })

  test('LG-08 what stands after 72 bytes counts', async () => {
    const long = 'x'.repeat(72)
    const hashed = await cheap.hash(`${long}one`)
    expect(await cheap.verify(`${long}one`, hashed)).toBe(true)
    expect(await cheap.verify(`${long}two`, hashed)).toBe(false)
    expect(await cheap.verify(long, hashed)).toBe(false)
  })

  test('LG-08 what stands after a NUL counts', async () => {
    const hashed = await cheap.hash('before\0after')
    expect(await cheap.verify('before\0after', hashed)).toBe(true)
    expect(await cheap.verify('before\0other', hashed)).toBe(false)
    expect(await cheap.verify('before', hashed)).toBe(false)
  })

  test('the same letters are the same password, however a keyboard composes them', async () => {
    expect(await cheap.verify('caf\u00e9 au lait', await cheap.hash('cafe\u0301 au lait'))).toBe(true)
  })

  test('nothing fits the hash of nobody', async () => {
    expect(await cheap.verify('', null)).toBe(false)
    expect(await cheap.verify('anything', 'not a hash')).toBe(false)
  })

  test('the cost is 12', async () => {
    expect(await passwords().hash('some password')).toMatch(/^\$2b\$12\$/)
  })
})

describe('the line before hashing', () => {
  test('LG-09 of 64 at once two run, twenty wait in order, and the rest are told to come back', async () => {
    const queue = hashQueue({ concurrency: 2, waiting: 20 })
    let running = 0
    let most = 0
    const order: number[] = []
    const gate = Promise.withResolvers<void>()
    const all = Array.from({ length: 64 }, (_, n) =>
      queue.run(async () => {
        running += 1
        most = Math.max(most, running)
        order.push(n)
        await gate.promise
        running -= 1
      }),
    )
    const settled = Promise.allSettled(all)
    gate.resolve()
    const refused = (await settled).filter((r) => r.status === 'rejected').map((r) => r.reason as AppError)
    expect(refused).toHaveLength(64 - 22)
    expect(refused[0]).toMatchObject({ code: 'busy', retryAfterS: 5 })
    expect(most).toBe(2)
    expect(order).toEqual(Array.from({ length: 22 }, (_, n) => n))
    // The places are free again.
    await expect(queue.run(async () => 'done')).resolves.toBe('done')
  })

  test('LG-09 while hashes run, the threads for files are not all taken', async () => {
    const real = passwords({ cost: 10 })
    const hashes = Promise.allSettled(Array.from({ length: 64 }, () => real.hash('some password')))
    let hashing = true
    void hashes.then(() => {
      hashing = false
    })
    await stat(import.meta.filename)
    expect(hashing).toBe(true)
    await hashes
  })

  test('a piece that fails gives its place back', async () => {
    const queue = hashQueue({ concurrency: 1, waiting: 0 })
    await expect(queue.run(() => Promise.reject(new Error('no')))).rejects.toThrow('no')
    await expect(queue.run(async () => 'done')).resolves.toBe('done')
  })
})
