import type { PasskeyAssertion, PasskeyAttestation } from '@argos/contract'

/** Passkeys as the panel speaks of them: JSON with base64url, as WebAuthn level 3 lays it down. */
export type PasskeyOptions = Readonly<Record<string, unknown>>

const bytes = (text: string): ArrayBuffer => {
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'))
  return Uint8Array.from(binary, (char) => char.charCodeAt(0)).buffer
}
const text = (buffer: ArrayBuffer): string =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '')

const isAddress = /^(\d+\.){3}\d+$|^\[/
/** Whether passkeys can work here at all: they are bound to a name, and browsers keep them for secure pages. */
export const passkeysWork = (): boolean =>
  isSecureContext && 'PublicKeyCredential' in globalThis && !isAddress.test(location.hostname)

/** Why no passkey came, for people. `name` is that of the DOMException. */
export class PasskeyError extends Error {
  override readonly name = 'PasskeyError'
}
const reasons: Readonly<Record<string, string>> = {
  NotAllowedError: 'No passkey was given, or it took too long. Try again, or use another way.',
  InvalidStateError: 'This device has a passkey of your account already.',
  SecurityError: 'Passkeys belong to the panel’s own name. Open the panel under it, and try again.',
  NotSupportedError: 'This device cannot make a passkey. Try another one.',
}
export const passkeyProblem = (error: unknown): PasskeyError =>
  new PasskeyError(
    (error instanceof Error && reasons[error.name]) ||
      'The browser could not use a passkey. Use another way.',
    { cause: error },
  )

const descriptors = (list: readonly PublicKeyCredentialDescriptorJSON[] | undefined) =>
  list?.map(({ id, type, transports }) => ({
    id: bytes(id),
    type: type as 'public-key',
    ...(transports ? { transports: transports as AuthenticatorTransport[] } : {}),
  }))

/** Asks the browser for one of the passkeys it has. Answers what the panel checks. */
export async function givePasskey(options: PasskeyOptions): Promise<PasskeyAssertion> {
  // The panel makes them by the standard.
  const asked = options as unknown as PublicKeyCredentialRequestOptionsJSON
  const { challenge, allowCredentials, extensions: _, hints: _hints, userVerification, ...rest } = asked
  const publicKey: PublicKeyCredentialRequestOptions = {
    ...rest,
    challenge: bytes(challenge),
    ...(allowCredentials ? { allowCredentials: descriptors(allowCredentials) ?? [] } : {}),
    ...(userVerification ? { userVerification: userVerification as UserVerificationRequirement } : {}),
  }
  const given = await navigator.credentials.get({ publicKey }).catch((error: unknown) => {
    throw passkeyProblem(error)
  })
  // `publicKey` was asked for, so nothing else can come.
  const credential = given as PublicKeyCredential
  const response = credential.response as AuthenticatorAssertionResponse
  return {
    id: credential.id,
    rawId: text(credential.rawId),
    type: 'public-key',
    ...attachment(credential),
    clientExtensionResults: {},
    response: {
      authenticatorData: text(response.authenticatorData),
      clientDataJSON: text(response.clientDataJSON),
      signature: text(response.signature),
      ...(response.userHandle ? { userHandle: text(response.userHandle) } : {}),
    },
  }
}

/** Has the browser make a passkey. Answers what the panel keeps. */
export async function makePasskey(options: PasskeyOptions): Promise<PasskeyAttestation> {
  // As above.
  const asked = options as unknown as PublicKeyCredentialCreationOptionsJSON
  const { challenge, user, excludeCredentials, extensions: _, hints: _hints, attestation, ...rest } = asked
  const publicKey: PublicKeyCredentialCreationOptions = {
    ...rest,
    pubKeyCredParams: asked.pubKeyCredParams.map(({ alg }) => ({ alg, type: 'public-key' })),
    authenticatorSelection: asked.authenticatorSelection as AuthenticatorSelectionCriteria,
    challenge: bytes(challenge),
    user: { ...user, id: bytes(user.id) },
    excludeCredentials: descriptors(excludeCredentials) ?? [],
    ...(attestation ? { attestation: attestation as AttestationConveyancePreference } : {}),
  }
  const made = await navigator.credentials.create({ publicKey }).catch((error: unknown) => {
    throw passkeyProblem(error)
  })
  const credential = made as PublicKeyCredential
  const response = credential.response as AuthenticatorAttestationResponse
  return {
    id: credential.id,
    rawId: text(credential.rawId),
    type: 'public-key',
    ...attachment(credential),
    clientExtensionResults: {},
    response: {
      attestationObject: text(response.attestationObject),
      clientDataJSON: text(response.clientDataJSON),
      transports: response.getTransports(),
    },
  }
}
const attachment = ({ authenticatorAttachment: at }: PublicKeyCredential) =>
  at === null ? {} : { authenticatorAttachment: at }
