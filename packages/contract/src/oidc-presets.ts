// No zod here: a page takes this list along without it.
export const oidcPresetIds = [
  'authentik',
  'authelia',
  'keycloak',
  'pocket_id',
  'google',
  'entra',
  'generic',
] as const
export type OidcPreset = (typeof oidcPresetIds)[number]

/** What is known of a provider before anything is asked of it: the form begins with this. */
export interface OidcPresetView {
  readonly id: OidcPreset
  /** As it stands on the button: "Sign in with Authentik". */
  readonly name: string
  /** The issuer with what is to be replaced in capitals; whole where everybody has the same. */
  readonly issuer: string
  readonly scopes: readonly string[]
  readonly groupsClaim: string
  /** Where the client is made at the provider, and what to mind. One sentence each. */
  readonly notes: readonly string[]
}

export const oidcPresets: readonly OidcPresetView[] = [
  {
    id: 'authentik',
    name: 'Authentik',
    issuer: 'https://AUTHENTIK.EXAMPLE.COM/application/o/ARGOS/',
    scopes: ['openid', 'profile', 'email'],
    groupsClaim: 'groups',
    notes: [
      'Make an application with an OAuth2/OpenID provider, confidential, and give it a signing key.',
      'The issuer ends in the application’s slug and a slash; keep both.',
      'Authentik says `email_verified: false` unless a scope mapping of yours says otherwise: edit the mapping of the scope email.',
    ],
  },
  {
    id: 'authelia',
    name: 'Authelia',
    issuer: 'https://AUTH.EXAMPLE.COM',
    scopes: ['openid', 'profile', 'email', 'groups'],
    groupsClaim: 'groups',
    notes: [
      'Add a client under identity_providers.oidc.clients with the redirect address below.',
      'Keep the hash of the client secret there, the secret itself here.',
    ],
  },
  {
    id: 'keycloak',
    name: 'Keycloak',
    issuer: 'https://KEYCLOAK.EXAMPLE.COM/realms/REALM',
    scopes: ['openid', 'profile', 'email'],
    groupsClaim: 'groups',
    notes: [
      'Make an OpenID Connect client with client authentication on, and only the standard flow.',
      'Groups come with a mapper of the kind Group Membership named groups, with the full path off.',
    ],
  },
  {
    id: 'pocket_id',
    name: 'Pocket ID',
    issuer: 'https://ID.EXAMPLE.COM',
    scopes: ['openid', 'profile', 'email', 'groups'],
    groupsClaim: 'groups',
    notes: ['Make an OIDC client with the callback address below and PKCE on.'],
  },
  {
    id: 'google',
    name: 'Google',
    issuer: 'https://accounts.google.com',
    scopes: ['openid', 'profile', 'email'],
    groupsClaim: '',
    notes: [
      'Make an OAuth client of the kind web application in the Google Cloud console.',
      'Google tells no groups; let people in by address or domain.',
    ],
  },
  {
    id: 'entra',
    name: 'Microsoft Entra',
    issuer: 'https://login.microsoftonline.com/TENANT-ID/v2.0',
    scopes: ['openid', 'profile', 'email'],
    groupsClaim: 'groups',
    notes: [
      'Register an application for this directory only, and put the directory’s id into the issuer; common and organizations are nobody’s issuer.',
      'Entra never says whether an address is verified: people are connected by hand, or the requirement is switched off for a directory of yours.',
      'Groups come as ids once the token configuration has a groups claim.',
    ],
  },
  {
    id: 'generic',
    name: 'Single sign-on',
    issuer: '',
    scopes: ['openid', 'profile', 'email'],
    groupsClaim: 'groups',
    notes: ['Any provider that speaks OpenID Connect with discovery and the code flow.'],
  },
]
