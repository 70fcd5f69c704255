import { expect, test } from 'vitest'
import { testDatabase } from '../db/testing.ts'
import { emit, emitAll, tidyOutbox } from './outbox.ts'

const DAY_MS = 24 * 60 * 60_000
const failed = (n: number) => ({ username: `u${n}`, address: '203.0.113.7' })

async function outbox() {
  const { db } = await testDatabase()
  const left = async () =>
    (await db.selectFrom('outbox').select('data').orderBy('id').execute()).map(
      ({ data }) => (JSON.parse(data) as { username: string }).username,
    )
  return { db, left }
}

test('events are told when their change is kept, and only then', async () => {
  const { db, left } = await outbox()
  await db.transaction().execute((trx) => emit(trx, 'login.failed', failed(1), 0))
  const undone = db.transaction().execute(async (trx) => {
    await emitAll(trx, 'login.failed', [failed(2), failed(3)], 0)
    throw new Error('undone')
  })
  await expect(undone).rejects.toThrow('undone')
  expect(await left()).toEqual(['u1'])
})

test('what is old goes, and of a flood only the newest stays', async () => {
  const { db, left } = await outbox()
  expect(await tidyOutbox(db, 0)).toBe(0)
  await db.transaction().execute(async (trx) => {
    await emit(trx, 'login.failed', failed(0), 0)
    const many = Array.from({ length: 1_500 }, (_, n) => failed(n + 1))
    await emitAll(trx, 'login.failed', many, 2 * DAY_MS)
  })
  expect(await tidyOutbox(db, 30 * DAY_MS)).toBe(0)
  expect(await tidyOutbox(db, 31 * DAY_MS)).toBe(1)
  expect(await tidyOutbox(db, 31 * DAY_MS, 2)).toBe(1_498)
  expect(await left()).toEqual(['u1499', 'u1500'])
})
