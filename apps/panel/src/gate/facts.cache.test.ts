import type { Evict } from '@argos/caddy-admin'
import pino from 'pino'
import { describe, expect, test } from 'vitest'
import { fakeClock, testDatabase } from '../db/testing.ts'
import { factsCache } from './facts.cache.ts'
import { factsService } from './facts.service.ts'
import type { Facts } from './facts.ts'
import { guesses } from './guesses.ts'
import { insertHost, insertUser, now } from './testing.ts'

const facts = (more: Partial<Facts> = {}): Facts => ({
  ...{ session: 's_1', groups: [], factor_at: null, auth_at: now, paths: null },
  ...{ until: now + 3_600_000, source: 'session' as const },
  person: { id: 'u_1', username: 'a', name: 'a', email: '', groups: [], provider: 'local' },
  ...more,
})
const kept = (credential: string, more: Partial<Facts> = {}) => ({
  ...{ credential, host: 'h_app' },
  facts: facts(more),
})

describe('what is remembered of credentials', () => {
  test('FA-20 what was read before an eviction is not remembered after it, whoever was evicted', () => {
    const cache = factsCache(fakeClock())
    for (const what of [{ session: 's_1' }, { session: 's_other' }, { all: true }] as const) {
      cache.evict({ all: true })
      const before = cache.epoch()
      cache.evict(what)
      cache.put(before, kept('c'))
      expect(cache.get('c', 'h_app')).toBeNull()
      cache.put(cache.epoch(), kept('c'))
      expect(cache.get('c', 'h_app')).not.toBeNull()
    }
  })

  test('FA-20 a sign-out that ends while the database is being read leaves nothing behind', async () => {
    const { db } = await testDatabase()
    const clock = fakeClock()
    await insertUser(db, 'u_1')
    await insertHost(db, 'h_app', ['app.example.com'])
    const cache = factsCache(clock)
    const session = {
      ...{ tokenHash: 't', id: 's_1', userId: 'u_1', username: '1', role: 'member' as const },
      ...{ authAt: now, factorAt: null, endsAt: now + 3_600_000 },
    }
    await db
      .insertInto('session')
      .values({
        ...{ token_hash: 't', id: 's_1', user_id: 'u_1', created_at: now, last_seen_at: now },
        ...{ expires_at: now + 3_600_000, address: '', user_agent: '', method: 'password', auth_at: now },
      })
      .execute()
    const hash = 'c'.repeat(64)
    await db
      .insertInto('edge_session')
      .values({
        ...{ token_hash: hash, host_id: 'h_app', session_id: 's_1', created_at: now },
        expires_at: now + 3_600_000,
      })
      .execute()
    const reading = Promise.withResolvers<void>()
    const ended = Promise.withResolvers<void>()
    const service = factsService({
      ...{ db, clock, cache, guesses: guesses(clock), uses: { used: () => undefined } },
      log: pino({ level: 'silent' }),
      sessions: {
        findById: async () => {
          reading.resolve()
          await ended.promise
          return session
        },
      },
    })
    const question = { credential: hash, kind: 'cookie', host: 'h_app', client: '' } as const
    const asked = service.ask(question)
    await reading.promise
    await db.deleteFrom('session').where('id', '=', 's_1').execute()
    cache.evict({ session: 's_1' })
    ended.resolve()
    await asked
    expect(cache.size).toBe(0)
    expect(await service.ask(question)).toEqual({ facts: null })
  })

  test('FA-19 each way to evict forgets what it names and nothing else', () => {
    const ways: readonly [Evict, readonly string[]][] = [
      [{ session: 's_1' }, ['b', 'c']],
      [{ person: 'u_2' }, ['a', 'c']],
      [{ credential: 'b' }, ['a', 'c']],
      [{ host: 'h_git' }, ['a', 'b', 'c']],
      [{ host: 'h_app' }, []],
      [{ all: true }, []],
    ]
    for (const [what, left] of ways) {
      const cache = factsCache(fakeClock())
      cache.put(cache.epoch(), kept('a'))
      cache.put(
        cache.epoch(),
        kept('b', {
          session: 's_2',
          person: { ...(facts().person as object), id: 'u_2' } as Facts['person'],
        }),
      )
      cache.put(cache.epoch(), kept('c', { session: 'l_1', person: null, source: 'guest' }))
      cache.evict(what)
      expect(['a', 'b', 'c'].filter((credential) => cache.get(credential, 'h_app') !== null)).toEqual(left)
    }
  })

  test('FA-21 for 30 s, and never past the end of what it is about', () => {
    const clock = fakeClock()
    const cache = factsCache(clock)
    cache.put(cache.epoch(), kept('long'))
    cache.put(cache.epoch(), kept('short', { until: now + 5_000 }))
    cache.put(cache.epoch(), kept('over', { until: now }))
    expect(cache.size).toBe(2)
    clock.set(now + 4_999)
    expect(cache.get('short', 'h_app')).not.toBeNull()
    clock.set(now + 5_000)
    expect(cache.get('short', 'h_app')).toBeNull()
    clock.set(now + 29_999)
    expect(cache.get('long', 'h_app')).not.toBeNull()
    clock.set(now + 30_000)
    expect(cache.get('long', 'h_app')).toBeNull()
  })

  test('FA-18 of 10,000 at the most, those used last', () => {
    const cache = factsCache(fakeClock())
    for (let n = 0; n < 10_000; n++) cache.put(cache.epoch(), kept(`c${n}`))
    expect(cache.get('c0', 'h_app')).not.toBeNull()
    for (let n = 0; n < 50; n++) cache.put(cache.epoch(), kept(`more${n}`))
    expect(cache.size).toBe(10_000)
    expect(cache.get('c0', 'h_app')).not.toBeNull()
    expect(cache.get('c1', 'h_app')).toBeNull()
    expect(cache.get('c51', 'h_app')).not.toBeNull()
  })
})

test('wrong credentials are remembered for so many addresses, and no more', () => {
  const clock = fakeClock()
  const few = guesses(clock, { addresses: 3 })
  for (let address = 1; address <= 10; address++)
    for (let n = 0; n < 5; n++) few.wrong(`10.0.0.${address}`, `c${n}`)
  expect([1, 7, 8, 10].map((n) => few.waitS(`10.0.0.${n}`) > 0)).toEqual([false, false, true, true])
})
