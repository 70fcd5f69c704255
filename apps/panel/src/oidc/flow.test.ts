import { oidcCallback, oidcStart, signInMethods } from '@argos/contract'
import pino from 'pino'
import { describe, expect, test } from 'vitest'
import { clientOf } from '../testing.ts'
import { begin, refusalOf, signIn, withProvider } from './testing.ts'

const TEN_MINUTES = 10 * 60_000

test('the login page learns how one can sign in, and where', async () => {
  const { browser, save } = await withProvider()
  const methods = async () => (await browser().call(signInMethods)).json()
  expect(await methods()).toEqual({
    methods: [
      { kind: 'password' },
      { kind: 'oidc', name: 'House', preset: 'generic', origin: 'https://panel.example.com' },
    ],
  })
  await save({ enabled: false })
  expect(await methods()).toEqual({ methods: [{ kind: 'password' }] })
  expect(refusalOf(await browser().call(oidcStart, {}))).toMatch(/switched off/)
})

test('the provider is asked with code, S256, state and nonce, and sends people back to the panel’s name', async () => {
  const { provider, browser } = await withProvider()
  const visitor = browser()
  const ask = async (headers = {}) => {
    const res = await visitor.call(oidcStart, {}, headers)
    return { res, query: Object.fromEntries(new URL(res.json<{ url: string }>().url).searchParams) }
  }
  const { res, query } = await ask()
  expect(query).toMatchObject({
    response_type: 'code',
    client_id: provider.clientId,
    redirect_uri: 'https://panel.example.com/login/oidc',
    scope: 'openid profile email',
    code_challenge_method: 'S256',
  })
  for (const key of ['state', 'nonce', 'code_challenge']) expect(query[key]).toMatch(/^[\w-]{43}$/)
  const [cookie] = res.cookies
  expect(cookie).toMatchObject({
    name: '__Host-argos-oidc',
    secure: true,
    httpOnly: true,
    path: '/',
    maxAge: 600,
  })
  expect(cookie?.value).not.toContain(query.state ?? '')
  const other = await ask({ 'x-forwarded-host': 'evil.example', forwarded: 'host=evil.example' })
  expect(other.query.redirect_uri).toBe('https://panel.example.com/login/oidc')
  expect(other.query.state).not.toBe(query.state)
  // Open at another of its addresses: the cookie would be set where nobody comes back to.
  const lan = { host: '192.168.1.5:9443', 'x-argos-client': '203.0.113.7', 'x-argos-proto': 'https' }
  const elsewhere = await clientOf((await withProvider()).app, lan, 'https://192.168.1.5:9443').call(
    oidcStart,
    {},
  )
  expect(refusalOf(elsewhere)).toMatch(/Open the panel at https:\/\/panel.example.com/)
})

test('where somebody wanted to go is kept at the panel, and comes back unread', async () => {
  const { provider, browser } = await withProvider()
  const authorize = { host: 'h_films', name: 'films.example.com', rd: '/a?b=1', state: 'x'.repeat(43) }
  expect((await signIn(browser(), provider, { authorize })).json()).toMatchObject({ authorize })
  const long = { ...authorize, rd: `/${'é'.repeat(2_000)}` }
  expect((await signIn(browser(), provider, { authorize: long })).json()).toMatchObject({
    authorize: { ...authorize, rd: '/' },
  })
})

describe('OI-14 a sign-in is finished once', () => {
  test('the second time it is over', async () => {
    const { provider, browser, db } = await withProvider()
    const visitor = browser()
    const back = await begin(visitor, provider)
    const cookie = visitor.cookie()
    expect((await visitor.call(oidcCallback, back)).statusCode).toBe(200)
    expect(refusalOf(await browser().call(oidcCallback, back, { cookie }))).toMatch(/is over/)
    expect(await db.selectFrom('session').select('id').where('method', '=', 'oidc').execute()).toHaveLength(1)
  })

  test('twenty at once are one session', async () => {
    const { provider, browser, db } = await withProvider()
    const visitor = browser()
    const back = await begin(visitor, provider)
    const cookie = visitor.cookie()
    const all = await Promise.all(
      Array.from({ length: 20 }, () => browser().call(oidcCallback, back, { cookie })),
    )
    expect(all.filter((res) => res.statusCode === 200)).toHaveLength(1)
    expect(provider.asked('token')).toBe(1)
    expect(await db.selectFrom('session').select('id').where('method', '=', 'oidc').execute()).toHaveLength(1)
  })

  test('after ten minutes, and after a restart, it is over', async () => {
    const { provider, browser, clock } = await withProvider()
    const visitor = browser()
    const back = await begin(visitor, provider)
    clock.advance(TEN_MINUTES)
    expect(refusalOf(await visitor.call(oidcCallback, back))).toMatch(/is over/)
  })

  test('RT-05 what is changed in the cookie, or made with another key, opens nothing', async () => {
    const { provider, browser } = await withProvider()
    const visitor = browser()
    const back = await begin(visitor, provider)
    const cookie = visitor.cookie()
    const bent = cookie.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'))
    expect(refusalOf(await browser().call(oidcCallback, back, { cookie: bent }))).toMatch(/this browser/)
    const other = await withProvider({}, { env: { ARGOS_MASTER_KEY: 'd8'.repeat(32) } })
    expect(refusalOf(await other.browser().call(oidcCallback, back, { cookie }))).toMatch(/this browser/)
  })
})

test('OI-15 what was begun in one browser is finished in no other', async () => {
  const { provider, browser } = await withProvider()
  const attacker = await begin(browser(), provider)
  // The victim has no cookie, or one of their own sign-in.
  const victim = browser()
  expect(refusalOf(await victim.call(oidcCallback, attacker))).toMatch(/this browser/)
  await begin(victim, provider)
  expect(refusalOf(await victim.call(oidcCallback, attacker))).toMatch(/this browser/)
  expect(provider.asked('token')).toBe(0)
})

test('OI-18 what the provider says went wrong is one short line, as text, and in the log', async () => {
  const lines: string[] = []
  const log = pino({ level: 'warn' }, { write: (line: string) => void lines.push(line) })
  const { provider, browser } = await withProvider({}, { log })
  const script = '<script>alert(1)</script>'
  provider.behave({
    answer: ({ state = '', iss = '' }) => ({
      state,
      iss,
      error: script,
      error_description: `a\r\nb\u001b[31m\u2028${'x'.repeat(10_000)}`,
    }),
  })
  const res = await signIn(browser(), provider)
  const words = refusalOf(res)
  expect(res.headers['content-type']).toMatch(/^application\/json/)
  expect(res.headers['x-content-type-options']).toBe('nosniff')
  expect(words.length).toBeLessThan(500)
  expect(words).toContain(`“${script}: a b [31m xxx`)
  expect(words).not.toMatch(/\p{Cc}|\u2028/u)
  expect(lines.join('')).toContain('single sign-on failed')
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(2_000)

  provider.behave({ answer: ({ state = '', iss = '' }) => ({ state, iss, error: 'access_denied' }) })
  expect(refusalOf(await signIn(browser(), provider))).toMatch(/called off at the provider/)
})

test('OI-20 beginnings take no memory and ask the provider nothing', async () => {
  const { provider, browser, db } = await withProvider()
  const visitor = browser()
  const cookies = new Set<string>()
  for (let n = 0; n < 300; n++) {
    const res = await visitor.call(oidcStart, {})
    cookies.add(res.cookies[0]?.value ?? '')
  }
  expect(cookies.size).toBe(300)
  expect(provider.asked('discovery')).toBe(1)
  expect(provider.asked('keys')).toBe(0)
  for (const table of ['login_challenge', 'login_failure'] as const)
    expect(await db.selectFrom(table).selectAll().execute()).toEqual([])
})
