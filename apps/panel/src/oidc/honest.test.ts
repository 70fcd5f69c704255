import type { AddressInfo } from 'node:net'
import { meView, oidcCallback, oidcLogout, oidcSettingsUpdate, oidcStart, oidcTest } from '@argos/contract'
import { honestProvider, type ProviderVisitor, providerVisitor } from '@argos/testkit'
import { expect, onTestFinished, test } from 'vitest'
import { type Client, clientOf } from '../testing.ts'
import { noSettings } from './oidc.rules.ts'
import { addressesAt } from './oidc.settings.ts'
import { oidcPanel } from './testing.ts'

/** A panel that listens, so that the provider can tell it of sign-outs, and `oidc-provider`. */
async function house() {
  const panel = await oidcPanel()
  // Its tokens have the time of day.
  panel.clock.set(Date.now())
  await panel.anna.signIn()
  await panel.app.listen({ host: '127.0.0.1', port: 0 })
  onTestFinished(() => panel.app.close())
  const { port } = panel.app.server.address() as AddressInfo
  const { redirect, afterLogout } = addressesAt('https://panel.example.com')
  const provider = await honestProvider({
    redirect,
    afterLogout,
    backchannelLogout: `http://panel.example.com:${port}/api/v1/oidc/backchannel-logout`,
    port,
    people: {
      bea: {
        email: 'bea@example.com',
        email_verified: true,
        name: 'Bea Baum',
        preferred_username: 'bea',
        groups: ['family'],
      },
    },
    amr: ['pwd', 'otp'],
  })
  onTestFinished(() => provider.close())
  await panel.db
    .insertInto('person_group')
    .values({ id: 'g_family', name: 'Family', created_at: 0 })
    .execute()
  const { issuer, clientId, clientSecret } = provider
  const settings = {
    ...noSettings,
    ...{ enabled: true, name: 'House', issuer, clientId, domains: ['example.com'], autoProvision: true },
    scopes: ['openid', 'profile', 'email', 'groups'],
    groups: [{ value: 'family', groupId: 'g_family' }],
  }
  const saved = await panel.anna.call(oidcSettingsUpdate, { settings, clientSecret, version: 0 })
  expect(saved.statusCode).toBe(200)
  const signIn = async (browser: Client, there: ProviderVisitor) => {
    const { url } = (await browser.call(oidcStart, {})).json<{ url: string }>()
    const back = await there.signIn(url, 'bea')
    expect(back.origin + back.pathname).toBe(redirect)
    return browser.call(oidcCallback, Object.fromEntries(back.searchParams))
  }
  return { ...panel, provider, settings, signIn, browser: () => clientOf(panel.app) }
}

test('a real provider signs somebody in: PKCE, claims by userinfo, groups and a second factor', async () => {
  const { anna, browser, signIn, settings, provider, db } = await house()
  const { ok, checks } = (await anna.call(oidcTest, { settings })).json()
  expect([ok, checks.filter((c: { outcome: string }) => c.outcome !== 'good')]).toEqual([true, []])

  const bea = browser()
  const res = await signIn(bea, providerVisitor())
  // The test's own try with a code that nobody was given.
  expect(provider.troubles).toEqual(['grant.error: invalid_grant grant request is invalid'])
  expect(res.json()).toMatchObject({
    kind: 'signed_in',
    me: { user: { username: 'bea', displayName: 'Bea Baum', email: 'bea@example.com', role: 'member' } },
  })
  expect(await db.selectFrom('group_member').select(['group_id', 'source']).execute()).toEqual([
    { group_id: 'g_family', source: 'oidc' },
  ])
  const session = await db
    .selectFrom('session')
    .select(['factor_at', 'oidc_sid'])
    .where('method', '=', 'oidc')
    .executeTakeFirstOrThrow()
  expect(session.factor_at).toBeGreaterThan(0)
  expect(session.oidc_sid).not.toBeNull()
})

test('signing out there ends the session here; signing out here signs out there, and comes back', async () => {
  const { browser, signIn, provider } = await house()
  const there = providerVisitor()
  const [first, second] = [browser(), browser()]
  await signIn(first, there)
  const { me } = (await signIn(second, there)).json<{ me: { csrfToken: string } }>()
  expect((await first.call(meView)).statusCode).toBe(200)

  const out = await second.call(oidcLogout, undefined, { 'x-csrf-token': me.csrfToken })
  expect((await second.call(meView)).statusCode).toBe(401)
  expect((await first.call(meView)).statusCode).toBe(200)
  const back = await there.signOut(out.json<{ url: string }>().url)
  expect(back.href).toBe('https://panel.example.com/login')
  expect(provider.troubles).toEqual([])
  // The provider's session was one for both, and it told us of its end.
  await expect.poll(async () => (await first.call(meView)).statusCode).toBe(401)
})
