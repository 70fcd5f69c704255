import { oidcCallback, oidcStart } from '@argos/contract'
import { describe, expect, test } from 'vitest'
import { systemClock } from '../clock.ts'
import { guardedFetch } from '../guard/fetch.ts'
import { ownPlaces } from '../guard/places.ts'
import { clientOf, throughEdge } from '../testing.ts'
import { providerCaller } from './oidc.fetch.ts'
import { discover } from './oidc.provider.ts'
import { begin, refusalOf, signIn, withProvider } from './testing.ts'

describe('OI-06 keys that nobody has seen', () => {
  test('a new one is asked for at once, and the sign-in works', async () => {
    const { provider, browser } = await withProvider()
    await signIn(browser(), provider)
    expect(provider.asked('keys')).toBe(1)
    await provider.rotate()
    expect((await signIn(browser(), provider)).statusCode).toBe(200)
    expect(provider.asked('keys')).toBe(2)
  })

  test('a thousand made-up ones ask at most once a minute', async () => {
    const { provider, browser, clock } = await withProvider()
    await signIn(browser(), provider)
    const tokens = await Promise.all(
      Array.from({ length: 1_000 }, (_, n) => provider.token({ n }, { kid: `made-up-${n}` })),
    )
    const told = async (list: readonly string[]) => {
      for (const token of list) {
        const res = await browser().send({
          method: 'POST',
          url: '/api/v1/oidc/backchannel-logout',
          headers: { 'content-type': 'application/x-www-form-urlencoded' },
          payload: new URLSearchParams({ logout_token: token }).toString(),
        })
        expect(res.statusCode).toBe(400)
      }
    }
    await told(tokens.slice(0, 900))
    expect(provider.asked('keys')).toBe(2)
    clock.advance(61_000)
    await told(tokens.slice(900))
    expect(provider.asked('keys')).toBe(3)
  })
})

describe('OI-07 a token that does not name its key', () => {
  test('is fine where there is one', async () => {
    const { provider, browser } = await withProvider()
    provider.behave({ signing: { kid: null } })
    expect((await signIn(browser(), provider)).statusCode).toBe(200)
  })
  test('is tried with each where there are several', async () => {
    const { provider, browser } = await withProvider()
    await provider.rotate(['ES256', 'ES256', 'ES256'])
    provider.behave({ signing: { kid: null }, jwks: (keys) => ({ keys: keys.toReversed() }) })
    expect((await signIn(browser(), provider)).statusCode).toBe(200)
    provider.behave({ signing: { kid: null, as: 'stranger' } })
    expect(refusalOf(await signIn(browser(), provider))).toMatch(/signature/)
  })
})

describe('OI-08 keys that are none to rely on', () => {
  const many = Array.from({ length: 10_000 }, (_, n) => ({ kty: 'EC', crv: 'P-256', kid: `k${n}` }))
  test.each<[string, Parameters<Awaited<ReturnType<typeof withProvider>>['provider']['behave']>[0]]>([
    ['50 MB', { faults: { keys: 'huge' } }],
    ['10,000 of them', { jwks: () => ({ keys: many }) }],
    ['a redirect to this machine', { faults: { keys: { redirect: 'http://127.0.0.1:1/keys' } } }],
    ['no keys at all', { jwks: () => ({ keys: 'none' }) }],
    [
      'a secret among them',
      {
        jwks: () => ({ keys: [{ kty: 'oct', k: 'c2VjcmV0', alg: 'HS256' }] }),
        signing: { as: 'secret', kid: null },
      },
    ],
  ])('%s: nobody is signed in, and passwords work', async (_, behaviour) => {
    const { provider, browser } = await withProvider()
    provider.behave(behaviour)
    expect(refusalOf(await signIn(browser(), provider))).not.toBe('')
    await browser().signIn()
  })

  test('an RSA key of 512 bits signs nobody in', async () => {
    const { provider, browser } = await withProvider()
    await provider.rotate(['weak'])
    expect(refusalOf(await signIn(browser(), provider))).toMatch(/too weak/)
  })

  test('a provider on the Internet does not send calls into a private network', async () => {
    const asked: string[] = []
    const { metadata, reachOf } = await discover(
      async (url, { reach }) => {
        asked.push(`${reach} ${url}`)
        const text = JSON.stringify({
          issuer: 'https://auth.example.com',
          authorization_endpoint: 'https://auth.example.com/authorize',
          token_endpoint: 'https://auth.example.com/token',
          jwks_uri: 'https://inside.example.com/keys',
        })
        return { inside: false, status: 200, type: 'application/json', text }
      },
      { issuer: 'https://auth.example.com' },
      systemClock,
    )
    const own = ownPlaces({ listeners: [] })
    const call = providerCaller(guardedFetch({ own, allow: [], resolve: async () => ['192.168.1.10'] }))
    await expect(call(metadata.jwks_uri, { reach: reachOf(metadata.jwks_uri) })).rejects.toThrow(
      /private network/,
    )
    await expect(call('http://inside.example.com/keys', { reach: 'operator' })).rejects.toThrow(/not https/)
    expect(asked).toEqual(['operator https://auth.example.com/.well-known/openid-configuration'])
  })
})

describe('OI-19 a provider in trouble', () => {
  test.each(['drops', 'fails', 'garbage', 'bomb', 'huge'] as const)(
    'one whose tokens are an answer that %s signs nobody in, and passwords work',
    async (kind) => {
      const { provider, browser } = await withProvider()
      provider.behave({ faults: { token: kind } })
      expect(refusalOf(await signIn(browser(), provider))).toMatch(/provider/)
      await browser().signIn()
    },
  )
  test.each(['drops', 'fails', 'garbage', 'bomb', 'huge'] as const)(
    'one whose discovery document %s is said to be in trouble, and passwords work',
    async (kind) => {
      const { provider, browser } = await withProvider()
      provider.behave({ faults: { discovery: kind } })
      expect(refusalOf(await browser().call(oidcStart, {}))).not.toBe('')
      await browser().signIn()
    },
  )
  // The limits of these tests are the promise: an answer within ten seconds.
  test.each(['hangs', 'drips'] as const)(
    'one that %s is given up within ten seconds, and passwords work meanwhile',
    async (kind) => {
      const { provider, browser } = await withProvider()
      const waiting = browser()
      const back = await begin(waiting, provider)
      provider.behave({ faults: { token: kind, keys: kind, userinfo: kind } })
      const answer = waiting.call(oidcCallback, back)
      await browser().signIn()
      expect(refusalOf(await answer)).toMatch(/in time|too long/)
    },
    10_000,
  )

  test('one visitor’s waiting sign-ins leave room for everybody else’s', async () => {
    const { provider, browser, app } = await withProvider()
    const other = clientOf(app, { ...throughEdge, 'x-argos-client': '198.51.100.9' })
    const theirs = await begin(other, provider)
    provider.behave({ faults: { token: 'hangs' } })
    const many = Array.from({ length: 12 }, () => browser())
    const backs = await Promise.all(many.map((one) => begin(one, provider)))
    const answers = many.map((one, n) => one.call(oidcCallback, backs[n]))
    await expect.poll(() => provider.asked('token')).toBe(8)
    provider.behave({ faults: {} })
    expect((await other.call(oidcCallback, theirs)).statusCode).toBe(200)
    const words = (await Promise.all(answers)).map(refusalOf)
    expect(words.filter((text) => text.startsWith('Too many'))).toHaveLength(4)
  }, 10_000)

  test('what went wrong is not asked again by every visitor', async () => {
    const { provider, browser, clock } = await withProvider()
    provider.behave({ faults: { discovery: 'fails' } })
    for (let n = 0; n < 50; n++) expect(refusalOf(await browser().call(oidcStart, {}))).not.toBe('')
    expect(provider.asked('discovery')).toBe(1)
    provider.behave({ faults: {} })
    clock.advance(16_000)
    expect((await signIn(browser(), provider)).statusCode).toBe(200)
  })

  test('one that is known and away for an hour signs people in again once it is back', async () => {
    const { provider, browser, clock } = await withProvider()
    await signIn(browser(), provider)
    clock.advance(2 * 60 * 60_000)
    provider.behave({ faults: { discovery: 'fails' } })
    expect((await signIn(browser(), provider)).statusCode).toBe(200)
  })
})
