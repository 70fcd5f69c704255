import type { PasskeyAssertion, PasskeyAttestation } from '@argos/contract'
import type { Kysely, Transaction } from 'kysely'
import type { Clock } from '../clock.ts'
import type { DB } from '../db/schema.ts'
import { CEREMONY_MS, type Ceremonies } from './ceremonies.ts'
import { type PasskeyRow, passkeyStore } from './passkey.store.ts'
import type { Place } from './place.ts'

type Options = Record<string, unknown>
export interface Person {
  readonly id: string
  readonly username: string
  readonly displayName: string
}
/** An assertion whose signature is right. It counts once `consume` has taken it. */
export interface Asserted {
  readonly passkey: PasskeyRow
  readonly challenge: string
  readonly newCounter: number
  readonly backedUp: boolean
}
export interface Attested {
  readonly challenge: string
  readonly credentialId: string
  readonly publicKey: string
  readonly counter: number
  readonly transports: readonly string[]
  readonly backedUp: boolean
}
/** `person` null: whoever the authenticator knows, which then has to check that it is them. */
type Wanted = { readonly person: string | null; readonly purpose: string; readonly place: Place }

/** Read when a passkey is first spoken of: it and the certificates that it knows of take 27 MB. */
const webauthn = () => import('@simplewebauthn/server')

export interface Passkeys {
  /** Null when the person has none that works at this place. */
  askFor(wanted: Wanted): Promise<Options | null>
  /** Null when it is wrong, whatever of it. */
  verify(assertion: PasskeyAssertion, wanted: Wanted): Promise<Asserted | null>
  /** Takes it, in the transaction that acts on it; false when it was taken already, or the key went meanwhile. */
  consume(trx: Transaction<DB>, asserted: Asserted): Promise<boolean>
  invite(person: Person, purpose: string, place: Place): Promise<Options>
  attested(attestation: PasskeyAttestation, purpose: string, place: Place): Promise<Attested | null>
}

export function passkeys({
  db,
  clock,
  ceremonies,
}: {
  db: Kysely<DB>
  clock: Clock
  ceremonies: Ceremonies
}): Passkeys {
  const worksAt = async (userId: string, { rpId }: Place) =>
    (await passkeyStore(db).all(userId)).filter((row) => row.rp_id === rpId)

  return {
    async askFor({ person, purpose, place }) {
      const known = person === null ? [] : await worksAt(person, place)
      if (person !== null && known.length === 0) return null
      const { generateAuthenticationOptions } = await webauthn()
      const options = await generateAuthenticationOptions({
        rpID: place.rpId,
        challenge: ceremonies.issue(purpose),
        timeout: CEREMONY_MS,
        // Alone it must be two things at once: having the key, and knowing or being what unlocks it.
        userVerification: person === null ? 'required' : 'preferred',
        ...(person === null ? {} : { allowCredentials: known.map(descriptorOf) }),
      })
      return { ...options }
    },

    async verify(assertion, { person, purpose, place }) {
      const passkey = await passkeyStore(db).byCredential(assertion.id)
      if (passkey === undefined || passkey.rp_id !== place.rpId) return null
      if (person !== null && passkey.user_id !== person) return null
      const { userHandle, clientDataJSON, authenticatorData, signature } = assertion.response
      const handle = Buffer.from(passkey.user_id).toString('base64url')
      if (person === null ? userHandle !== handle : userHandle && userHandle !== handle) return null
      let challenge = ''
      const { verifyAuthenticationResponse } = await webauthn()
      const verified = await verifyAuthenticationResponse({
        response: {
          id: assertion.id,
          rawId: assertion.rawId,
          type: assertion.type,
          response: { clientDataJSON, authenticatorData, signature },
          clientExtensionResults: {},
        },
        expectedChallenge: (signed) => {
          challenge = signed
          return ceremonies.fits(purpose, signed)
        },
        expectedOrigin: place.origin,
        expectedRPID: place.rpId,
        requireUserVerification: person === null,
        credential: {
          id: passkey.credential_id,
          publicKey: Uint8Array.from(Buffer.from(passkey.public_key, 'base64url')),
          counter: passkey.counter,
        },
      }).catch(() => null) // Throws for everything that is wrong with it.
      if (verified?.verified !== true) return null
      const { newCounter, credentialBackedUp } = verified.authenticationInfo
      return { passkey, challenge, newCounter, backedUp: credentialBackedUp }
    },

    async consume(trx, { passkey, challenge, newCounter, backedUp }) {
      const counter = { from: passkey.counter, to: newCounter }
      if (!(await passkeyStore(trx).used(passkey.id, counter, backedUp, clock.now()))) return false
      return ceremonies.spend(challenge)
    },

    async invite({ id, username, displayName }, purpose, place) {
      const known = await worksAt(id, place)
      const { generateRegistrationOptions } = await webauthn()
      const options = await generateRegistrationOptions({
        rpName: 'Argos',
        rpID: place.rpId,
        userID: Uint8Array.from(Buffer.from(id)),
        userName: username,
        userDisplayName: displayName === '' ? username : displayName,
        challenge: ceremonies.issue(purpose),
        timeout: CEREMONY_MS,
        attestationType: 'none',
        excludeCredentials: known.map(descriptorOf),
        authenticatorSelection: { residentKey: 'preferred', userVerification: 'preferred' },
      })
      return { ...options }
    },

    async attested(attestation, purpose, place) {
      const { clientDataJSON, attestationObject, transports = [] } = attestation.response
      let challenge = ''
      const { verifyRegistrationResponse } = await webauthn()
      const verified = await verifyRegistrationResponse({
        response: {
          id: attestation.id,
          rawId: attestation.rawId,
          type: attestation.type,
          response: { clientDataJSON, attestationObject },
          clientExtensionResults: {},
        },
        expectedChallenge: (signed) => {
          challenge = signed
          return ceremonies.fits(purpose, signed)
        },
        expectedOrigin: place.origin,
        expectedRPID: place.rpId,
        // As a second factor the key itself is enough.
        requireUserVerification: false,
      }).catch(() => null)
      if (verified?.verified !== true || !ceremonies.spend(challenge)) return null
      const { credential, credentialBackedUp } = verified.registrationInfo
      return {
        challenge,
        credentialId: credential.id,
        publicKey: Buffer.from(credential.publicKey).toString('base64url'),
        counter: credential.counter,
        transports,
        backedUp: credentialBackedUp,
      }
    },
  }
}

const descriptorOf = (row: PasskeyRow) => ({
  id: row.credential_id,
  transports: JSON.parse(row.transports) as string[],
})
