import { z } from 'zod'
import { Challenge, SignedInAnswer } from './identity.ts'
import { IdParams, operation, Timestamp } from './operation.ts'

/** Six digits of an authenticator app, or a recovery code. Spaces and dashes do not count. */
const Code = z.string().max(64)
/** WebAuthn's own JSON, as a browser's `PublicKeyCredential.toJSON()` makes and `parse…FromJSON()` takes it. */
const Json = z.record(z.string(), z.unknown())
const text = z.string().max(16_384)
const CredentialId = z
  .string()
  .regex(/^[A-Za-z0-9_-]+$/)
  .max(1_400)
export const PasskeyAssertion = z.object({
  id: CredentialId,
  rawId: CredentialId,
  type: z.literal('public-key'),
  response: z.object({
    clientDataJSON: text,
    authenticatorData: text,
    signature: text,
    userHandle: text.nullish(),
  }),
  clientExtensionResults: Json.optional(),
  authenticatorAttachment: z.string().max(40).nullish(),
})
export type PasskeyAssertion = z.infer<typeof PasskeyAssertion>
export const PasskeyAttestation = z.object({
  id: CredentialId,
  rawId: CredentialId,
  type: z.literal('public-key'),
  response: z.object({
    clientDataJSON: text,
    attestationObject: text,
    transports: z.array(z.string().max(40)).max(10).optional(),
  }),
  clientExtensionResults: Json.optional(),
  authenticatorAttachment: z.string().max(40).nullish(),
})
export type PasskeyAttestation = z.infer<typeof PasskeyAttestation>

/** Something of the second factor, shown once more. */
export const FactorProof = z.discriminatedUnion('method', [
  z.object({ method: z.literal('totp'), code: Code }),
  z.object({ method: z.literal('recovery'), code: Code }),
  z.object({ method: z.literal('passkey'), assertion: PasskeyAssertion }),
])
export type FactorProof = z.infer<typeof FactorProof>
/** To take protection away: the factor, and the password of an account that has one. */
export const AccountProof = z.object({ password: z.string().max(1024).optional(), factor: FactorProof })
export type AccountProof = z.infer<typeof AccountProof>

export const RECOVERY_CODES = 10
export const Passkey = z.object({
  id: z.string(),
  name: z.string(),
  createdAt: Timestamp,
  lastUsedAt: Timestamp.nullable(),
  /** Copied between the devices of its owner, as platforms do. */
  backedUp: z.boolean(),
})
export type Passkey = z.infer<typeof Passkey>
export const Factors = z.object({
  /** `since` is when it was confirmed; null while there is none. */
  totp: z.object({ since: Timestamp }).nullable(),
  passkeys: z.array(Passkey),
  /** Null while the account has no second factor, and so no codes. */
  recoveryCodes: z.object({ left: z.number().int(), of: z.number().int() }).nullable(),
  /** Whether this page's address can use passkeys; when not, `problem` says what to do. */
  passkeysHere: z.object({ possible: z.boolean(), problem: z.string().nullable() }),
})
export type Factors = z.infer<typeof Factors>
/** Ten codes, each for one sign-in. Answered once; nobody can read them later. */
export const RecoveryCodes = z.array(z.string())
/** Null when the account had its codes already. */
const NewCodes = RecoveryCodes.nullable()
/** Whether the edge knows at once: see `people.ts`. */
const atOnce = z.boolean()
const PasskeyName = z.string().trim().min(1, 'Give it a name.').max(60)

const tag = 'Second factor'
export const loginChallengeView = operation({
  id: 'loginChallengeView',
  method: 'POST',
  path: '/api/v1/login/challenge/view',
  scope: 'public',
  tag,
  summary: 'What may be asked for to finish a sign-in; `passkey` is for `navigator.credentials.get`',
  body: z.object({ id: z.string().max(64) }),
  status: 200,
  response: Challenge.omit({ id: true }).extend({ passkey: Json.nullable() }),
})
export const loginChallenge = operation({
  id: 'loginChallenge',
  method: 'POST',
  path: '/api/v1/login/challenge',
  scope: 'public',
  tag,
  summary: 'Finish a sign-in with the second factor',
  body: z.object({ id: z.string().max(64), factor: FactorProof }),
  status: 200,
  response: SignedInAnswer,
})
export const loginPasskeyOptions = operation({
  id: 'loginPasskeyOptions',
  method: 'POST',
  path: '/api/v1/login/passkey/options',
  scope: 'public',
  tag,
  summary: 'Begin to sign in with a passkey alone; `passkey` is null where this address cannot',
  status: 200,
  response: z.object({ passkey: Json.nullable() }),
})
export const loginPasskey = operation({
  id: 'loginPasskey',
  method: 'POST',
  path: '/api/v1/login/passkey/verify',
  scope: 'public',
  tag,
  summary: 'Sign in with a passkey alone, which has checked the person itself',
  body: z.object({ assertion: PasskeyAssertion }),
  status: 200,
  response: SignedInAnswer,
})

export const factorsView = operation({
  id: 'factorsView',
  method: 'GET',
  path: '/api/v1/me/factors',
  scope: 'session',
  tag,
  summary: 'Your second factors',
  status: 200,
  response: Factors,
})
export const factorPasskeyOptions = operation({
  id: 'factorPasskeyOptions',
  method: 'POST',
  path: '/api/v1/me/factors/passkey-options',
  scope: 'session',
  tag,
  summary: 'For `navigator.credentials.get`, where a signed-in person is asked for the factor once more',
  status: 200,
  response: z.object({ passkey: Json.nullable() }),
})
export const totpBegin = operation({
  id: 'totpBegin',
  method: 'POST',
  path: '/api/v1/me/totp',
  scope: 'session',
  recent: true,
  tag,
  summary: 'A new secret for an authenticator app, shown once; nothing changes until it is confirmed',
  status: 200,
  /** `uri` is what the QR code says. */
  response: z.object({ secret: z.string(), uri: z.string() }),
})
export const totpConfirm = operation({
  id: 'totpConfirm',
  method: 'POST',
  path: '/api/v1/me/totp/confirm',
  scope: 'session',
  tag,
  summary: 'Turn the authenticator app on with a code of it',
  body: z.object({ code: Code }),
  status: 200,
  response: z.object({ recoveryCodes: NewCodes, atOnce }),
})
export const totpDisable = operation({
  id: 'totpDisable',
  method: 'POST',
  path: '/api/v1/me/totp/disable',
  scope: 'session',
  tag,
  summary: 'Turn the authenticator app off',
  body: AccountProof,
  status: 200,
  response: z.object({ atOnce }),
})
export const recoveryCodesMake = operation({
  id: 'recoveryCodesMake',
  method: 'POST',
  path: '/api/v1/me/recovery-codes',
  scope: 'session',
  tag,
  summary: 'Ten new recovery codes; the old ones end',
  body: AccountProof,
  status: 200,
  response: z.object({ recoveryCodes: RecoveryCodes, atOnce }),
})
export const passkeyBegin = operation({
  id: 'passkeyBegin',
  method: 'POST',
  path: '/api/v1/me/passkeys/options',
  scope: 'session',
  recent: true,
  tag,
  summary: 'Begin to add a passkey; `passkey` is for `navigator.credentials.create`',
  status: 200,
  response: z.object({ passkey: Json }),
})
export const passkeyAdd = operation({
  id: 'passkeyAdd',
  method: 'POST',
  path: '/api/v1/me/passkeys',
  scope: 'session',
  tag,
  summary: 'Add a passkey',
  body: z.object({ name: PasskeyName, attestation: PasskeyAttestation }),
  status: 201,
  response: z.object({ passkey: Passkey, recoveryCodes: NewCodes, atOnce }),
})
export const passkeyRename = operation({
  id: 'passkeyRename',
  method: 'PATCH',
  path: '/api/v1/me/passkeys/:id',
  scope: 'session',
  tag,
  summary: 'Give a passkey another name',
  params: IdParams,
  body: z.object({ name: PasskeyName }),
  status: 200,
  response: Passkey,
})
export const passkeyRemove = operation({
  id: 'passkeyRemove',
  method: 'POST',
  path: '/api/v1/me/passkeys/:id/remove',
  scope: 'session',
  tag,
  summary: 'Remove a passkey',
  params: IdParams,
  body: AccountProof,
  status: 200,
  response: z.object({ atOnce }),
})
export const userFactorsDisable = operation({
  id: 'userFactorsDisable',
  method: 'POST',
  path: '/api/v1/users/:id/factors/disable',
  scope: 'people:write',
  recent: true,
  tag,
  summary: 'Take all second factors of a person away, who then signs in with the password alone',
  params: IdParams,
  status: 200,
  response: z.object({ totp: z.boolean(), passkeys: z.number().int(), atOnce }),
})
