import { createHash, randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Faulty, fault } from './faults.ts'
import { type KeyKind, type ProviderKey, providerKey, type Signing, signed } from './keys.ts'

type Claims = Record<string, unknown>
type Part = 'discovery' | 'keys' | 'token' | 'userinfo'

/** What a provider is told to do. Without any of it, it is an honest one. */
export interface Behaviour {
  /** Who signs in there, whoever asks. */
  person: Claims
  discovery?: (document: Claims) => Claims
  claims?: (claims: Claims) => Claims
  signing?: Signing
  userinfo?: (claims: Claims) => Claims
  jwks?: (keys: readonly object[]) => unknown
  /** What it answers to the browser; a value of undefined is left out. */
  answer?: (query: Record<string, string>) => Record<string, string | undefined>
  /** Takes any code verifier. */
  lax?: boolean
  faults?: Partial<Record<Part, Faulty>>
}
export interface MisbehavingProvider {
  readonly issuer: string
  readonly clientId: string
  readonly clientSecret: string
  /** From here on, beside what it was told before. */
  behave(behaviour: Partial<Behaviour>): void
  /** Signs with a new key that has a kid nobody has seen; the old ones are gone. */
  rotate(kinds?: readonly KeyKind[]): Promise<void>
  /** What a browser brings back from the authorization endpoint. */
  authorize(url: string): Promise<Record<string, string>>
  /** A token as this provider signs it, for telling of a sign-out. */
  token(claims: Claims, signing?: Signing): Promise<string>
  asked(part: Part): number
  /** Secrets that its token endpoint was shown, in order; null where there was none. */
  credentials(): readonly (string | null)[]
  close(): Promise<void>
}

/** A provider on loopback that does on command what a broken or hostile one does. `now` is its clock. */
export async function misbehavingProvider({
  now = Date.now,
}: {
  now?: () => number
} = {}): Promise<MisbehavingProvider> {
  const clientId = 'argos'
  const clientSecret = randomBytes(24).toString('base64url')
  const codes = new Map<string, { nonce: string | null; challenge: string | null; redirect: string | null }>()
  const tokens = new Set<string>()
  const counts = new Map<Part, number>()
  const shown: (string | null)[] = []
  let keys: ProviderKey[] = [await providerKey('ES256')]
  let told: Behaviour = { person: { sub: 'anna-1' } }

  const server = createServer((req, res) => {
    answer(req, res).catch((err: unknown) => res.writeHead(500).end(String(err)))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const first = () => keys[0] as ProviderKey
  const sign = (claims: Claims, signing: Signing | undefined) =>
    signed(claims, { key: first(), clientSecret, ...signing })

  const discovery = (): Claims => ({
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    jwks_uri: `${issuer}/keys`,
    userinfo_endpoint: `${issuer}/userinfo`,
    end_session_endpoint: `${issuer}/logout`,
    response_types_supported: ['code'],
    code_challenge_methods_supported: ['S256'],
    id_token_signing_alg_values_supported: ['RS256', 'ES256'],
    scopes_supported: ['openid', 'profile', 'email', 'groups'],
    authorization_response_iss_parameter_supported: true,
  })

  async function answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const url = new URL(req.url ?? '/', issuer)
    const part = parts[url.pathname]
    if (part === undefined) return void res.writeHead(404).end()
    counts.set(part, (counts.get(part) ?? 0) + 1)
    const wrong = told.faults?.[part]
    if (wrong !== undefined) return fault(wrong, res)
    if (part === 'discovery') return json(res, told.discovery?.(discovery()) ?? discovery())
    if (part === 'keys') {
      const published = keys.map((key) => key.jwk)
      return json(res, told.jwks?.(published) ?? { keys: published })
    }
    if (part === 'userinfo') {
      const bearer = req.headers.authorization?.replace('Bearer ', '') ?? ''
      if (!tokens.has(bearer)) return json(res, { error: 'invalid_token' }, 401)
      return json(res, told.userinfo?.(told.person) ?? told.person)
    }
    return redeem(new URLSearchParams(await bodyOf(req)), req, res)
  }

  async function redeem(form: URLSearchParams, req: IncomingMessage, res: ServerResponse): Promise<void> {
    const basic = basicOf(req.headers.authorization ?? '')
    shown.push(form.get('client_secret') ?? (basic === '' ? null : (basic.split(':')[1] ?? null)))
    const posted = `${form.get('client_id')}:${form.get('client_secret')}`
    if (![basic, posted].includes(`${clientId}:${clientSecret}`))
      return json(res, { error: 'invalid_client' }, 401)
    const code = form.get('code') ?? ''
    const begun = codes.get(code)
    codes.delete(code)
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url')
    const fits =
      begun && (told.lax || (begun.challenge === challenge && begun.redirect === form.get('redirect_uri')))
    if (!fits) return json(res, { error: 'invalid_grant', error_description: 'the code is not yours' }, 400)
    const at = Math.floor(now() / 1_000)
    const own = { iss: issuer, aud: clientId, iat: at, exp: at + 300, ...told.person }
    const claims = begun.nonce === null ? own : { ...own, nonce: begun.nonce }
    const accessToken = randomBytes(24).toString('base64url')
    tokens.add(accessToken)
    return json(res, {
      access_token: accessToken,
      token_type: 'Bearer',
      id_token: await sign(told.claims?.(claims) ?? claims, told.signing),
    })
  }

  return {
    issuer,
    clientId,
    clientSecret,
    behave(more) {
      told = { ...told, ...more }
    },
    async rotate(kinds = ['ES256']) {
      keys = await Promise.all(kinds.map((kind) => providerKey(kind)))
    },
    async authorize(address) {
      const { searchParams: asked } = new URL(address)
      const code = randomBytes(24).toString('base64url')
      codes.set(code, {
        nonce: asked.get('nonce'),
        challenge: asked.get('code_challenge'),
        redirect: asked.get('redirect_uri'),
      })
      const query = { code, state: asked.get('state') ?? '', iss: issuer }
      const sent = told.answer?.(query) ?? query
      return Object.fromEntries(
        Object.entries(sent).filter((entry): entry is [string, string] => entry[1] !== undefined),
      )
    },
    token: sign,
    credentials: () => shown,
    asked: (part) => counts.get(part) ?? 0,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

const parts: Readonly<Record<string, Part>> = {
  '/.well-known/openid-configuration': 'discovery',
  '/keys': 'keys',
  '/token': 'token',
  '/userinfo': 'userinfo',
}

/** RFC 6749, 2.3.1: id and secret are form-encoded each. */
function basicOf(header: string): string {
  const pair = Buffer.from(header.replace('Basic ', ''), 'base64').toString()
  return pair
    .split(':')
    .map((part) => new URLSearchParams(`v=${part}`).get('v') ?? '')
    .join(':')
}

function json(res: ServerResponse, body: unknown, status = 200): void {
  res.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

async function bodyOf(req: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of req.setEncoding('utf8') as AsyncIterable<string>) text += chunk
  return text
}
