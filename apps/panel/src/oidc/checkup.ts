import type { OidcCheck, OidcSettings } from '@argos/contract'
import type { Kysely } from 'kysely'
import type { Actor } from '../audit/actor.ts'
import type { Audit } from '../audit/audit.service.ts'
import type { Clock } from '../clock.ts'
import type { DB } from '../db/schema.ts'
import { AppError } from '../errors.ts'
import { GuardError } from '../guard/error.ts'
import { newToken } from '../secrets.ts'
import type { CallProvider } from './oidc.fetch.ts'
import { algorithms } from './oidc.keys.ts'
import { discover, type Provider } from './oidc.provider.ts'
import { issuerProblem } from './oidc.rules.ts'
import { quoted } from './oidc.words.ts'

interface Asked {
  readonly settings: OidcSettings
  readonly secret: string | null
  /** Null while the panel has no name. */
  readonly redirect: string | null
}
type Id = OidcCheck['id']
export type Checkup = (actor: Actor, asked: Asked) => Promise<{ ok: boolean; checks: OidcCheck[] }>

interface Deps {
  readonly db: Kysely<DB>
  readonly audit: Audit
  readonly call: CallProvider
  readonly clock: Clock
}

/** Asks a provider what a sign-in would need of it, and says what to fix where. Signs nobody in, saves nothing. */
export const checkup =
  ({ db, audit, call, clock }: Deps): Checkup =>
  async (actor, { settings, secret, redirect }) => {
    // It calls where somebody typed, private networks included: who did stands in the trail.
    await db.transaction().execute((trx) =>
      audit.record(trx, actor, {
        action: 'oidc.test',
        subject: { kind: 'settings', id: null, name: 'Single sign-on' },
        words: `Tested the provider at ${quoted(settings.issuer)}`,
      }),
    )
    const checks: OidcCheck[] = [
      redirect === null
        ? bad(
            'panel',
            'The panel has no name that the provider could send people back to.',
            'Give it one under Settings.',
          )
        : good('panel', `The provider sends people back to ${redirect}.`),
    ]
    const ending = () => ({ ok: checks.every((c) => c.outcome !== 'bad'), checks })
    const problem = issuerProblem(settings.issuer)
    checks.push(
      problem === null ? good('issuer', `The issuer is ${settings.issuer}.`) : bad('issuer', problem, null),
    )
    if (problem !== null) return ending()

    let provider: Provider
    try {
      provider = await discover(call, settings, clock)
      checks.push(good('discovery', 'Its discovery document is there, and names the same issuer.'))
    } catch (err) {
      if (!(err instanceof AppError)) throw err
      checks.push(bad('discovery', err.message, 'Open the address in a browser, and compare the issuer.'))
      return ending()
    }
    const { metadata } = provider
    checks.push(flow(metadata), pkce(metadata), await keys(provider), scopes(settings, metadata))
    checks.push(
      redirect === null
        ? skipped('client', 'The client is asked for once the panel has a name.')
        : await client(call, provider, { settings, secret, redirect }),
    )
    checks.push(
      metadata.end_session_endpoint === undefined
        ? warning('logout', 'It offers no sign-out: signing out here leaves people signed in there.', null)
        : good('logout', 'Signing out here signs out there as well.'),
    )
    return ending()
  }

const good = (id: Id, words: string): OidcCheck => ({ id, outcome: 'good', words, remedy: null })
const bad = (id: Id, words: string, remedy: string | null): OidcCheck => ({
  id,
  outcome: 'bad',
  words,
  remedy,
})
const warning = (id: Id, words: string, remedy: string | null): OidcCheck => ({
  id,
  outcome: 'warning',
  words,
  remedy,
})
const skipped = (id: Id, words: string): OidcCheck => ({ id, outcome: 'skipped', words, remedy: null })

function flow({
  response_types_supported: types,
  authorization_endpoint: at,
}: Provider['metadata']): OidcCheck {
  if (!URL.canParse(at)) return bad('endpoints', 'Its authorization endpoint is no address.', null)
  if (types !== undefined && !types.includes('code'))
    return bad(
      'endpoints',
      'It does not offer the code flow.',
      'Allow the response type code at the provider.',
    )
  return good('endpoints', 'It offers the code flow.')
}

function pkce({ code_challenge_methods_supported: methods }: Provider['metadata']): OidcCheck {
  if (methods?.includes('S256')) return good('pkce', 'It takes PKCE with S256.')
  return warning(
    'pkce',
    'It does not say that it takes PKCE with S256. Argos sends it in any case.',
    'Switch PKCE on for this client, if the provider can.',
  )
}

async function keys({ keys: held, metadata }: Provider): Promise<OidcCheck> {
  const named = metadata.id_token_signing_alg_values_supported ?? ['RS256']
  const usable = named.filter((alg) => (algorithms as readonly string[]).includes(alg))
  if (usable.length === 0)
    return bad(
      'keys',
      `It signs tokens only with ${quoted(named.join(', '))}, which Argos does not take.`,
      'Give the provider or this client a signing key (RS256 or ES256).',
    )
  let words = 'None of its keys fits how it says it signs.'
  for (const alg of usable) {
    try {
      // Which key is asked for does not matter: that there is one does.
      await held.verify({ alg }, async () => null)
      return good('keys', `Its keys are there; it signs with ${quoted(usable.join(', '))}.`)
    } catch (err) {
      if (err instanceof AppError) words = err.message
    }
  }
  return bad('keys', words, 'Give the provider a signing key (RS256 or ES256).')
}

function scopes({ scopes }: OidcSettings, { scopes_supported: known }: Provider['metadata']): OidcCheck {
  const unknown = known === undefined ? [] : scopes.filter((scope) => !known.includes(scope))
  if (unknown.length === 0) return good('scopes', `It knows the scopes ${scopes.join(', ')}.`)
  return warning(
    'scopes',
    `It does not name the scope ${unknown.join(', ')} among those it knows.`,
    'Take it off here, or add it at the provider.',
  )
}

/** Tries to redeem a code nobody was given: how that is refused says whether client and secret are known. */
async function client(
  call: CallProvider,
  { metadata, reachOf }: Provider,
  { settings: { clientId }, secret, redirect }: Asked,
): Promise<OidcCheck> {
  if (clientId === '') return bad('client', 'There is no client id.', 'Enter the one the provider gave.')
  const methods = metadata.token_endpoint_auth_methods_supported
  const basic = secret !== null && (methods === undefined || methods.includes('client_secret_basic'))
  const form = new URLSearchParams({
    grant_type: 'authorization_code',
    code: newToken(),
    redirect_uri: redirect ?? '',
    code_verifier: newToken(),
    ...(basic ? {} : { client_id: clientId }),
    ...(basic || secret === null ? {} : { client_secret: secret }),
  })
  const credentials = Buffer.from([clientId, secret ?? ''].map(formEncoded).join(':')).toString('base64')
  try {
    const { status, text } = await call(metadata.token_endpoint, {
      method: 'POST',
      reach: reachOf(metadata.token_endpoint),
      headers: {
        accept: 'application/json',
        'content-type': 'application/x-www-form-urlencoded',
        ...(basic ? { authorization: `Basic ${credentials}` } : {}),
      },
      body: form.toString(),
    })
    const error = errorOf(text)
    if (error === 'invalid_client' || status === 401)
      return bad(
        'client',
        'It does not accept the client id or secret.',
        'Copy both from the provider once more; a hash of the secret is not the secret.',
      )
    if (error === 'unauthorized_client' || error === 'unsupported_grant_type')
      return bad(
        'client',
        'It does not let this client use the code flow.',
        'Allow “authorization code” for it.',
      )
    if (error === 'invalid_grant') return good('client', 'It knows the client and its secret.')
    return warning('client', `It answered a try with ${status}${error ? `, ${quoted(error)}` : ''}.`, null)
  } catch (err) {
    if (!(err instanceof GuardError)) throw err
    return bad('client', `Its token endpoint cannot be asked: ${err.message}`, null)
  }
}

/** RFC 6749, 2.3.1: both are form-encoded before they are joined. */
const formEncoded = (text: string): string => new URLSearchParams({ v: text }).toString().slice(2)

function errorOf(text: string): string {
  try {
    const body: unknown = JSON.parse(text)
    return typeof body === 'object' && body !== null && 'error' in body ? String(body.error) : ''
  } catch {
    return ''
  }
}
