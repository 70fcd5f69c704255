import { meView, oidcLogout } from '@argos/contract'
import { describe, expect, test } from 'vitest'
import type { Client } from '../testing.ts'
import { bea, signIn, withProvider } from './testing.ts'

const EVENT = { 'http://schemas.openid.net/event/backchannel-logout': {} }

async function signedInTwice() {
  const made = await withProvider()
  const { provider, browser, clock } = made
  const [one, two, carla] = [browser(), browser(), browser()]
  provider.behave({ claims: (c) => ({ ...c, sid: 'one' }) })
  const { me } = (await signIn(one, provider)).json<{ me: { csrfToken: string } }>()
  provider.behave({ claims: (c) => ({ ...c, sid: 'two' }) })
  await signIn(two, provider)
  const person = { ...bea, sub: 'carla-1', email: 'carla@example.com', preferred_username: 'carla' }
  provider.behave({ person, claims: (c) => ({ ...c, sid: 'three' }) })
  await signIn(carla, provider)
  const at = () => Math.floor(clock.now() / 1_000)
  let n = 0
  const claims = (more: object) => ({
    iss: provider.issuer,
    aud: provider.clientId,
    iat: at(),
    exp: at() + 120,
    jti: `t${n++}`,
    events: EVENT,
    ...more,
  })
  const tell = (token: string, headers = {}) =>
    browser().send({
      method: 'POST',
      url: '/api/v1/oidc/backchannel-logout',
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
      payload: new URLSearchParams({ logout_token: token }).toString(),
    })
  const inside = async (...clients: Client[]) =>
    Promise.all(clients.map(async (c) => (await c.call(meView)).statusCode === 200))
  return { ...made, one, two, carla, csrf: me.csrfToken, claims, tell, inside, at }
}

describe('signed out at the provider', () => {
  test('by sid, one session ends; by sub, all of that person’s; nobody else’s', async () => {
    const { provider, one, two, carla, claims, tell, inside } = await signedInTwice()
    expect(await inside(one, two, carla)).toEqual([true, true, true])
    const res = await tell(await provider.token(claims({ sid: 'one', sub: 'bea-1' }), { typ: 'logout+jwt' }))
    expect([res.statusCode, res.headers['cache-control']]).toEqual([200, 'no-store'])
    expect(await inside(one, two, carla)).toEqual([false, true, true])
    expect((await tell(await provider.token(claims({ sub: 'bea-1' })))).statusCode).toBe(200)
    expect(await inside(one, two, carla)).toEqual([false, false, true])
  })

  test('a sid of another person’s ends nothing', async () => {
    const { provider, one, two, carla, claims, tell, inside } = await signedInTwice()
    await tell(await provider.token(claims({ sid: 'three', sub: 'bea-1' })))
    expect(await inside(one, two, carla)).toEqual([true, true, true])
  })

  test('who is not the provider, or tells of something else, ends nothing', async () => {
    const { provider, one, two, carla, claims, tell, inside, at } = await signedInTwice()
    const all = { sub: 'bea-1' }
    const tokens = await Promise.all([
      provider.token(claims(all), { as: 'none' }),
      provider.token(claims(all), { as: 'stranger' }),
      provider.token(claims(all), { as: 'secret' }),
      provider.token(claims(all), { typ: 'at+jwt' }),
      provider.token(claims({ ...all, iss: 'https://evil.example' })),
      provider.token(claims({ ...all, aud: 'somebody-else' })),
      provider.token(claims({ ...all, exp: at() - 60 })),
      provider.token(claims({ ...all, iat: at() + 600 })),
      provider.token(claims({ ...all, iat: at() - 3_600 })),
      provider.token(claims({ ...all, events: {} })),
      provider.token(claims({ ...all, events: undefined })),
      // An ID token, which everybody who signs in there has of themselves.
      provider.token(claims({ ...all, nonce: 'x' })),
      provider.token(claims({})),
      'no.token.atall',
      '',
    ])
    for (const [n, token] of tokens.entries()) expect([n, (await tell(token)).statusCode]).toEqual([n, 400])
    expect(await inside(one, two, carla)).toEqual([true, true, true])
  })

  test('the same token again ends nothing that was begun since', async () => {
    const { provider, browser, claims, tell, inside } = await signedInTwice()
    const token = await provider.token(claims({ sub: 'bea-1' }))
    expect((await tell(token)).statusCode).toBe(200)
    provider.behave({ person: { ...bea } })
    const back = browser()
    await signIn(back, provider)
    expect((await tell(token)).statusCode).toBe(400)
    expect(await inside(back)).toEqual([true])
  })

  test('a page cannot make a browser tell it', async () => {
    const { provider, one, claims, tell, inside } = await signedInTwice()
    const token = await provider.token(claims({ sub: 'bea-1' }))
    expect((await tell(token, { origin: 'https://evil.example' })).statusCode).toBe(403)
    expect((await tell(token, { origin: 'https://panel.example.com' })).statusCode).toBe(415)
    expect(await inside(one)).toEqual([true])
  })
})

describe('signed out here', () => {
  test('the browser is told where it signs out there, and comes back to the login page', async () => {
    const { provider, one, two, csrf, inside } = await signedInTwice()
    const res = await one.call(oidcLogout, undefined, { 'x-csrf-token': csrf })
    const url = new URL(res.json<{ url: string }>().url)
    expect(url.origin + url.pathname).toBe(`${provider.issuer}/logout`)
    expect(url.searchParams.get('post_logout_redirect_uri')).toBe('https://panel.example.com/login')
    expect(url.searchParams.get('id_token_hint')?.split('.')).toHaveLength(3)
    expect(await inside(one, two)).toEqual([false, true])
  })

  test('by password, or where the provider offers none, it ends here alone', async () => {
    const { provider, browser, anna } = await withProvider()
    expect((await anna.call(oidcLogout)).json()).toEqual({ url: null })
    provider.behave({ discovery: ({ end_session_endpoint: _, ...d }) => d })
    const one = browser()
    const { me } = (await signIn(one, provider)).json<{ me: { csrfToken: string } }>()
    const res = await one.call(oidcLogout, undefined, { 'x-csrf-token': me.csrfToken })
    expect(res.json()).toEqual({ url: null })
    expect((await one.call(meView)).statusCode).toBe(401)
  })
})
