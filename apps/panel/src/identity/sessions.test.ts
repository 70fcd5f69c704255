import {
  meView,
  passwordChange,
  sessionLimitsUpdate,
  sessionList,
  stepUp,
  userDisable,
  userRole,
} from '@argos/contract'
import { describe, expect, test } from 'vitest'
import { peopleBench } from '../people/testing.ts'
import { admin, clientOf, throughEdge } from '../testing.ts'

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

async function bench() {
  const made = await peopleBench()
  const me = async () => (await made.ask(meView, {})).statusCode
  return { ...made, me }
}

describe('a session ends', () => {
  test.each([true, false])(
    'SE-03 a day after its last use, to the second (written down meanwhile: %s)',
    async (written) => {
      const { me, clock, sessions } = await bench()
      const tenMinutes = async () => {
        for (let n = 0; n < 10; n++) {
          clock.advance(MINUTE)
          await sessions.tidy()
        }
      }
      clock.advance(3 * MINUTE)
      expect(await me()).toBe(200)
      if (written) await tenMinutes()
      clock.advance(DAY - (written ? 10 * MINUTE : 0) - SECOND)
      expect(await me()).toBe(200)
      if (written) await tenMinutes()
      clock.advance(DAY - (written ? 10 * MINUTE : 0) - 1)
      await sessions.tidy()
      clock.advance(1)
      expect(await me()).toBe(401)
      await sessions.tidy()
      expect(await me()).toBe(401)
    },
  )

  test('SE-03 after 168 hours in any case, to the second, used each minute of it', async () => {
    const { me, clock, sessions } = await bench()
    for (let n = 1; n < 168 * 60; n++) {
      clock.advance(MINUTE)
      if (n % 60 === 0) expect(await me()).toBe(200)
      if (n % 30 === 0) await sessions.tidy()
    }
    clock.advance(MINUTE - SECOND)
    expect(await me()).toBe(200)
    clock.advance(SECOND - 1)
    expect(await me()).toBe(200)
    clock.advance(1)
    expect(await me()).toBe(401)
  })

  test.each([1, 720])('SE-03 after %i hours, when that is set', async (hours) => {
    const { ask, anna, me, clock } = await bench()
    expect((await ask(sessionLimitsUpdate, { body: { hours } })).json()).toEqual({ hours })
    await anna.signIn()
    const step = Math.min(hours, 23) * HOUR
    for (let passed = step; passed < hours * HOUR; passed += step) {
      clock.advance(step)
      expect(await me()).toBe(200)
    }
    clock.set(Date.UTC(2026, 0, 1) + hours * HOUR - SECOND)
    expect(await me()).toBe(200)
    clock.advance(SECOND)
    expect(await me()).toBe(401)
  })

  test('SE-03 sooner, when the limit is made shorter; the edge forgets them all', async () => {
    const { ask, me, clock, told } = await bench()
    clock.advance(2 * HOUR)
    expect(await me()).toBe(200)
    await ask(sessionLimitsUpdate, { body: { hours: 2 } })
    expect(told.at(-1)).toEqual({ all: true })
    expect(await me()).toBe(401)
  })

  test.each([0, 721, 1.5])('a limit of %d hours is refused', async (hours) => {
    const { ask } = await bench()
    expect((await ask(sessionLimitsUpdate, { body: { hours } })).statusCode).toBe(400)
  })
})

test('the last use is written at most every five minutes, however often a session is used', async () => {
  const { me, clock, sessions, db } = await bench()
  const written: number[] = []
  for (let second = 0; second < 30 * 60; second += 20) {
    clock.advance(20 * SECOND)
    await me()
    if (second % 60 === 0 && (await sessions.tidy()).used > 0) written.push(clock.now())
  }
  const gaps = written.slice(1).map((at, i) => at - (written[i] ?? 0))
  expect(written.length).toBeGreaterThan(3)
  expect(Math.min(...gaps)).toBeGreaterThanOrEqual(5 * MINUTE)
  // Once it rests, its very last use is written, too.
  const last = clock.now()
  for (let n = 0; n < 7; n++) {
    clock.advance(MINUTE)
    await sessions.tidy()
  }
  const row = await db.selectFrom('session').select('last_seen_at').executeTakeFirstOrThrow()
  expect(row.last_seen_at).toBe(last)
})

describe('SE-01 the token is another', () => {
  test('after a step-up and after a new password, while the session goes on under its id', async () => {
    const { anna, ask, app } = await bench()
    const cookies = [anna.cookie()]
    const ids = [(await ask(meView, {})).json<{ session: { id: string } }>().session.id]
    const proof = { method: 'password' as const, password: admin.password }
    const again = await ask(stepUp, { body: proof })
    ids.push(again.json<{ session: { id: string } }>().session.id)
    cookies.push(anna.cookie())
    const changed = await ask(passwordChange, {
      body: { current: admin.password, password: 'another password' },
    })
    expect(changed.statusCode).toBe(200)
    ids.push(changed.json<{ me: { session: { id: string } } }>().me.session.id)
    cookies.push(anna.cookie())
    expect(new Set(ids).size).toBe(1)
    expect(new Set(cookies).size).toBe(3)
    const answers = []
    for (const cookie of cookies) {
      const res = await app.inject({ method: 'GET', url: '/api/v1/me', headers: { ...throughEdge, cookie } })
      answers.push(res.statusCode)
    }
    expect(answers).toEqual([401, 401, 200])
  })

  test('after a role change: the sessions of before are gone', async () => {
    const { ask, user, signedIn, told } = await bench()
    const ben = await user('ben')
    const before = await signedIn('ben')
    expect((await ask(userRole, { params: { id: ben }, body: { role: 'admin' } })).statusCode).toBe(200)
    expect(told).toEqual([{ person: ben }])
    expect((await before.ask(meView, {})).statusCode).toBe(401)
    expect((await signedIn('ben')).me.user.role).toBe('admin')
  })

  test('than one that somebody set before the sign-in', async () => {
    const { app } = await bench()
    const planted = `__Host-panel=${'A'.repeat(43)}`
    const client = clientOf(app, { ...throughEdge })
    const res = await client.send({
      method: 'POST',
      url: '/api/v1/login',
      headers: { origin: 'https://panel.example.com', cookie: planted },
      payload: admin,
    })
    expect(res.statusCode).toBe(200)
    expect(res.cookies[0]?.value).toMatch(/^[A-Za-z0-9_-]{43}$/)
    expect(`__Host-panel=${res.cookies[0]?.value}`).not.toBe(planted)
  })
})

test('SE-08 of 1,000 sign-ins the newest 20 are left, and the others are named to whoever tells the edge', async () => {
  const { sessions, db, user } = await bench()
  const ben = await user('ben')
  const opened: string[] = []
  const dropped: string[] = []
  for (let n = 0; n < 1_000; n++) {
    const from = { address: '203.0.113.7', userAgent: 'test' }
    const one = await db.transaction().execute((trx) => sessions.open(trx, ben, from, 'password'))
    opened.push(one.id)
    dropped.push(...one.dropped)
  }
  const left = await db.selectFrom('session').select('id').where('user_id', '=', ben).execute()
  expect(left.map(({ id }) => id).sort()).toEqual(opened.slice(-20).sort())
  expect(dropped).toEqual(opened.slice(0, -20))
})

test('SE-12 what grants roles wants a proof of the last ten minutes, to the second, and no more after one', async () => {
  const { ask, user, clock, anna } = await bench()
  const ben = await user('ben')
  const grant = () => ask(userRole, { params: { id: ben }, body: { role: 'member' } })
  clock.advance(10 * MINUTE - SECOND)
  expect((await grant()).statusCode).toBe(200)
  clock.advance(SECOND)
  const refused = await grant()
  expect([refused.statusCode, refused.json()]).toMatchObject([403, { code: 'step_up_required' }])
  // What is no grant goes on.
  expect((await ask(userDisable, { params: { id: ben } })).statusCode).toBe(200)
  const wrong = await ask(stepUp, { body: { method: 'password', password: 'wrong' } })
  expect([wrong.statusCode, wrong.json()]).toMatchObject([400, { fields: [{ path: 'password' }] }])
  expect((await grant()).statusCode).toBe(403)
  const csrf = anna.csrf()
  const right = await ask(stepUp, { body: { method: 'password', password: admin.password } })
  expect(right.json()).toMatchObject({ session: { authAt: clock.now(), factorAt: null }, csrfToken: csrf })
  clock.advance(10 * MINUTE - SECOND)
  expect((await grant()).statusCode).toBe(200)
})

test('SE-07 everybody sees their own sessions, with where they are used from', async () => {
  const { ask, user, signedIn, clock } = await bench()
  await user('ben')
  await signedIn('ben', '198.51.100.4')
  const again = await signedIn('anna', '203.0.113.77')
  const own = (await ask(sessionList, {})).json<{ sessions: { current: boolean; address: string }[] }>()
    .sessions
  expect(own.map(({ current, address }) => [current, address])).toEqual([
    [true, '203.0.113.7'],
    [false, '203.0.113.77'],
  ])
  clock.advance(SECOND)
  expect((await again.ask(sessionList, {})).json()).toMatchObject({
    sessions: [{ current: true }, { current: false }],
  })
})
