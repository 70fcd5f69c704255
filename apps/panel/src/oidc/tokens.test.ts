import { meView, oidcCallback, oidcStart } from '@argos/contract'
import { describe, expect, test } from 'vitest'
import { begin, refusalOf, signIn, withProvider } from './testing.ts'

const S = 60

test('an honest provider signs somebody in, as a member, with what it says of them', async () => {
  const { provider, browser, db } = await withProvider()
  const bea = browser()
  const res = await signIn(bea, provider)
  expect(res.json()).toMatchObject({ kind: 'signed_in', me: { user: { username: 'bea', role: 'member' } } })
  expect((await bea.call(meView)).statusCode).toBe(200)
  const identity = await db.selectFrom('oidc_identity').selectAll().executeTakeFirstOrThrow()
  expect(identity).toMatchObject({ issuer: provider.issuer, sub: 'bea-1', origin: 'made' })
  const session = await db
    .selectFrom('session')
    .selectAll()
    .where('method', '=', 'oidc')
    .executeTakeFirstOrThrow()
  expect(session.oidc_id_token).toMatch(/^v1:/)
})

describe('OI-01 another issuer', () => {
  test.each([
    ['in the token', { claims: (c: object) => ({ ...c, iss: 'https://evil.example' }) }, /another issuer/],
    [
      'with a slash more in the token',
      { claims: (c: { iss?: unknown }) => ({ ...c, iss: `${c.iss}/` }) },
      /another issuer/,
    ],
  ])('%s signs nobody in', async (_, behaviour, words) => {
    const { provider, browser } = await withProvider()
    provider.behave(behaviour)
    expect(refusalOf(await signIn(browser(), provider))).toMatch(words)
  })

  test.each([
    ['a slash more', (issuer: string) => `${issuer}/`],
    ['a capital', (issuer: string) => issuer.replace('http', 'Http')],
    ['another host', () => 'https://evil.example'],
  ])('in the discovery document, by %s, is refused with both spellings', async (_, other) => {
    const { provider, browser } = await withProvider()
    provider.behave({ discovery: (d) => ({ ...d, issuer: other(provider.issuer) }) })
    const res = await browser().call(oidcStart, {})
    const words = refusalOf(res)
    expect(words).toContain(other(provider.issuer))
    expect(words).toContain(`“${provider.issuer}”`)
  })
})

describe('a token with one claim wrong signs nobody in', () => {
  const foreign = 'somebody-else'
  test.each<[string, (c: Record<string, unknown>, at: number) => Record<string, unknown>]>([
    ['OI-02 aud is another client', (c) => ({ ...c, aud: foreign })],
    ['OI-02 aud is missing', ({ aud: _, ...c }) => c],
    ['OI-02 aud has a foreign member, without azp', (c) => ({ ...c, aud: ['argos', foreign] })],
    [
      'OI-02 azp is another client, with several aud',
      (c) => ({ ...c, aud: ['argos', foreign], azp: foreign }),
    ],
    ['OI-02 azp is another client, with one aud', (c) => ({ ...c, azp: foreign })],
    ['OI-03 nonce is missing', ({ nonce: _, ...c }) => c],
    ['OI-03 nonce is wrong', (c) => ({ ...c, nonce: 'x'.repeat(43) })],
    ['OI-05 it is over', (c, at) => ({ ...c, exp: at - S })],
    ['OI-05 exp is missing', ({ exp: _, ...c }) => c],
    ['OI-05 exp is a text', (c, at) => ({ ...c, exp: String(at + 300) })],
    ['OI-05 nbf is ten minutes ahead', (c, at) => ({ ...c, nbf: at + 10 * S })],
    ['OI-05 iat is ten minutes ahead', (c, at) => ({ ...c, iat: at + 10 * S, exp: at + 20 * S })],
    ['sub is missing', ({ sub: _, ...c }) => c],
  ])('%s', async (_, wrong) => {
    const { provider, browser, clock, db } = await withProvider()
    provider.behave({ claims: (c) => wrong(c, Math.floor(clock.now() / 1_000)) })
    expect(refusalOf(await signIn(browser(), provider))).not.toBe('')
    expect(await db.selectFrom('oidc_identity').selectAll().execute()).toEqual([])
    // The same without the fault does, so that it was the fault that was refused.
    provider.behave({ claims: (c) => c })
    expect((await signIn(browser(), provider)).statusCode).toBe(200)
  })

  test('OI-03 a nonce from another sign-in', async () => {
    const { provider, browser } = await withProvider()
    const other = browser()
    let nonce: unknown
    provider.behave({
      claims: (c) => {
        nonce = c.nonce
        return c
      },
    })
    await signIn(other, provider)
    provider.behave({ claims: (c) => ({ ...c, nonce }) })
    expect(refusalOf(await signIn(browser(), provider))).toMatch(/another sign-in/)
  })

  test('OI-05 clocks that differ by half a minute are fine', async () => {
    const { provider, browser, clock } = await withProvider()
    const at = Math.floor(clock.now() / 1_000)
    provider.behave({ claims: (c) => ({ ...c, iat: at + 29, nbf: at + 29, exp: at - 29 }) })
    expect((await signIn(browser(), provider)).statusCode).toBe(200)
  })
})

describe('OI-04 a signature that is none', () => {
  test.each([
    ['alg none', { as: 'none' }],
    ['alg None', { as: 'None' }],
    ['HS256 with the client secret', { as: 'secret' }],
    ['HS256 with the public key', { as: 'public' }],
    ['a key of somebody else', { as: 'stranger' }],
  ] as const)('%s signs nobody in', async (_, signing) => {
    const { provider, browser } = await withProvider()
    provider.behave({ signing })
    expect(refusalOf(await signIn(browser(), provider))).not.toBe('')
  })

  test.each(['RS512', 'PS256'])('%s is refused where the provider names RS256 and ES256', async (alg) => {
    const { provider, browser } = await withProvider()
    await provider.rotate(['RS256'])
    provider.behave({ jwks: (keys) => ({ keys: keys.map((key) => ({ ...key, alg })) }), signing: { alg } })
    expect(refusalOf(await signIn(browser(), provider))).not.toBe('')
    provider.behave({ jwks: (keys) => ({ keys }), signing: { alg: 'RS256' } })
    await provider.rotate(['RS256'])
    expect((await signIn(browser(), provider)).statusCode).toBe(200)
  })

  test('not even when the provider itself names none and HS256', async () => {
    const { provider, browser } = await withProvider()
    const algs = ['none', 'HS256', 'RS256']
    provider.behave({ discovery: (d) => ({ ...d, id_token_signing_alg_values_supported: algs }) })
    for (const as of ['none', 'secret', 'public'] as const) {
      provider.behave({ signing: { as } })
      expect(refusalOf(await signIn(browser(), provider))).not.toBe('')
    }
  })
})

test('OI-17 an answer that names another provider, or none where one was promised, is not believed', async () => {
  const { provider, browser } = await withProvider()
  for (const iss of ['https://evil.example', undefined, `${provider.issuer}/`]) {
    provider.behave({ answer: (q) => ({ ...q, iss }) })
    expect(refusalOf(await signIn(browser(), provider))).toMatch(/another provider/)
  }
  // An error of the other provider's is none of this one's.
  provider.behave({ answer: ({ state }) => ({ state, error: 'access_denied', iss: 'https://evil.example' }) })
  expect(refusalOf(await signIn(browser(), provider))).toMatch(/another provider/)
  expect(provider.asked('token')).toBe(0)
})

test('OI-21 userinfo about somebody else signs nobody in', async () => {
  const { provider, browser } = await withProvider()
  provider.behave({ claims: ({ name: _, ...c }) => c, userinfo: (c) => ({ ...c, sub: 'carla-1' }) })
  expect(refusalOf(await signIn(browser(), provider))).toMatch(/two different things/)
  expect(provider.asked('userinfo')).toBe(1)
})

test('OI-16 a code from another browser’s sign-in fails the proof of its key', async () => {
  const { provider, browser } = await withProvider()
  const stolen = await begin(browser(), provider)
  const thief = browser()
  const own = await begin(thief, provider)
  const res = await thief.call(oidcCallback, { ...own, code: stolen.code })
  expect(refusalOf(res)).toMatch(/does not take its code back/)
})
