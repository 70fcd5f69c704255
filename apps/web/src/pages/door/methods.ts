import { type SignInMethod, signInMethods } from '@argos/contract'
import { useEffect, useState } from 'react'
import { call } from '../../api/call.ts'
import { passkeysWork } from '../../lib/webauthn.ts'

export type Provider = Extract<SignInMethod, { kind: 'oidc' }>

export interface Ways {
  readonly passkey: boolean
  /** Null while it is not known, or when there is none. */
  readonly provider: Provider | null
}

/** The ways beside the password. Until the panel has said, and when it cannot, the password is there alone. */
export function useSignInMethods(): Ways {
  const [methods, setMethods] = useState<readonly SignInMethod[]>([])
  useEffect(() => {
    call(signInMethods).then(
      (answer) => setMethods(answer.methods),
      () => undefined,
    )
  }, [])
  return {
    passkey: passkeysWork() && methods.some((method) => method.kind === 'passkey'),
    provider: methods.find((method) => method.kind === 'oidc') ?? null,
  }
}
