import { recoverySheetConfirm, recoverySheetView, setupCreate } from '@argos/contract'
import { describe, expect, test } from 'vitest'
import { clientOf, origin, testPanel } from '../testing.ts'
import { issueSetupToken } from './setup-tokens.ts'

const HOUR = 60 * 60_000
const first = { username: 'Noor', password: 'a password of one’s own' }

async function fresh() {
  const panel = await testPanel({ withAdmin: false })
  const token = (await issueSetupToken(panel.db, panel.clock)) ?? ''
  const visitor = () => clientOf(panel.app)
  const setup = (body: { token: string; username?: string; password?: string }) =>
    visitor().call(setupCreate, { ...first, ...body })
  const view = async (query = '') =>
    (await visitor().send({ method: 'GET', url: `/api/v1/setup${query}` })).json()
  return { ...panel, token, visitor, setup, view }
}

describe('the first start', () => {
  test('LG-13 there is no default account', async () => {
    const { visitor, db } = await fresh()
    expect(await db.selectFrom('user').selectAll().execute()).toEqual([])
    for (const [username, password] of [
      ['admin', 'admin'],
      ['argos', 'argos'],
      ['admin', ''],
      ['', ''],
    ]) {
      const res = await visitor().send({
        method: 'POST',
        url: '/api/v1/login',
        headers: { origin },
        payload: { username, password },
      })
      expect([res.statusCode, res.json()]).toMatchObject([403, { code: 'setup_required' }])
    }
  })

  test('LG-13 whoever lacks the token of the console makes no account', async () => {
    const { setup, view, token, db } = await fresh()
    for (const wrong of ['', 'x', token.slice(0, -1), `${token}x`, token.toUpperCase()]) {
      const res = await setup({ token: wrong })
      expect([res.statusCode, res.json()]).toMatchObject([403, { code: 'forbidden' }])
    }
    expect(await view('?token=x')).toEqual({ needed: true, tokenValid: false })
    expect(await view(`?token=${token}`)).toEqual({ needed: true, tokenValid: true })
    expect(await db.selectFrom('user').selectAll().execute()).toEqual([])
  })

  test('LG-13 the token makes one account, signs it in, and is worth nothing afterwards', async () => {
    const { setup, view, token, db, clock } = await fresh()
    const res = await setup({ token })
    expect(res.statusCode).toBe(201)
    expect(res.json()).toMatchObject({ user: { username: 'noor', role: 'admin' } })
    expect(res.cookies[0]?.name).toBe('__Host-panel')
    expect(await view(`?token=${token}`)).toEqual({ needed: false, tokenValid: false })
    const second = await setup({ token, username: 'mallory' })
    expect([second.statusCode, second.json()]).toMatchObject([409, { code: 'conflict' }])
    expect(await issueSetupToken(db, clock)).toBeNull()
  })

  test('LG-13 of two that hold the link and send it at once, one makes the account', async () => {
    const { setup, token, db } = await fresh()
    const both = await Promise.all([
      setup({ token, username: 'anna' }),
      setup({ token, username: 'mallory' }),
    ])
    expect(both.map((res) => res.statusCode).sort()).toEqual([201, 403])
    expect(await db.selectFrom('user').selectAll().execute()).toHaveLength(1)
  })

  test('LG-13 a token ends after a day, and with the next one', async () => {
    const { setup, token, db, clock } = await fresh()
    const next = (await issueSetupToken(db, clock)) ?? ''
    expect((await setup({ token })).statusCode).toBe(403)
    clock.advance(24 * HOUR)
    expect((await setup({ token: next })).statusCode).toBe(403)
  })

  test('the database keeps neither token nor password', async () => {
    const { setup, token, db } = await fresh()
    const dump = async () =>
      JSON.stringify([
        await db.selectFrom('setup_token').selectAll().execute(),
        await db.selectFrom('user').selectAll().execute(),
        await db.selectFrom('audit').selectAll().execute(),
        await db.selectFrom('outbox').selectAll().execute(),
      ])
    expect(await dump()).not.toContain(token)
    await setup({ token })
    expect(await dump()).not.toContain(first.password)
  })

  test.each([
    ['username', 'has spaces'],
    ['username', ''],
    ['username', 'x'.repeat(10_000)],
    ['password', 'too short'],
    ['password', 'x'.repeat(1_025)],
  ])('LG-10 a %s like %j is refused with 400', async (field, value) => {
    const { setup, token } = await fresh()
    const res = await setup({ token, [field]: value })
    expect(res.statusCode).toBe(400)
    expect(res.json<{ fields: { path: string }[] }>().fields[0]?.path).toBe(field)
  })

  test('an administrator named by the environment is made once and never changed by it', async () => {
    const { identity, visitor, db } = await fresh()
    expect(await identity.ensureInitialAdmin({ username: 'anna', password: 'the first password' })).toBe(true)
    expect(await identity.ensureInitialAdmin({ username: 'anna', password: 'another password' })).toBe(false)
    await visitor().signIn({ username: 'anna', password: 'the first password' })
    expect(await db.selectFrom('setup_token').selectAll().execute()).toEqual([])
    await expect(visitor().signIn({ username: 'anna', password: 'another password' })).rejects.toThrow('401')
  })
})

describe('the recovery sheet', () => {
  test('nags until the end of the key is typed, and never shows the key', async () => {
    const { app, config } = await testPanel()
    const anna = clientOf(app)
    expect((await anna.signIn()).pending).toContain('recovery_sheet')
    const sheet = await anna.call(recoverySheetView)
    expect(sheet.json()).toMatchObject({ done: false, doneAt: null, command: './argos recovery-sheet' })
    expect(sheet.body).not.toContain(config.masterKey.toString('hex').slice(0, 12))
    const wrong = await anna.call(recoverySheetConfirm, { lastFour: '0000' })
    expect([wrong.statusCode, wrong.json()]).toMatchObject([400, { fields: [{ path: 'lastFour' }] }])
    const right = await anna.call(recoverySheetConfirm, { lastFour: ' C7C7 ' })
    expect([right.statusCode, right.json()]).toMatchObject([200, { done: true }])
    expect((await anna.signIn()).pending).not.toContain('recovery_sheet')
  })
})

describe('F11 the first sign-in works however the panel is reached', () => {
  const https = { host: '192.168.1.5:9443', 'x-argos-client': '192.168.1.9', 'x-argos-proto': 'https' }
  test.each([
    {
      name: 'HTTPS at an address and port',
      listener: 'edge',
      headers: https,
      from: 'https://192.168.1.5:9443',
      cookie: '__Host-panel',
      device: '__Host-argos-device',
      warnings: [],
    },
    {
      name: 'plain HTTP in the LAN',
      listener: 'plain',
      headers: { host: '192.168.1.5:9080' },
      from: 'http://192.168.1.5:9080',
      cookie: 'argos-panel-plain',
      device: 'argos-device-plain',
      warnings: ['insecure_http'],
    },
    {
      name: 'TLS of a proxy of one’s own',
      listener: 'plain',
      headers: { host: 'argos.lan' },
      from: 'https://argos.lan',
      cookie: 'argos-panel-plain',
      device: 'argos-device-plain',
      warnings: ['insecure_http'],
    },
  ] as const)('$name', async ({ listener, headers, from, cookie, device, warnings }) => {
    const { app, db, clock } = await testPanel({ listener, withAdmin: false })
    const browser = clientOf(app, headers, from)
    const token = await issueSetupToken(db, clock)
    const made = await browser.call(setupCreate, { ...first, token })
    expect(made.statusCode).toBe(201)
    // Browsers keep a Secure cookie over plain HTTP for nobody, and ask again and again.
    expect(made.cookies).toMatchObject([{ name: cookie }, { name: device }])
    expect(made.cookies[0]?.secure ?? false).toBe(cookie === '__Host-panel')
    const me = await browser.send({ method: 'GET', url: '/api/v1/me' })
    expect([me.statusCode, me.json()]).toMatchObject([200, { warnings }])
    expect((await browser.signIn(first)).user.username).toBe('noor')
  })

  test('SE-02 over TLS the plain name of the cookie is nobody’s session', async () => {
    const { app } = await testPanel()
    const anna = clientOf(app)
    await anna.signIn()
    const tossed = anna.cookie().replace('__Host-panel', 'argos-panel-plain')
    const res = await clientOf(app).send({ method: 'GET', url: '/api/v1/me', headers: { cookie: tossed } })
    expect(res.statusCode).toBe(401)
  })
})
