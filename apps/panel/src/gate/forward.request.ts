import type { IncomingHttpHeaders } from 'node:http'
import { canonicalName } from '@argos/contract'
import { canonicalAddress } from '../http/address.ts'
import { hashToken } from '../secrets.ts'
import type { CredentialKind } from './facts.service.ts'

/** A visitor's request, as the proxy that asks about it says it is. */
export interface Forwarded {
  readonly name: string
  readonly method: string
  /** With its query, as it was sent. */
  readonly uri: string
  readonly path: string
  readonly secure: boolean
  readonly client: string
  readonly credential: { readonly hash: string; readonly kind: CredentialKind; readonly user?: string } | null
  /** What is in the browser so that only it can use a ticket; null unless there is exactly one. */
  readonly nonce: string | null
  /** Whether somebody will read the answer as a page. */
  readonly browser: boolean
  readonly sameOrigin: boolean
}

export const COOKIE = '__Host-argos'
export const STATE_COOKIE = '__Host-argos-state'
export const GUEST_PREFIX = 'g.'
const TOKEN = /^argos_[A-Za-z0-9_-]{10,250}$/
const SESSION_TOKEN = /^[A-Za-z0-9_-]{43}$/

/**
 * Read from the headers that a proxy which knows the secret sets; null when it does not say what is needed. The client
 * is the last of `X-Forwarded-For`: what stands before it the visitor may have written.
 */
export function forwardedOf(headers: IncomingHttpHeaders): Forwarded | null {
  const said = (name: string) => (typeof headers[name] === 'string' ? headers[name] : '')
  const name = canonicalName(said('x-forwarded-host').replace(/:\d{1,5}$/, ''))
  const client = canonicalAddress(said('x-forwarded-for').split(',').at(-1)?.trim() ?? '')
  const uri = said('x-forwarded-uri')
  if (!name.ok || client === null || !uri.startsWith('/')) return null
  const cookies = cookiesOf(said('cookie'))
  const mode = said('sec-fetch-mode')
  const site = said('sec-fetch-site')
  return {
    name: name.name,
    method: said('x-forwarded-method') || 'GET',
    uri,
    path: uri.replace(/[?#].*$/s, ''),
    secure: said('x-forwarded-proto') === 'https',
    client,
    credential: credentialOf(headers, cookies),
    nonce: only(cookies, STATE_COOKIE, SESSION_TOKEN),
    browser: mode === '' ? said('accept').includes('text/html') : mode === 'navigate',
    sameOrigin:
      site === ''
        ? said('origin').toLowerCase() === `https://${said('x-forwarded-host').toLowerCase()}`
        : site === 'same-origin',
  }
}

type Cookies = readonly (readonly [name: string, value: string])[]

const cookiesOf = (header: string): Cookies =>
  header.split(';').map((pair) => {
    const at = pair.indexOf('=')
    return at < 0 ? ['', ''] : [pair.slice(0, at).trim(), pair.slice(at + 1).trim()]
  })

/** What was sent twice is nothing (FA-02): who put the second one there is not known. */
function only(cookies: Cookies, name: string, form: RegExp): string | null {
  const found = cookies.filter(([one]) => one.toLowerCase() === name.toLowerCase())
  const [[exact, value] = ['', '']] = found
  return found.length === 1 && exact === name && form.test(value) ? value : null
}

/** As the gate reads them (apps/edge/requests/credentials.go): an app's token before a cookie. */
function credentialOf(headers: IncomingHttpHeaders, cookies: Cookies): Forwarded['credential'] {
  const tokens = [headers['x-argos-token']].flat().filter((text) => text !== undefined)
  const own = tokenIn(headers.authorization ?? '')
  if (tokens.length + (own ? 1 : 0) > 1) return null
  if (own) return TOKEN.test(own.secret) ? { hash: hashToken(own.secret), ...own.how } : null
  const [header] = tokens
  if (header !== undefined) return TOKEN.test(header) ? { hash: hashToken(header), kind: 'header' } : null
  const cookie = only(cookies, COOKIE, /^(g\.)?[A-Za-z0-9_-]{43}$/)
  if (cookie === null) return null
  if (!cookie.startsWith(GUEST_PREFIX)) return { hash: hashToken(cookie), kind: 'cookie' }
  return { hash: hashToken(cookie.slice(GUEST_PREFIX.length)), kind: 'guest' }
}

interface Found {
  readonly secret: string
  readonly how: { readonly kind: 'basic'; readonly user: string } | { readonly kind: 'bearer' }
}

/** Ours, by what it begins with; an app's own Authorization is none of our business. */
function tokenIn(authorization: string): Found | null {
  const [, scheme = '', rest = ''] = /^\s*(\S+)\s+(\S+)\s*$/.exec(authorization) ?? []
  if (scheme.toLowerCase() === 'bearer')
    return rest.startsWith('argos_') ? { secret: rest, how: { kind: 'bearer' } } : null
  if (scheme.toLowerCase() !== 'basic') return null
  const pair = Buffer.from(rest, 'base64').toString('utf8')
  const at = pair.indexOf(':')
  const secret = pair.slice(at + 1)
  return at >= 0 && secret.startsWith('argos_')
    ? { secret, how: { kind: 'basic', user: pair.slice(0, at) } }
    : null
}
