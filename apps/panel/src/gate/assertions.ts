import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomUUID,
  sign,
} from 'node:crypto'
import { type Place, secretbox } from '@argos/secretbox'
import type { Kysely } from 'kysely'
import type { Clock } from '../clock.ts'
import type { DB } from '../db/schema.ts'
import type { Facts } from './facts.ts'

export const ASSERTION_KEY = 'assertion_key'
const place: Place = { table: 'sealed', column: 'envelope', row: ASSERTION_KEY }
const GOOD_S = 60

interface SigningKey {
  readonly secret: KeyObject
  readonly kid: string
}
export interface PublicKey {
  readonly kty: 'OKP'
  readonly crv: 'Ed25519'
  readonly x: string
  readonly kid: string
  readonly alg: 'EdDSA'
  readonly use: 'sig'
}
export interface Assertions {
  /** A word on who it is, for the app with these names and no other, good for a minute. */
  of(facts: Facts, names: readonly string[], issuer: string): Promise<string | null>
  /** What apps check it with; none before the first was signed. */
  keys(): Promise<{ readonly keys: readonly PublicKey[] }>
}

export function assertionService({
  db,
  clock,
  masterKey,
  readOnly = false,
}: {
  db: Kysely<DB>
  clock: Clock
  masterKey: Buffer
  /** The master key is not the database's: then nothing is signed, and no key is made. */
  readOnly?: boolean
}): Assertions {
  const box = secretbox(masterKey)
  let known: SigningKey | null = null

  const stored = async (): Promise<SigningKey | null> => {
    const row = await db
      .selectFrom('sealed')
      .select('envelope')
      .where('name', '=', ASSERTION_KEY)
      .executeTakeFirst()
    return row ? signingKey(box.open(place, row.envelope)) : null
  }
  const key = async (): Promise<SigningKey> => {
    known ??= await stored()
    if (known) return known
    const pem = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
    // Of two that come first at once, one makes it.
    await db
      .insertInto('sealed')
      .values({ name: ASSERTION_KEY, envelope: box.seal(place, pem), at: clock.now() })
      .onConflict((c) => c.doNothing())
      .execute()
    known = (await stored()) ?? signingKey(pem)
    return known
  }

  return {
    async of({ person, auth_at, factor_at }, names, issuer) {
      if (person === null || readOnly) return null
      const { secret, kid } = await key()
      const iat = Math.floor(clock.now() / 1_000)
      const claims = {
        iss: issuer,
        sub: person.id,
        aud: names.length === 1 ? names[0] : names,
        iat,
        exp: iat + GOOD_S,
        jti: randomUUID(),
        auth_time: Math.floor(auth_at / 1_000),
        ...(factor_at === null ? {} : { factor_time: Math.floor(factor_at / 1_000) }),
        preferred_username: person.username,
        name: person.name,
        ...(person.email === '' ? {} : { email: person.email }),
        groups: person.groups,
      }
      const text = `${part({ alg: 'EdDSA', typ: 'JWT', kid })}.${part(claims)}`
      return `${text}.${sign(null, Buffer.from(text), secret).toString('base64url')}`
    },
    async keys() {
      if (!readOnly) known ??= await stored()
      return { keys: known ? [publicKey(known)] : [] }
    },
  }
}

const part = (json: object): string => Buffer.from(JSON.stringify(json)).toString('base64url')

function signingKey(pem: string): SigningKey {
  const secret = createPrivateKey(pem)
  return { secret, kid: createHash('sha256').update(xOf(secret)).digest('base64url').slice(0, 16) }
}

const xOf = (secret: KeyObject): string => createPublicKey(secret).export({ format: 'jwk' }).x ?? ''

const publicKey = ({ secret, kid }: SigningKey): PublicKey => ({
  ...{ kty: 'OKP', crv: 'Ed25519', x: xOf(secret) },
  ...{ kid, alg: 'EdDSA', use: 'sig' },
})
