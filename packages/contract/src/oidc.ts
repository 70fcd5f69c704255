import { z } from 'zod'
import { Challenge, SignedInAnswer } from './identity.ts'
import { oidcPresetIds } from './oidc-presets.ts'
import { operation } from './operation.ts'

const tag = 'Single sign-on'
const OidcPreset = z.enum(oidcPresetIds)
const text = (most: number) => z.string().trim().max(most)
/** A claim's name; a path into objects is written with dots, as in `realm_access.roles`. */
const ClaimName = text(200).regex(/^[^\p{Cc}\s]*$/u, 'A claim’s name has no spaces.')

export const OidcSettings = z.object({
  enabled: z.boolean(),
  preset: OidcPreset,
  /** As it stands on the button. */
  name: text(60).min(1, 'Enter the name that people see on the button.'),
  issuer: text(500),
  clientId: text(300),
  scopes: z.array(text(100).regex(/^[\x21\x23-\x5b\x5d-\x7e]+$/, 'A scope has no spaces.')).max(20),
  /** Whose accounts may be made by themselves, and stay admitted: exact addresses, and whole domains. */
  emails: z.array(text(254)).max(500),
  domains: z.array(text(253)).max(100),
  requireVerifiedEmail: z.boolean(),
  /** Makes a member's account for whoever is on the lists. Both lists empty: for nobody. */
  autoProvision: z.boolean(),
  groupsClaim: ClaimName,
  /** A value of that claim, and the group it puts people into until it is gone. */
  groups: z.array(z.object({ value: text(300).min(1), groupId: text(64).min(1) })).max(200),
  /** Who has this value in this claim is an administrator, as long as they have it. */
  admin: z.object({ claim: ClaimName.min(1), value: text(300).min(1) }).nullable(),
  /** Whether the provider's second factor counts here, and which values of `acr` say there was one. */
  trustFactor: z.boolean(),
  factorAcr: z.array(text(300).min(1)).max(20),
})
export type OidcSettings = z.infer<typeof OidcSettings>

export const OidcSettingsView = z.object({
  settings: OidcSettings,
  version: z.number().int(),
  /** The secret itself is never answered. */
  hasSecret: z.boolean(),
  /** What the provider is to be told; null while the panel has no name. */
  addresses: z
    .object({ redirect: z.string(), afterLogout: z.string(), backchannelLogout: z.string() })
    .nullable(),
  /** People who have signed in this way, and sessions of theirs that are open. */
  people: z.number().int(),
  sessions: z.number().int(),
})
export type OidcSettingsView = z.infer<typeof OidcSettingsView>

/** Left out keeps the secret there is; null is a public client, which has none. */
const ClientSecret = z.string().min(1).max(1_000).nullable().optional()

export const oidcSettingsView = operation({
  id: 'oidcSettingsView',
  method: 'GET',
  path: '/api/v1/oidc/settings',
  scope: 'settings:read',
  tag,
  summary: 'How people sign in with a provider of identities',
  status: 200,
  response: OidcSettingsView,
})
export const oidcSettingsUpdate = operation({
  id: 'oidcSettingsUpdate',
  method: 'PUT',
  path: '/api/v1/oidc/settings',
  scope: 'settings:write',
  // Whoever says which claim makes an administrator can become one.
  recent: true,
  tag,
  summary: 'Change them. Another issuer or client ends the sessions begun with the old one',
  body: z.object({ settings: OidcSettings, clientSecret: ClientSecret, version: z.number().int() }),
  status: 200,
  response: OidcSettingsView,
})
export const oidcSwitch = operation({
  id: 'oidcSwitch',
  method: 'POST',
  path: '/api/v1/oidc/switch',
  scope: 'settings:write',
  tag,
  summary: 'Switch single sign-on on, or off, which ends its sessions at once',
  body: z.object({ enabled: z.boolean() }),
  status: 200,
  response: z.object({ enabled: z.boolean(), ended: z.number().int() }),
})

export const OidcCheck = z.object({
  id: z.enum(['panel', 'issuer', 'discovery', 'endpoints', 'pkce', 'keys', 'scopes', 'client', 'logout']),
  outcome: z.enum(['good', 'warning', 'bad', 'skipped']),
  words: z.string(),
  /** What to do about it, here or at the provider. */
  remedy: z.string().nullable(),
})
export type OidcCheck = z.infer<typeof OidcCheck>
export const oidcTest = operation({
  id: 'oidcTest',
  method: 'POST',
  path: '/api/v1/oidc/test',
  scope: 'settings:write',
  tag,
  summary: 'Ask the provider, and say what is to be fixed where; saves nothing',
  body: z.object({ settings: OidcSettings, clientSecret: ClientSecret }),
  status: 200,
  response: z.object({ ok: z.boolean(), checks: z.array(OidcCheck) }),
})

/** The buttons of the login page, in their order. */
export const SignInMethod = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('password') }),
  z.object({ kind: z.literal('passkey') }),
  z.object({
    kind: z.literal('oidc'),
    name: z.string(),
    preset: OidcPreset,
    /** Where the panel must be open for it; another address of the panel has other cookies. */
    origin: z.string(),
  }),
])
export type SignInMethod = z.infer<typeof SignInMethod>
export const signInMethods = operation({
  id: 'signInMethods',
  method: 'GET',
  path: '/api/v1/login/methods',
  scope: 'public',
  tag,
  summary: 'How one can sign in here',
  status: 200,
  response: z.object({ methods: z.array(SignInMethod) }),
})

/** The query that the page `/authorize` was opened with, kept through the visit at the provider. */
export const OidcReturn = z.object({
  host: z.string().max(64),
  name: z.string().max(253).optional(),
  rd: z.string().max(2_048),
  state: z.string().max(100),
  factor: z.string().max(1).optional(),
})
export type OidcReturn = z.infer<typeof OidcReturn>
/** `link` connects the provider's account with the one that is signed in; `again` proves once more who is there. */
export const OidcPurpose = z.enum(['sign_in', 'link', 'again'])
export type OidcPurpose = z.infer<typeof OidcPurpose>

export const oidcStart = operation({
  id: 'oidcStart',
  method: 'POST',
  path: '/api/v1/oidc/start',
  scope: 'public',
  tag,
  summary: 'Begin signing in at the provider: sets a cookie, and answers where the browser goes',
  body: z.object({ purpose: OidcPurpose.default('sign_in'), authorize: OidcReturn.nullable().default(null) }),
  status: 200,
  response: z.object({ url: z.string() }),
})
/** What the provider put into the address of the page `/login/oidc`, unread. */
export const OidcCallbackQuery = z.object({
  code: z.string().max(8_192).optional(),
  state: z.string().max(512).optional(),
  iss: z.string().max(1_024).optional(),
  error: z.string().max(1_024).optional(),
  error_description: z.string().max(16_384).optional(),
})
export type OidcCallbackQuery = z.infer<typeof OidcCallbackQuery>

export const oidcCallback = operation({
  id: 'oidcCallback',
  method: 'POST',
  path: '/api/v1/oidc/callback',
  scope: 'public',
  tag,
  summary: 'Finish what was begun, with the answer of the provider; works once, and only in the same browser',
  body: OidcCallbackQuery,
  status: 200,
  response: z.discriminatedUnion('kind', [
    SignedInAnswer.extend({ purpose: OidcPurpose, authorize: OidcReturn.nullable() }),
    z.object({ kind: z.literal('challenge'), challenge: Challenge, authorize: OidcReturn.nullable() }),
  ]),
})

/** From the provider's server, not from a browser: `application/x-www-form-urlencoded`. */
export const oidcBackchannelLogout = operation({
  id: 'oidcBackchannelLogout',
  method: 'POST',
  path: '/api/v1/oidc/backchannel-logout',
  scope: 'public',
  tag,
  summary: 'The provider says that somebody signed out there (OpenID Connect Back-Channel Logout 1.0)',
  body: z.object({ logout_token: z.string().max(16_384) }),
  status: 200,
  response: z.object({ ok: z.literal(true) }),
})
export const oidcLogout = operation({
  id: 'oidcLogout',
  method: 'POST',
  path: '/api/v1/oidc/logout',
  scope: 'session',
  tag,
  summary: 'Sign out, and say where the browser goes to sign out at the provider; null when nowhere',
  status: 200,
  response: z.object({ url: z.string().nullable() }),
})

export const OidcLink = z.object({ issuer: z.string(), email: z.string().nullable(), at: z.number().int() })
export const oidcLinkView = operation({
  id: 'oidcLinkView',
  method: 'GET',
  path: '/api/v1/oidc/link',
  scope: 'session',
  tag,
  summary: 'The provider’s account that is connected with one’s own, if any',
  status: 200,
  response: z.object({ link: OidcLink.nullable() }),
})
export const oidcUnlink = operation({
  id: 'oidcUnlink',
  method: 'DELETE',
  path: '/api/v1/oidc/link',
  scope: 'session',
  tag,
  summary: 'Disconnect it; refused to who could not sign in without it',
  status: 204,
})
