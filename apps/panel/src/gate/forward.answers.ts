import type { OutgoingHttpHeaders } from 'node:http'
import type { Facts } from './facts.ts'

export interface Answer {
  readonly status: number
  readonly headers?: OutgoingHttpHeaders
  readonly body?: string
}

/** A page of a few words; nothing in it comes from a visitor. */
export function page(title: string, words: string, more = ''): Pick<Answer, 'headers' | 'body'> {
  const style =
    'body{font:16px/1.5 system-ui;max-width:32rem;margin:15vh auto;padding:0 1rem;color-scheme:light dark}'
  return {
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy':
        "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'",
      'x-content-type-options': 'nosniff',
    },
    body: `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title><style>${style}</style><h1>${title}</h1><p>${words}</p>${more}</html>`,
  }
}

export const answersOf = {
  denied: { status: 403, ...page('You may not open this', 'It is not shared with your account.') },
  stale: {
    status: 400,
    ...page(
      'You are not signed in yet',
      'This way back from signing in was used already, is too old, or began in another browser.',
      '<p><a href="/">Try again</a></p>',
    ),
  },
  signedOut: {
    status: 200,
    ...page('You are signed out', 'To come back, sign in again.', '<p><a href="/">Sign in</a></p>'),
  },
  askLogout: {
    status: 200,
    ...page(
      'Sign out?',
      'Signing out ends your session here, in the panel and in all other apps.',
      '<form method="post"><button>Sign out</button></form>',
    ),
  },
  throttled: (seconds: number): Answer => ({ status: 429, headers: { 'retry-after': String(seconds) } }),
  /** Programs are told in JSON where to sign in. */
  signIn: (login: string | null, factor: boolean): Answer => ({
    status: 401,
    headers: { 'content-type': 'application/problem+json', 'www-authenticate': 'Bearer' },
    body: JSON.stringify({ code: factor ? 'factor' : 'sign_in', ...(login === null ? {} : { login }) }),
  }),
} as const

/** Each of them, empty when there is nothing to say: a proxy that copies them then takes the visitor's own away. */
export function identityHeaders(facts: Facts | null, assertion: boolean): OutgoingHttpHeaders {
  const { username = '', name = '', email = '', groups = [], provider = '' } = facts?.person ?? {}
  const list = groups.join(',')
  return {
    ...{ 'Remote-User': text(username), 'Remote-Name': text(name), 'Remote-Email': text(email) },
    ...{ 'Remote-Groups': text(list), 'X-Auth-User': text(username), 'X-Auth-Name': text(name) },
    ...{ 'X-Auth-Email': text(email), 'X-Auth-Groups': text(list), 'X-Auth-Provider': provider },
    'X-Argos-Assertion': assertion ? (facts?.jwt ?? '') : '',
  }
}

/** Headers carry bytes; names in other scripts go as UTF-8, as the edge sends them. */
const text = (value: string): string => Buffer.from(value, 'utf8').toString('latin1')
