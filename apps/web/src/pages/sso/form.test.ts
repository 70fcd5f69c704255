import { type OidcSettings, oidcPresets } from '@argos/contract'
import { describe, expect, test } from 'vitest'
import { admitsWords, formOf, formProblems, problemAt, secretOf, settingsOf, withPreset } from './form.ts'

const settings = (over: Partial<OidcSettings> = {}): OidcSettings => ({
  enabled: false,
  preset: 'generic',
  name: 'Single sign-on',
  issuer: '',
  clientId: '',
  scopes: ['openid'],
  emails: [],
  domains: [],
  requireVerifiedEmail: true,
  autoProvision: false,
  groupsClaim: '',
  groups: [],
  admin: null,
  trustFactor: false,
  factorAcr: [],
  ...over,
})
const form = (over: Partial<OidcSettings> = {}, hasSecret = false) =>
  formOf({ settings: settings(over), hasSecret })

describe('the form of single sign-on', () => {
  test('what is saved comes back as it was', () => {
    const saved = settings({
      enabled: true,
      preset: 'authentik',
      issuer: 'https://auth.home.example/application/o/argos/',
      clientId: 'argos',
      scopes: ['openid', 'email'],
      emails: ['anna@home.example'],
      domains: ['home.example', 'example.net'],
      groups: [{ value: 'fam', groupId: 'g_1' }],
      admin: { claim: 'groups', value: 'argos-admins' },
      factorAcr: ['phr'],
    })
    expect(settingsOf(formOf({ settings: saved, hasSecret: true }), true)).toEqual(saved)
  })

  test('the secret: untouched it is not sent, typed it is, and no secret is said as null', () => {
    expect(secretOf(form({ clientId: 'argos' }, true))).toEqual({})
    expect(secretOf({ ...form({ clientId: 'argos' }, true), secret: 's3cret' })).toEqual({
      clientSecret: 's3cret',
    })
    expect(secretOf({ ...form(), publicClient: true, secret: 'typed before' })).toEqual({
      clientSecret: null,
    })
    expect(form({ clientId: 'argos' }, false).publicClient).toBe(true)
    expect(form().publicClient, 'nothing is set up yet').toBe(false)
  })

  test('another provider brings its own, and leaves what somebody wrote', () => {
    const keycloak = withPreset(form(), 'keycloak')
    expect(keycloak).toMatchObject({ name: 'Keycloak', groupsClaim: 'groups' })
    expect(withPreset(keycloak, 'google')).toMatchObject({
      name: 'Google',
      issuer: 'https://accounts.google.com',
    })
    const mine = { ...keycloak, name: 'Home', issuer: 'https://id.home.example/realms/home' }
    expect(withPreset(mine, 'google')).toMatchObject({ name: 'Home', issuer: mine.issuer })
  })

  test('an issuer that is still a template is refused before anybody is asked', () => {
    for (const { id, issuer } of oidcPresets) {
      const problems = formProblems(withPreset(form(), id))
      expect(problems.length > 0, id).toBe(/[A-Z]{2}/.test(issuer))
    }
    const mine = { ...withPreset(form(), 'keycloak'), issuer: 'https://ID.home.example/realms/HOME' }
    expect(formProblems(mine)).toEqual([])
  })

  test('half a mapping is refused at its field', () => {
    const half = {
      ...form(),
      groups: [
        { key: 0, value: ' ', groupId: 'g_1' },
        { key: 1, value: 'fam', groupId: '' },
      ],
      adminOn: true,
    }
    expect(formProblems(half).map(({ path }) => path)).toEqual([
      'settings.groups.0.value',
      'settings.groups.1.groupId',
      'settings.admin.value',
    ])
    expect(problemAt(formProblems(half), 'settings.groups.1')).toBe('Choose a group.')
  })
})

describe('who is let in, in one sentence', () => {
  test('OI-13 empty lists let nobody in, whatever the switch says', () => {
    expect(admitsWords({ ...form(), autoProvision: true })).toContain('nobody gets an account')
    expect(admitsWords({ ...form(), domains: 'home.example' })).toContain('Nobody gets an account')
  })
  test('lists are named, with the condition of a verified address', () => {
    const open = { ...form(), autoProvision: true, domains: 'home.example', emails: 'a@b.example' }
    expect(admitsWords(open)).toContain('everybody at home.example and the one address listed, once')
    expect(admitsWords({ ...open, requireVerifiedEmail: false })).not.toContain('once the provider')
  })
})
