import { login, type Problem, stepUp, userDisable } from '@argos/contract'
import { describe, expect, test } from 'vitest'
import { password, peopleBench } from '../people/testing.ts'
import { clientOf, origin, throughEdge } from '../testing.ts'

const MINUTE = 60_000

/** Ben's account, his own browser, and strangers from as many addresses as it takes. */
async function bench() {
  const made = await peopleBench()
  const { app, user, db } = made
  const ben = await user('ben')
  let addresses = 0
  const stranger = (typed: string, username = 'ben') => {
    addresses += 1
    const address = `198.51.${100 + Math.floor(addresses / 250)}.${addresses % 250}`
    return clientOf(app, { ...throughEdge, 'x-argos-client': address }).send({
      method: 'POST',
      url: login.path,
      headers: { origin },
      payload: { username, password: typed },
    })
  }
  const failures = async () =>
    (await db.selectFrom('account_failure').select('id').where('user_id', '=', ben).execute()).length
  return { ...made, ben, stranger, failures }
}

describe('an account that many addresses try', () => {
  test('LG-05 backs off after ten failures, while its owner gets in from a browser that is known', async () => {
    const { stranger, failures, signedIn, hashed, app } = await bench()
    const owner = await signedIn('ben', '203.0.113.20')
    hashed.length = 0
    for (let n = 0; n < 200; n++) expect((await stranger(`guess ${n}`)).statusCode).toBe(401)
    // Each cost its one hash, and ten of them were compared with Ben's password.
    expect([hashed.length, await failures()]).toEqual([200, 10])
    expect((await stranger(password)).statusCode).toBe(401)
    const again = await owner.client.signIn({ username: 'ben', password })
    expect(again.user.username).toBe('ben')
    // The same browser at another address, without its session.
    const device = /__Host-argos-device=[^;]+/.exec(owner.client.cookie())?.[0] ?? ''
    const moved = await app.inject({
      method: 'POST',
      url: login.path,
      headers: { ...throughEdge, 'x-argos-client': '192.0.2.200', origin, cookie: device },
      payload: { username: 'ben', password },
    })
    expect(moved.statusCode).toBe(200)
    // It opens no account but those that signed in from it, and nothing by itself.
    expect(device).not.toBe('')
    const alone = await app.inject({
      method: 'GET',
      url: '/api/v1/me',
      headers: { ...throughEdge, cookie: device },
    })
    expect(alone.statusCode).toBe(401)
  })

  test('LG-05 a hundred at once are ten tries', async () => {
    const { stranger, failures } = await bench()
    await Promise.all(Array.from({ length: 100 }, (_, n) => stranger(`guess ${n}`)))
    expect(await failures()).toBe(10)
  })

  test('LG-05 a try a pause: 30 seconds, then twice as long, up to 15 minutes, for a day', async () => {
    const { stranger, failures, clock } = await bench()
    for (let n = 0; n < 10; n++) await stranger('wrong')
    const waits = [30_000, 60_000, 2 * MINUTE, 4 * MINUTE, 8 * MINUTE, 15 * MINUTE, 15 * MINUTE]
    for (const [n, wait] of waits.entries()) {
      clock.advance(wait - 1)
      await stranger('wrong')
      expect(await failures()).toBe(10 + n)
      clock.advance(1)
      await stranger('wrong')
      expect(await failures()).toBe(11 + n)
    }
    clock.advance(15 * MINUTE)
    expect((await stranger(password)).statusCode).toBe(200)
    // A right one is no wrong one, and forgives none.
    expect(await failures()).toBe(17)
    clock.advance(24 * 60 * MINUTE)
    for (let n = 0; n < 9; n++) await stranger('wrong')
    expect((await stranger(password)).statusCode).toBe(200)
  })

  test('LG-05 the cookie of somebody else’s browser is worth nothing', async () => {
    const { stranger, anna, app } = await bench()
    for (let n = 0; n < 10; n++) await stranger('wrong')
    for (const cookie of [anna.cookie(), `__Host-argos-device=${'A'.repeat(43)}`, '__Host-argos-device=']) {
      const res = await app.inject({
        method: 'POST',
        url: login.path,
        headers: { ...throughEdge, 'x-argos-client': '192.0.2.9', origin, cookie },
        payload: { username: 'ben', password },
      })
      expect(res.statusCode).toBe(401)
    }
  })

  test('the database keeps no cookie of a browser', async () => {
    const { anna, db } = await bench()
    const token = /__Host-argos-device=([^;]+)/.exec(anna.cookie())?.[1] ?? 'none'
    const rows = await db.selectFrom('known_device').selectAll().execute()
    expect(rows).toHaveLength(1)
    expect(JSON.stringify(rows)).not.toContain(token)
  })

  test('whoever is signed in and guesses the password is told to wait', async () => {
    const { signedIn, clock } = await bench()
    const { ask } = await signedIn('ben')
    const prove = (typed: string) => ask(stepUp, { body: { method: 'password', password: typed } })
    for (let n = 0; n < 10; n++) expect((await prove('wrong')).statusCode).toBe(400)
    const refused = await prove(password)
    expect([refused.statusCode, refused.headers['retry-after']]).toEqual([429, '30'])
    clock.advance(30_000)
    expect((await prove(password)).statusCode).toBe(200)
  })
})

test('LG-07 unknown, without a password, wrong, disabled and backed off: one hash, one body, the same headers', async () => {
  const { stranger, user, db, ask, hashed } = await bench()
  await db
    .updateTable('user')
    .set({ password_hash: '' })
    .where('id', '=', await user('oidc'))
    .execute()
  await ask(userDisable, { params: { id: await user('gone') } })
  await user('tried')
  for (let n = 0; n < 10; n++) await stranger('wrong', 'tried')
  hashed.length = 0
  const answers = []
  for (const [username, typed] of [
    ['nobody', password],
    ['no name at all!', password],
    ['oidc', ''],
    ['oidc', password],
    ['ben', 'wrong'],
    ['gone', password],
    ['tried', password],
  ] as const) {
    const res = await stranger(typed, username)
    const { requestId, ...body } = res.json<Problem>()
    const { date, 'content-length': length, ...headers } = res.headers
    answers.push({ status: res.statusCode, body, headers, length, hashes: hashed.length })
    hashed.length = 0
    expect(requestId).not.toBe('')
    void date
  }
  expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1)
  expect(answers[0]).toMatchObject({ status: 401, hashes: 1, body: { code: 'unauthenticated' } })
})

test('failed sign-ins are told with the name of an account that exists, and never with what else was typed', async () => {
  const { stranger, db } = await bench()
  await stranger('wrong', 'BEN ')
  await stranger('wrong', 'correct horse battery')
  await stranger('wrong', 'nobody')
  const events = await db.selectFrom('outbox').select('data').where('type', '=', 'login.failed').execute()
  expect(events.map(({ data }) => (JSON.parse(data) as { username: string | null }).username)).toEqual([
    'ben',
    null,
    null,
  ])
  const rows = await db.selectFrom('audit').selectAll().execute()
  expect(JSON.stringify(rows)).not.toContain('correct horse battery')
})

test.each(['BEN', ' ben ', 'ｂｅｎ', 'Ben\u00a0'])('LG-10 %j is ben', async (typed) => {
  const { stranger } = await bench()
  expect((await stranger(password, typed)).statusCode).toBe(200)
})

test.each([
  ['be\u0000n', 401],
  ['bеn', 401], // with a Cyrillic letter
  ['x'.repeat(10_000), 400],
])('LG-10 %j is nobody', async (typed, status) => {
  const { stranger } = await bench()
  expect((await stranger(password, typed)).statusCode).toBe(status)
})
