import type { FieldError, OidcSettings } from '@argos/contract'
import { isLoopback } from '../http/address.ts'
import { domainOf, emailOf } from './email.ts'

/** What there is before anybody has set anything: off, and closed. */
export const noSettings: OidcSettings = {
  enabled: false,
  preset: 'generic',
  name: 'Single sign-on',
  issuer: '',
  clientId: '',
  scopes: ['openid', 'profile', 'email'],
  emails: [],
  domains: [],
  requireVerifiedEmail: true,
  autoProvision: false,
  groupsClaim: 'groups',
  groups: [],
  admin: null,
  trustFactor: true,
  factorAcr: [],
}

/** In the one form that is kept and compared. What is malformed stays as it is, and `problemsOf` names it. */
export const canonical = (typed: OidcSettings): OidcSettings => ({
  ...typed,
  scopes: [...new Set(typed.scopes)],
  emails: [...new Set(typed.emails.map((e) => emailOf(e)?.address ?? e))],
  domains: [...new Set(typed.domains.map((d) => d.replace(/^@/, '')).map((d) => domainOf(d) ?? d))],
})

/** What is wrong with settings by themselves, under the fields of the request. */
export function problemsOf(settings: OidcSettings, { panelNamed }: { panelNamed: boolean }): FieldError[] {
  const { enabled, issuer, clientId, scopes, emails, domains } = settings
  const wrong = (path: string, message: string | null) =>
    message === null ? [] : [{ path: `settings.${path}`, message }]
  const needed = enabled || issuer !== ''
  return [
    ...wrong('issuer', needed ? issuerProblem(issuer) : null),
    ...wrong('clientId', enabled && clientId === '' ? 'Enter the client id that the provider gave.' : null),
    ...wrong(
      'scopes',
      scopes.includes('openid') ? null : 'Add the scope openid: without it there is no sign-in.',
    ),
    ...wrong(
      'enabled',
      enabled && !panelNamed
        ? 'Give the panel a name in the settings first: the provider sends people back to it.'
        : null,
    ),
    ...emails.flatMap((e, i) =>
      wrong(
        `emails.${i}`,
        emailOf(e) ? null : `\`${e}\` is no e-mail address. Write it as anna@example.com.`,
      ),
    ),
    ...domains.flatMap((d, i) =>
      wrong(`domains.${i}`, domainOf(d) ? null : `\`${d}\` is no domain. Write it as example.com.`),
    ),
  ]
}

/** Over plain HTTP anybody on the way could read or forge who somebody is; on this machine there is no way. */
export function issuerProblem(issuer: string): string | null {
  if (issuer === '') return 'Enter the provider’s issuer.'
  if (!URL.canParse(issuer)) return 'The issuer is a URL, as in https://auth.example.com.'
  const url = new URL(issuer)
  if (url.search !== '' || url.hash !== '' || issuer.includes('?') || issuer.includes('#'))
    return 'The issuer has no ? and no #. Copy it from the provider.'
  if (issuer.includes('/.well-known/'))
    return 'Enter the issuer alone, without /.well-known/openid-configuration.'
  return isSafe(url)
    ? null
    : 'The issuer begins with https://: over plain HTTP sign-ins could be read and forged.'
}

export const isSafe = (url: URL): boolean =>
  url.protocol === 'https:' ||
  (url.protocol === 'http:' && isLoopback(url.hostname.replace(/^\[(.*)\]$/, '$1')))
