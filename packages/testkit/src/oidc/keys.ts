import { constants, createHmac, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'
import { CompactSign, exportJWK, type JWK } from 'jose'

export type KeyKind = 'RS256' | 'ES256' | 'weak'
export interface ProviderKey {
  readonly kind: KeyKind
  readonly kid: string
  readonly key: KeyObject
  /** Its public half, as it is published. */
  readonly jwk: JWK
  readonly pem: string
}

export async function providerKey(kind: KeyKind): Promise<ProviderKey> {
  const pair =
    kind === 'ES256'
      ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
      : generateKeyPairSync('rsa', { modulusLength: kind === 'weak' ? 512 : 2048 })
  const kid = randomBytes(8).toString('hex')
  const jwk = {
    ...(await exportJWK(pair.publicKey)),
    kid,
    use: 'sig',
    alg: kind === 'ES256' ? 'ES256' : 'RS256',
  }
  const pem = pair.publicKey.export({ type: 'spki', format: 'pem' }).toString()
  return { kind, kid, key: pair.privateKey, jwk, pem }
}

/** How a token is signed, or not. */
export interface Signing {
  /** `none` and `None` carry no signature; `secret` and `public` are HS256 with what an attacker may know. */
  readonly as?: 'key' | 'none' | 'None' | 'secret' | 'public' | 'stranger'
  /** Another algorithm in the header; the signature is made with it where the key can. */
  readonly alg?: string
  /** Null leaves it out. */
  readonly kid?: string | null
  readonly typ?: string
}
interface With extends Signing {
  readonly key: ProviderKey
  readonly clientSecret: string
}

const encoded = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')

export async function signed(claims: Record<string, unknown>, how: With): Promise<string> {
  const { as = 'key', key, kid = key.kid, typ, clientSecret } = how
  const named = { ...(kid === null ? {} : { kid }), ...(typ === undefined ? {} : { typ }) }
  if (as === 'none' || as === 'None') return `${encoded({ alg: as, ...named })}.${encoded(claims)}.`
  if (as === 'secret' || as === 'public') {
    const text = `${encoded({ alg: 'HS256', ...named })}.${encoded(claims)}`
    const secret = as === 'secret' ? clientSecret : key.pem
    return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`
  }
  const alg = how.alg ?? (key.kind === 'ES256' ? 'ES256' : 'RS256')
  const signer = as === 'stranger' ? (await providerKey(key.kind)).key : key.key
  if (key.kind === 'weak') {
    // No library signs with so short a key.
    const text = `${encoded({ alg, ...named })}.${encoded(claims)}`
    const signature = sign('sha256', Buffer.from(text), { key: signer, padding: constants.RSA_PKCS1_PADDING })
    return `${text}.${signature.toString('base64url')}`
  }
  return new CompactSign(Buffer.from(JSON.stringify(claims)))
    .setProtectedHeader({ alg, ...named })
    .sign(signer)
}
