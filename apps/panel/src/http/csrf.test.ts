import { logout, operations, settingsUpdate } from '@argos/contract'
import { describe, expect, test } from 'vitest'
import type { DB } from '../db/schema.ts'
import { hashToken, newToken } from '../secrets.ts'
import { admin, clientOf, origin, type TestPanel, testPanel, throughEdge, urlOf } from '../testing.ts'

const reading = operations.filter((op) => op.method === 'GET')
const changing = operations.filter((op) => op.method !== 'GET')
const closed = operations.filter((op) => op.scope !== 'public')
/** These are judged by the credential they bring; a session that happens to be there changes nothing. */
const withCredential = [
  'login',
  'loginChallenge',
  'loginChallengeView',
  'loginPasskey',
  'loginPasskeyOptions',
  'setupCreate',
  'invitationOpen',
  'invitationAccept',
  'resetOpen',
  'resetFinish',
  'oidcBackchannelLogout',
  'oidcCallback',
]
const bySession = changing.filter((op) => !withCredential.includes(op.id))

async function signedIn() {
  const panel = await testPanel()
  const anna = clientOf(panel.app)
  await anna.signIn()
  return { ...panel, anna, dump: () => everyRow(panel) }
}
/** One panel for tests in which everything is refused: that nothing changes is what they show. */
let kept: ReturnType<typeof signedIn> | undefined
const shared = () => {
  kept ??= signedIn()
  return kept
}
/** Another session of the same person; one for all, as a person has only so many. */
let other: Promise<ReturnType<typeof clientOf>> | undefined
const elsewhere = () => {
  other ??= shared().then(async ({ app }) => {
    const client = clientOf(app)
    await client.signIn()
    return client
  })
  return other
}

async function everyRow({ db }: Pick<TestPanel, 'db'>) {
  const tables = await db.introspection.getTables()
  expect(tables.length).toBeGreaterThan(15)
  const rows = tables.map(async ({ name }) => [
    name,
    await db
      .selectFrom(name as keyof DB)
      .selectAll()
      .execute(),
  ])
  return JSON.stringify(await Promise.all(rows))
}

describe('who may call what', () => {
  test.each(closed)('$id refuses nobody with 401', async (op) => {
    const { app } = await shared()
    const res = await clientOf(app).call(op, op.method === 'GET' ? undefined : {})
    expect(res.statusCode).toBe(401)
    expect(res.json()).toMatchObject({ code: 'unauthenticated' })
  })

  test('SE-09 F21 a member is refused everything but their own session with 403', async () => {
    const { app, db } = await testPanel()
    await db.updateTable('user').set({ role: 'member' }).execute()
    const member = clientOf(app)
    await member.signIn()
    for (const op of closed.filter((o) => o.scope !== 'session')) {
      const { statusCode } = await member.call(op, op.method === 'GET' ? undefined : {})
      expect([op.id, statusCode]).toEqual([op.id, 403])
    }
  })

  test('the contract and the routes are the same operations', async () => {
    const { app } = await testPanel()
    for (const op of operations) expect(app.hasRoute({ method: op.method, url: op.path })).toBe(true)
    const stray = testPanel({ more: [async (a) => void a.get('/api/v1/stray', () => 'open to all')] })
    await expect(stray).rejects.toThrow(/was not made with route\(\)/)
  })
})

describe('requests that a page of somebody else makes a browser send', () => {
  test.each(changing)('CS-01 CS-04 $id refuses a form, from a sibling domain or anywhere', async (op) => {
    const { anna, dump } = await shared()
    const before = await dump()
    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
    ]) {
      const sent = (headers: Record<string, string>) =>
        anna.send({
          method: op.method,
          url: urlOf(op),
          headers: { 'content-type': type, ...headers },
          payload: '{"a":1}',
        })
      const sibling = { origin: 'https://app.example.com', 'sec-fetch-site': 'same-site' }
      expect((await sent(sibling)).statusCode).toBe(403)
      // Even with everything else in order.
      expect((await sent({ origin, 'x-csrf-token': anna.csrf() })).statusCode).toBe(415)
    }
    expect(await dump()).toBe(before)
  })

  test.each(operations)(
    'CS-02 CS-08 $id refuses fetches of other origins and allows none by CORS',
    async (op) => {
      const { anna, dump } = await shared()
      const before = await dump()
      for (const headers of [
        { origin: 'https://evil.example' },
        { origin: 'https://app.example.com', 'sec-fetch-site': 'same-site' },
        { origin: 'https://panel.example.com.evil.example' },
        { origin: 'https://panel.example.com:8443' },
        { origin: 'http://panel.example.com' },
        { origin: 'null' },
        { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' },
        { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'cors' },
      ]) {
        const sent = { 'x-csrf-token': anna.csrf(), ...headers } as Record<string, string>
        const payload = op.method === 'GET' ? {} : { payload: {} }
        const res = await anna.send({ method: op.method, url: urlOf(op), headers: sent, ...payload })
        expect([headers, res.statusCode]).toEqual([headers, 403])
        expect(Object.keys(res.headers).filter((name) => name.startsWith('access-control-'))).toEqual([])
      }
      expect(await dump()).toBe(before)
    },
  )

  test.each(operations)('CS-02 F24 $id has no preflight that says yes', async (op) => {
    const { anna } = await shared()
    const res = await anna.send({
      method: 'OPTIONS',
      url: urlOf(op),
      headers: { origin: 'https://evil.example', 'access-control-request-method': op.method },
    })
    expect(res.statusCode).toBe(404)
    expect(Object.keys(res.headers).filter((name) => name.startsWith('access-control-'))).toEqual([])
  })

  test.each(bySession)('CS-03 CS-04 $id wants the token of this very session', async (op) => {
    const { anna, dump } = await shared()
    const again = await elsewhere()
    const before = await dump()
    for (const token of ['', 'x', again.csrf(), `${anna.csrf()}x`, newToken()]) {
      const res = await anna.call(op, {}, { 'x-csrf-token': token })
      expect([token, res.statusCode]).toEqual([token, 403])
    }
    // A sibling domain tosses a cookie of its own session in: the page's token does not fit it.
    const tossed = await anna.call(op, {}, { cookie: again.cookie() })
    expect(tossed.statusCode).toBe(403)
    expect(await dump()).toBe(before)
  })

  test('CS-04 every operation that changes something is in one of the lists above', () => {
    expect([...bySession.map((op) => op.id), ...withCredential].sort()).toEqual(
      changing.map((op) => op.id).sort(),
    )
  })

  test('CS-05 no GET changes anything, whoever sends it and whatever it names', async () => {
    const { app, anna, dump, clock } = await signedIn()
    const before = await dump()
    clock.advance(60_000)
    for (const client of [anna, clientOf(app)]) {
      for (const op of reading) {
        expect((await client.call(op)).statusCode).toBeLessThan(500)
        expect((await client.send({ method: 'HEAD', url: urlOf(op) })).statusCode).toBeLessThan(500)
      }
      for (const url of [
        '/',
        '/hosts',
        '/api/docs',
        '/api/openapi.json',
        '/api/v1/setup?token=x',
        '/nothing.js',
      ]) {
        expect((await client.send({ method: 'GET', url })).statusCode).toBeLessThan(500)
      }
    }
    expect(await dump()).toBe(before)
  })

  test('CS-05 no method override turns a GET into something else', async () => {
    const { anna, dump } = await signedIn()
    const before = await dump()
    const headers = { 'x-http-method-override': 'POST', 'x-csrf-token': anna.csrf(), origin }
    expect((await anna.send({ method: 'GET', url: logout.path, headers })).statusCode).toBe(404)
    expect(await dump()).toBe(before)
  })

  test('following a link into the panel is no attack', async () => {
    const { anna } = await signedIn()
    const headers = {
      'sec-fetch-site': 'cross-site',
      'sec-fetch-mode': 'navigate',
      'sec-fetch-dest': 'document',
    }
    expect((await anna.send({ method: 'GET', url: '/hosts', headers })).statusCode).toBe(200)
  })

  test('the own page, and a program without a browser, are let through', async () => {
    const { anna, app } = await signedIn()
    const own = { 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'cors' }
    expect((await anna.call(logout, undefined, own)).statusCode).toBe(204)
    const res = await app.inject({
      method: 'POST',
      url: '/api/v1/login',
      headers: throughEdge,
      payload: admin,
    })
    expect(res.statusCode).toBe(200)
  })
})

describe('bodies', () => {
  const send = async (contentType: string | null, payload: string) => {
    const { anna } = await shared()
    const headers = {
      origin,
      'x-csrf-token': anna.csrf(),
      ...(contentType === null ? {} : { 'content-type': contentType }),
    }
    return anna.send({ method: 'PUT', url: settingsUpdate.path, headers, payload })
  }

  test.each([
    'application/json\ta',
    'application/json,text/plain',
    'application/jsonx',
    'text/plain; application/json',
    'application/json text/plain',
    'application/',
    null,
  ])('CS-09 a body as %j is not read', async (type) => {
    expect((await send(type, '{"version":1}')).statusCode).toBe(415)
  })

  test.each([' application/json', 'application/json; charset=utf-8', 'Application/JSON'])(
    'CS-09 a body as %j is read, and refused for what it says',
    async (type) => expect((await send(type, '{"version":1}')).statusCode).toBe(400),
  )

  test.each([
    ['not JSON', '{"version":'],
    ['nothing', ''],
    ['a key twice', '{"version":1,"version":2}'],
    ['a key twice, once escaped', '{"version":1,"\\u0076ersion":2}'],
    ['__proto__', '{"__proto__":{"role":"admin"}}'],
    ['__proto__, deep and escaped', '{"settings":[{"\\u005f_proto__":1}]}'],
    ['100,000 levels', '['.repeat(100_000) + ']'.repeat(100_000)],
    ['100,000 levels of objects', `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`],
  ])('LG-11 %s is refused', async (_, payload) => {
    const res = await send('application/json', payload)
    expect(res.statusCode).toBe(400)
    expect(res.json()).toMatchObject({ code: 'invalid' })
  })

  test('LG-11 a body above 1 MiB is refused before it is parsed', async () => {
    const res = await send('application/json', `{"x":"${'y'.repeat(1024 * 1024)}"}`)
    expect([res.statusCode, res.json<{ code: string }>().code]).toEqual([413, 'too_large'])
  })

  test('fields that are wrong are named with what to do', async () => {
    const { anna } = await signedIn()
    const settings = {
      panelDomain: 'https://x.example',
      panelTls: 'auto',
      acmeDirectory: 'http://insecure',
      acmeEmail: '',
      acmeRootPem: '',
      trustedProxies: [],
    }
    const res = await anna.call(settingsUpdate, { version: 1, settings })
    expect(res.json<{ fields: { path: string }[] }>().fields.map((f) => f.path)).toEqual([
      'settings.panelDomain',
      'settings.acmeDirectory',
    ])
  })
})

describe('sessions', () => {
  test('SE-04 what the database holds is no session', async () => {
    const { app, db } = await signedIn()
    const { token_hash } = await db.selectFrom('session').select('token_hash').executeTakeFirstOrThrow()
    for (const token of [token_hash, hashToken(token_hash), '', 'x'.repeat(43)]) {
      const res = await app.inject({
        method: 'GET',
        url: '/api/v1/me',
        headers: { ...throughEdge, cookie: `__Host-panel=${token}` },
      })
      expect(res.statusCode).toBe(401)
    }
  })

  test('SE-06 signing out works twice, without a session too, and clears the cookie as it was set', async () => {
    const { app, anna } = await signedIn()
    const cookie = anna.cookie()
    const first = await anna.call(logout)
    expect(first.statusCode).toBe(204)
    expect(first.cookies).toMatchObject([
      { name: '__Host-panel', value: '', path: '/', secure: true, httpOnly: true, sameSite: 'Strict' },
    ])
    const stale = { ...throughEdge, origin, cookie }
    expect((await app.inject({ method: 'POST', url: logout.path, headers: stale })).statusCode).toBe(204)
    expect((await app.inject({ method: 'GET', url: '/api/v1/me', headers: stale })).statusCode).toBe(401)
    expect((await app.inject({ method: 'POST', url: logout.path, headers: throughEdge })).statusCode).toBe(
      204,
    )
  })

  test('SE-01 signing in again ends the session before and begins another', async () => {
    const { app, anna } = await signedIn()
    const before = anna.cookie()
    await anna.signIn()
    expect(anna.cookie()).not.toBe(before)
    const res = await app.inject({
      method: 'GET',
      url: '/api/v1/me',
      headers: { ...throughEdge, cookie: before },
    })
    expect(res.statusCode).toBe(401)
  })

  test('SE-08 a person has 20 sessions at most; the oldest goes', async () => {
    const { app, anna, db } = await signedIn()
    for (let n = 0; n < 20; n++) await clientOf(app).signIn()
    expect(await db.selectFrom('session').select('token_hash').execute()).toHaveLength(20)
    expect((await anna.send({ method: 'GET', url: '/api/v1/me' })).statusCode).toBe(401)
  })
})
