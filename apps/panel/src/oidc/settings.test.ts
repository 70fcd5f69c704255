import {
  meView,
  type OidcCheck,
  oidcCallback,
  oidcPresets,
  oidcSettingsUpdate,
  oidcSettingsView,
  oidcStart,
  oidcSwitch,
  oidcTest,
} from '@argos/contract'
import { misbehavingProvider } from '@argos/testkit'
import { describe, expect, test } from 'vitest'
import { issuerProblem, noSettings } from './oidc.rules.ts'
import { begin, oidcPanel, refusalOf, signIn, withProvider } from './testing.ts'

test('before anybody has set anything it is off and closed', async () => {
  const { anna } = await oidcPanel()
  const view = (await anna.call(oidcSettingsView)).json()
  expect(view).toMatchObject({
    version: 0,
    hasSecret: false,
    people: 0,
    settings: { enabled: false, autoProvision: false, requireVerifiedEmail: true, emails: [], domains: [] },
    addresses: {
      redirect: 'https://panel.example.com/login/oidc',
      afterLogout: 'https://panel.example.com/login',
      backchannelLogout: 'https://panel.example.com/api/v1/oidc/backchannel-logout',
    },
  })
})

test('the secret is sealed, is never answered, and stands in no audit entry; a save is one', async () => {
  const { anna, provider, db } = await withProvider()
  const view = await anna.call(oidcSettingsView)
  expect(view.json()).toMatchObject({ hasSecret: true })
  const everything = JSON.stringify([
    view.body,
    await db.selectFrom('sealed').selectAll().execute(),
    await db.selectFrom('preference').selectAll().execute(),
    await db.selectFrom('audit').selectAll().execute(),
  ])
  expect(everything).not.toContain(provider.clientSecret)
  const entries = await db.selectFrom('audit').select('words').where('action', '=', 'oidc.update').execute()
  expect(entries).toHaveLength(1)
  expect(entries[0]?.words).toMatch(/^Switched single sign-on on\. Changed single sign-on: .*client secret$/)
})

test('the secret of one provider is not kept for another', async () => {
  const { anna } = await withProvider()
  const view = async () => (await anna.call(oidcSettingsView)).json()
  const { settings, version } = await view()
  const moved = { ...settings, issuer: 'https://other.example.com' }
  const res = await anna.call(oidcSettingsUpdate, { settings: moved, version })
  expect([res.statusCode, res.json().fields?.[0]?.path]).toEqual([400, 'clientSecret'])
  expect((await view()).settings.issuer).toBe(settings.issuer)
  const own = await anna.call(oidcSettingsUpdate, { settings: moved, version, clientSecret: 'its own' })
  expect(own.statusCode).toBe(200)
})

test('what is malformed is named by its field, and nothing is saved', async () => {
  const { anna } = await oidcPanel()
  const save = async (changes: object, version = 0) => {
    const res = await anna.call(oidcSettingsUpdate, { settings: { ...noSettings, ...changes }, version })
    return res.json<{ code: string; fields?: { path: string }[] }>()
  }
  const fieldsOf = async (changes: object) => (await save(changes)).fields?.map((f) => f.path)
  expect(await fieldsOf({ issuer: 'http://auth.example.com' })).toEqual(['settings.issuer'])
  expect(await fieldsOf({ enabled: true })).toEqual(['settings.issuer', 'settings.clientId'])
  expect(await fieldsOf({ scopes: ['email'] })).toEqual(['settings.scopes'])
  expect(await fieldsOf({ emails: ['a@b@c.example'], domains: ['*.example.com', 'x'] })).toEqual([
    'settings.emails.0',
    'settings.domains.0',
    'settings.domains.1',
  ])
  expect(await fieldsOf({ groups: [{ value: 'x', groupId: 'g_gone' }] })).toEqual([
    'settings.groups.0.groupId',
  ])
  expect((await save({}, 7)).code).toBe('stale')
  expect((await anna.call(oidcSettingsView)).json()).toMatchObject({ version: 0 })
})

test('an issuer has TLS, or is on this machine', () => {
  for (const good of ['https://auth.example.com', 'https://192.168.1.5/realms/x', 'http://127.0.0.1:8080'])
    expect([good, issuerProblem(good)]).toEqual([good, null])
  for (const bad of [
    'http://192.168.1.5',
    'http://127.0.0.1.evil.example',
    'ftp://a.example',
    'auth.example.com',
    'https://a.example?x',
    'https://a.example#',
    'https://a.example/.well-known/openid-configuration',
  ])
    expect([bad, issuerProblem(bad)]).not.toEqual([bad, null])
})

test('presets are whole: each has its notes, and openid among its scopes', () => {
  expect(oidcPresets.map((p) => p.id)).toEqual([
    ...['authentik', 'authelia', 'keycloak', 'pocket_id', 'google', 'entra', 'generic'],
  ])
  for (const preset of oidcPresets) {
    expect(preset.scopes).toContain('openid')
    expect(preset.notes.length).toBeGreaterThan(0)
  }
})

describe('switched off', () => {
  test('its sessions and half sign-ins end at once, passwords stay, and nobody comes in that way', async () => {
    const { anna, provider, browser, db } = await withProvider()
    const bea = browser()
    await signIn(bea, provider)
    expect((await anna.call(oidcSwitch, { enabled: false })).json()).toEqual({ enabled: false, ended: 1 })
    expect((await bea.call(meView)).statusCode).toBe(401)
    expect((await anna.call(meView)).statusCode).toBe(200)
    expect(refusalOf(await browser().call(oidcStart, {}))).toMatch(/switched off/)
    const words = await db.selectFrom('audit').select('words').where('action', '=', 'oidc.update').execute()
    expect(words.at(-1)?.words).toBe('Switched single sign-on off')
    expect((await anna.call(oidcSwitch, { enabled: true })).json()).toEqual({ enabled: true, ended: 0 })
    expect((await signIn(browser(), provider)).statusCode).toBe(200)
  })

  test('while somebody is at the provider, they come back to nothing', async () => {
    const { anna, provider, browser, save } = await withProvider()
    const one = browser()
    const back = await begin(one, provider)
    await anna.call(oidcSwitch, { enabled: false })
    expect(refusalOf(await one.call(oidcCallback, back))).toMatch(/switched off/)
    await save({})
    const two = browser()
    const other = await begin(two, provider)
    await save({ issuer: 'https://other.example.com' })
    expect(refusalOf(await two.call(oidcCallback, other))).toMatch(/changed meanwhile/)
  })

  test('another issuer or client ends what the old one vouched for', async () => {
    const { provider, browser, save } = await withProvider()
    const bea = browser()
    await signIn(bea, provider)
    await save({ name: 'Home' })
    expect((await bea.call(meView)).statusCode).toBe(200)
    await save({ clientId: 'another' })
    expect((await bea.call(meView)).statusCode).toBe(401)
  })
})

describe('the test', () => {
  const tested = async (made: Awaited<ReturnType<typeof withProvider>>, changes = {}, more = {}) => {
    const { anna, provider } = made
    const { issuer, clientId } = provider
    const settings = { ...noSettings, issuer, clientId, ...changes }
    const res = await anna.call(oidcTest, { settings, ...more })
    const { ok, checks } = res.json<{ ok: boolean; checks: OidcCheck[] }>()
    return { ok, bad: checks.filter((c) => c.outcome === 'bad').map((c) => c.id), checks }
  }

  test('says that all is well, down to the client’s secret, and saves nothing', async () => {
    const made = await withProvider()
    const { version } = (await made.anna.call(oidcSettingsView)).json<{ version: number }>()
    const { ok, checks } = await tested(made)
    expect([ok, checks.map((c) => `${c.id} ${c.outcome}`)]).toEqual([
      true,
      ['panel', 'issuer', 'discovery', 'endpoints', 'pkce', 'keys', 'scopes', 'client', 'logout'].map(
        (id) => `${id} good`,
      ),
    ])
    expect((await made.anna.call(oidcSettingsView)).json()).toMatchObject({ version })
  })

  test('says what is wrong, and where', async () => {
    const made = await withProvider()
    const { provider } = made
    expect((await tested(made, {}, { clientSecret: 'wrong' })).bad).toEqual(['client'])
    expect((await tested(made, { issuer: `${provider.issuer}/` })).bad).toEqual(['discovery'])
    expect((await tested(made, { issuer: `${provider.issuer}/realms/x` })).bad).toEqual(['discovery'])
    expect((await tested(made, { issuer: 'http://auth.example.com' })).bad).toEqual(['issuer'])
    provider.behave({ jwks: () => ({ keys: [] }) })
    expect((await tested(made)).bad).toEqual(['keys'])
    provider.behave({ discovery: (d) => ({ ...d, response_types_supported: ['id_token'] }) })
    expect((await tested(made)).bad).toEqual(['endpoints', 'keys'])
    provider.behave({ discovery: (d) => ({ ...d, id_token_signing_alg_values_supported: ['HS256'] }) })
    expect((await tested(made)).bad).toEqual(['keys'])
    provider.behave({ faults: { discovery: 'garbage' } })
    expect((await tested(made)).bad).toEqual(['discovery'])
  })

  test('the stored secret goes to no other provider that somebody types in', async () => {
    const made = await withProvider()
    const other = await misbehavingProvider()
    try {
      const { checks } = await tested(made, { issuer: other.issuer })
      expect(checks.find((c) => c.id === 'client')?.outcome).toBe('bad')
      expect(other.credentials()).toEqual([null])
    } finally {
      await other.close()
    }
  })
})
