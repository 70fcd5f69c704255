import { type CryptoKey, createLocalJWKSet, errors, type JSONWebKeySet, type JWTHeaderParameters } from 'jose'
import type { Clock } from '../clock.ts'
import { NotSignedIn } from './oidc.words.ts'

/** What a signature may be. None of them takes a key that anybody but the provider has (OI-04). */
export const algorithms = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
] as const

const FRESH_MS = 60 * 60_000
const AGAIN_MS = 60_000
const MOST_KEYS = 100

type Key = CryptoKey | Uint8Array
export interface ProviderKeys {
  /**
   * Runs `check` with each key that may have signed, until one fits. A key nobody has seen is asked for at once, and
   * then at most once a minute, whatever kids are made up (OI-06).
   */
  verify<T>(header: JWTHeaderParameters, check: (key: Key) => Promise<T>): Promise<T>
}

export function providerKeys({ load, clock }: { load: () => Promise<unknown>; clock: Clock }): ProviderKeys {
  let held: { set: ReturnType<typeof createLocalJWKSet>; at: number } | null = null
  let askedAgainAt = Number.NEGATIVE_INFINITY
  let loading: Promise<void> | null = null

  const fetchNow = () => {
    loading ??= load()
      .then((body) => {
        held = { set: createLocalJWKSet(checkedKeys(body)), at: clock.now() }
      })
      .finally(() => {
        loading = null
      })
    return loading
  }
  const current = async () => {
    if (held === null) await fetchNow()
    // An hour is over: new ones are wanted, yet a provider that is away does not make the old ones wrong.
    else if (clock.now() - held.at >= FRESH_MS) await fetchNow().catch(() => undefined)
    if (held === null) throw new NotSignedIn('The provider’s keys could not be read.')
    return held.set
  }

  return {
    async verify(header, check) {
      const before = held
      const set = await current()
      try {
        return await withKey(set, header, check)
      } catch (err) {
        if (!(err instanceof errors.JWKSNoMatchingKey)) throw err
        const justLoaded = before !== held
        if (justLoaded || clock.now() - askedAgainAt < AGAIN_MS) throw err
        askedAgainAt = clock.now()
        await fetchNow()
        return withKey(await current(), header, check)
      }
    },
  }
}

async function withKey<T>(
  set: ReturnType<typeof createLocalJWKSet>,
  header: JWTHeaderParameters,
  check: (key: Key) => Promise<T>,
): Promise<T> {
  try {
    return await check(await set(header))
  } catch (err) {
    if (err instanceof TypeError)
      throw new NotSignedIn(
        'The provider signs with a key that is too weak or of another kind. Give it one of RSA with 2048 bits, or ES256.',
        err,
      )
    if (!(err instanceof errors.JWKSMultipleMatchingKeys)) throw err
    // No kid, and several keys that would do: each is tried (OI-07).
    for await (const key of err) {
      try {
        return await check(key)
      } catch (wrong) {
        if (!(wrong instanceof errors.JWSSignatureVerificationFailed)) throw wrong
      }
    }
    throw new errors.JWSSignatureVerificationFailed()
  }
}

function checkedKeys(body: unknown): JSONWebKeySet {
  const keys =
    typeof body === 'object' && body !== null && 'keys' in body && Array.isArray(body.keys) ? body.keys : null
  if (keys === null) throw new NotSignedIn('What the provider names as its keys are none.')
  if (keys.length > MOST_KEYS)
    throw new NotSignedIn(`The provider has more than ${MOST_KEYS} keys; that is not one to rely on.`)
  return { keys: keys.filter((key) => typeof key === 'object' && key !== null && key.kty !== 'oct') }
}
