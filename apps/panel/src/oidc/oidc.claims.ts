import type { OidcSettings } from '@argos/contract'
import { type Email, emailOf } from './email.ts'

export type Claims = Readonly<Record<string, unknown>>

/** What a provider says of somebody, read by the operator's settings. */
export interface Profile {
  readonly issuer: string
  readonly sub: string
  readonly email: Email | null
  /** Something stands there, but it is no address that has exactly one reading. */
  readonly emailMalformed: boolean
  readonly emailVerified: boolean
  readonly username: string
  readonly displayName: string
  /** Groups that the settings map; all others are nothing to us. */
  readonly groupIds: readonly string[]
  /** Null: nothing is mapped, so the claim neither gives nor takes. */
  readonly admin: boolean | null
}

/** The ID token's claims, and those of userinfo for what is missing there; an address never without its own mark. */
export function merged(idToken: Claims, userinfo: Claims | null): Claims {
  if (userinfo === null) return idToken
  const { email: _, email_verified: __, ...rest } = userinfo
  const address =
    idToken.email === undefined ? { email: userinfo.email, email_verified: userinfo.email_verified } : {}
  return { ...rest, ...idToken, ...address }
}

/** Whether the settings need something that the ID token does not have. */
export const lacks = (claims: Claims, { groups, groupsClaim, admin }: OidcSettings): boolean =>
  claims.email === undefined ||
  claims.name === undefined ||
  (groups.length > 0 && valuesOf(claims, groupsClaim).length === 0) ||
  (admin !== null && valuesOf(claims, admin.claim).length === 0)

export function profileOf(claims: Claims, settings: OidcSettings): Profile {
  const { issuer } = settings
  const typed = textOf(claims.email)
  const email = typed === '' ? null : emailOf(typed)
  const values = new Set(valuesOf(claims, settings.groupsClaim))
  const { admin } = settings
  return {
    issuer,
    // To the letter, spaces too: trimmed, two people there could be one here.
    sub: typeof claims.sub === 'string' ? claims.sub : '',
    email,
    emailMalformed: claims.email !== undefined && claims.email !== '' && email === null,
    // The text "false" is true to many a language; only the value true is true here (OI-09).
    emailVerified: claims.email_verified === true,
    username: textOf(claims.preferred_username) || email?.address.split('@')[0] || textOf(claims.name),
    displayName: shown(textOf(claims.name)),
    groupIds: [
      ...new Set(settings.groups.flatMap(({ value, groupId }) => (values.has(value) ? [groupId] : []))),
    ],
    admin: admin === null ? null : valuesOf(claims, admin.claim).includes(admin.value),
  }
}

/** A claim's values as texts: of a list, each; of one value, that one; `a.b` is looked for as it stands, then inside a. */
export function valuesOf(claims: Claims, name: string): string[] {
  if (name === '') return []
  const found = Object.hasOwn(claims, name) ? claims[name] : inside(claims, name.split('.'))
  const list = Array.isArray(found) ? found.slice(0, 1_000) : [found]
  return list.flatMap((one) => (typeof one === 'string' || typeof one === 'boolean' ? [String(one)] : []))
}

const inside = (value: unknown, path: readonly string[]): unknown =>
  path.reduce<unknown>(
    (at, key) =>
      typeof at === 'object' && at !== null && Object.hasOwn(at, key)
        ? (at as Record<string, unknown>)[key]
        : undefined,
    value,
  )

/** Values of `amr` (RFC 8176) that take more than a password, by themselves or with one. */
const strong = new Set(['mfa', 'otp', 'hwk', 'swk', 'fpt', 'face', 'iris', 'sc', 'phr', 'phrh'])

/**
 * When the provider saw a second factor; null when it does not say so. Without `auth_time` nobody knows how long ago it
 * was, which is no answer to "within the last N hours".
 */
export function factorAtOf(claims: Claims, settings: OidcSettings, now: number): number | null {
  const { auth_time: at, acr } = claims
  if (!settings.trustFactor || typeof at !== 'number' || !Number.isFinite(at)) return null
  const byAmr = valuesOf(claims, 'amr').some((method) => strong.has(method))
  const byAcr = typeof acr === 'string' && settings.factorAcr.includes(acr)
  return byAmr || byAcr ? Math.min(Math.max(0, Math.floor(at * 1_000)), now) : null
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value.trim() : '')
const shown = (text: string): string =>
  [...text.replaceAll(/[\p{C}\s]+/gu, ' ')].slice(0, 100).join('').trim()
