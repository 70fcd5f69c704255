import { createHash } from 'node:crypto'
import type { OidcCallbackQuery, OidcSettings } from '@argos/contract'
import { compactVerify, decodeProtectedHeader, errors as jose } from 'jose'
import * as openid from 'openid-client'
import type { Clock } from '../clock.ts'
import { GuardError } from '../guard/error.ts'
import { type Claims, lacks, merged } from './oidc.claims.ts'
import { asFetch, type CallProvider } from './oidc.fetch.ts'
import { algorithms } from './oidc.keys.ts'
import { type Provider, unreachable } from './oidc.provider.ts'
import type { Begun } from './oidc.state.ts'
import { NotSignedIn, refusedAtProvider } from './oidc.words.ts'

/** For everything a sign-in asks the provider, together (OI-19). */
const DEADLINE_MS = 8_000
const SKEW_S = 30

export interface Client {
  readonly settings: OidcSettings
  readonly secret: string | null
  readonly provider: Provider
}
export interface Exchanged {
  readonly claims: Claims
  readonly idToken: string
}
export interface Exchange {
  authorizationUrl(client: Client, begun: Begun, redirectUri: string): string
  /** Turns the provider's answer into claims that are checked, or throws `NotSignedIn`. */
  redeem(client: Client, begun: Begun, redirectUri: string, query: OidcCallbackQuery): Promise<Exchanged>
  logoutUrl(client: Client, idToken: string | null, back: string): string | null
}

export function exchange({ call, clock }: { call: CallProvider; clock: Clock }): Exchange {
  const configured = (
    { settings, secret, provider: { metadata, reachOf } }: Client,
    deadline?: AbortSignal,
  ) => {
    const { clientId } = settings
    const skew = Math.round((clock.now() - Date.now()) / 1_000)
    const client = { [openid.clockSkew]: skew, [openid.clockTolerance]: SKEW_S }
    const config = new openid.Configuration(metadata, clientId, client, authOf(secret, metadata))
    if (deadline) config[openid.customFetch] = asFetch(call, reachOf, deadline)
    // Only for a provider on this machine: settings take no other issuer without TLS, nor does any call.
    if (new URL(metadata.issuer).protocol === 'http:') openid.allowInsecureRequests(config)
    return config
  }

  const exchanged = async (
    client: Client,
    begun: Begun,
    redirectUri: string,
    query: OidcCallbackQuery,
    deadline: AbortSignal,
  ) => {
    const config = configured(client, deadline)
    const { settings, provider } = client
    const back = new URL(redirectUri)
    for (const [key, value] of Object.entries({ code: query.code, state: query.state, iss: query.iss }))
      if (value !== undefined) back.searchParams.set(key, value)
    const tokens = await openid.authorizationCodeGrant(config, back, {
      pkceCodeVerifier: begun.verifier,
      expectedState: begun.state,
      expectedNonce: begun.nonce,
      idTokenExpected: true,
      // Whoever proves once more who they are must have done so at the provider, now.
      ...(begun.purpose === 'again' ? { maxAge: 10 * 60 } : {}),
    })
    const { id_token: idToken = '', access_token: accessToken } = tokens
    const claims: Claims = { ...tokens.claims() }
    // The library takes a token that came over TLS from the provider for signed; we look.
    const header = decodeProtectedHeader(idToken)
    await provider.keys.verify({ ...header, alg: header.alg ?? 'none' }, (key) =>
      compactVerify(idToken, key, { algorithms: [...algorithms] }),
    )
    const now = clock.now() / 1_000
    if (typeof claims.iat !== 'number' || claims.iat > now + SKEW_S) throw clockWrong()
    if (claims.azp !== undefined && claims.azp !== settings.clientId) throw notForUs('azp')
    if (provider.metadata.userinfo_endpoint === undefined || !lacks(claims, settings))
      return { claims, idToken }
    const userinfo = await openid.fetchUserInfo(config, accessToken, String(claims.sub))
    return { claims: merged(claims, userinfo), idToken }
  }

  return {
    authorizationUrl(client, begun, redirectUri) {
      const { scopes } = client.settings
      return openid.buildAuthorizationUrl(configured(client), {
        redirect_uri: redirectUri,
        scope: scopes.join(' '),
        state: begun.state,
        nonce: begun.nonce,
        code_challenge: challengeOf(begun.verifier),
        code_challenge_method: 'S256',
        ...(begun.purpose === 'again' ? { prompt: 'login', max_age: '0' } : {}),
      }).href
    },

    async redeem(client, begun, redirectUri, query) {
      const { metadata } = client.provider
      // RFC 9207: before anything else of the answer is believed, an error included (OI-17).
      const promised = metadata.authorization_response_iss_parameter_supported === true
      if (query.iss === undefined ? promised : query.iss !== metadata.issuer)
        throw new NotSignedIn(
          'This answer came from another provider than the one that was asked. Begin again.',
        )
      if (query.error !== undefined) throw refusedAtProvider(query.error, query.error_description)
      if (query.code === undefined) throw new NotSignedIn('The provider sent no code. Begin again.')
      const deadline = AbortSignal.timeout(DEADLINE_MS)
      try {
        return await before(deadline, exchanged(client, begun, redirectUri, query, deadline))
      } catch (err) {
        throw explained(err, redirectUri)
      }
    },

    logoutUrl(client, idToken, back) {
      if (client.provider.metadata.end_session_endpoint === undefined) return null
      return openid.buildEndSessionUrl(configured(client), {
        post_logout_redirect_uri: back,
        ...(idToken === null ? {} : { id_token_hint: idToken }),
      }).href
    },
  }
}

/** RFC 7636, S256. */
const challengeOf = (verifier: string): string => createHash('sha256').update(verifier).digest('base64url')

/** As the provider's document says it can; without a secret the client is public, and PKCE alone holds the code. */
function authOf(
  secret: string | null,
  { token_endpoint_auth_methods_supported: methods }: Provider['metadata'],
) {
  if (secret === null) return openid.None()
  const basic = methods === undefined || methods.includes('client_secret_basic')
  return basic ? openid.ClientSecretBasic(secret) : openid.ClientSecretPost(secret)
}

function before<T>(deadline: AbortSignal, work: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>()
  const stop = () => late.reject(new NotSignedIn('The provider took too long to answer.', '', 'busy'))
  deadline.addEventListener('abort', stop, { once: true })
  return Promise.race([work, late.promise]).finally(() => deadline.removeEventListener('abort', stop))
}

const clockWrong = () =>
  new NotSignedIn(
    'The provider’s token is from another time. Compare the clocks of the provider and of this machine.',
  )
const notForUs = (claim: string) =>
  new NotSignedIn(
    `The provider’s token is made out for another application (\`${claim}\`). Compare the client id.`,
  )

/** What went wrong, and what to fix at the provider. */
export function explained(err: unknown, redirectUri: string): NotSignedIn {
  for (let at: unknown = err; at instanceof Error; at = at.cause) {
    if (at instanceof NotSignedIn) return at
    if (at instanceof GuardError) return unreachable(at)
  }
  if (err instanceof openid.ResponseBodyError) return refusedToken(err, redirectUri)
  if (err instanceof jose.JOSEError)
    return new NotSignedIn(
      'The signature of the provider’s token does not hold. Check that it signs with a key it publishes (RS256 or ES256).',
      err,
    )
  if (err instanceof openid.AuthorizationResponseError)
    return refusedAtProvider(err.error, err.error_description ?? undefined)
  const { code, cause } = err as { code?: unknown; cause?: unknown }
  if (code === 'OAUTH_JWT_TIMESTAMP_CHECK_FAILED') return new NotSignedIn(clockWrong().message, err)
  if (code === 'OAUTH_JWT_CLAIM_COMPARISON_FAILED' || code === 'OAUTH_JSON_ATTRIBUTE_COMPARISON_FAILED')
    return wrongClaim(claimOf(cause), err)
  if (
    code === 'OAUTH_RESPONSE_IS_NOT_CONFORM' ||
    code === 'OAUTH_RESPONSE_IS_NOT_JSON' ||
    code === 'OAUTH_PARSE_ERROR'
  )
    return new NotSignedIn('The provider answers with something that is no answer; its log may say why.', err)
  return new NotSignedIn('The provider’s answer is not as OpenID Connect has it; nobody was signed in.', err)
}

function refusedToken({ error, error_description, status }: openid.ResponseBodyError, redirectUri: string) {
  const said = `${error}: ${error_description ?? ''}`
  if (error === 'invalid_client' || status === 401)
    return new NotSignedIn(
      'The provider does not accept the client id or secret. Enter them anew in Argos’ settings.',
      said,
    )
  if (error === 'invalid_grant')
    return new NotSignedIn(
      `The provider does not take its code back: it was used, is too old, or its redirect address is not ${redirectUri}. Begin again.`,
      said,
    )
  return refusedAtProvider(error, error_description ?? undefined)
}

function wrongClaim(claim: string, err: unknown): NotSignedIn {
  if (claim === 'nonce')
    return new NotSignedIn('The provider’s token belongs to another sign-in. Begin again.', err)
  if (claim === 'aud' || claim === 'azp') return new NotSignedIn(notForUs(claim).message, err)
  if (claim === 'iss')
    return new NotSignedIn(
      'The provider’s token names another issuer. Enter the issuer that stands in it.',
      err,
    )
  if (claim === 'sub')
    return new NotSignedIn('The provider says two different things about who you are (`sub`).', err)
  return new NotSignedIn('The provider’s token does not say what it must.', err)
}

/** What the library puts beside its errors: an error of its own, and in that the claim. */
function claimOf(cause: unknown): string {
  for (let at = cause; typeof at === 'object' && at !== null; at = 'cause' in at ? at.cause : null) {
    if ('claim' in at && typeof at.claim === 'string') return at.claim
    if ('attribute' in at && typeof at.attribute === 'string') return at.attribute
  }
  return ''
}
