import { loginPasskey, loginPasskeyOptions, type Me } from '@argos/contract'
import { KeyRound } from 'lucide-react'
import { ApiError, call } from '../../api/call.ts'
import { givePasskey } from '../../lib/webauthn.ts'
import { buttonClass } from '../../ui/button-class.ts'
import { StateGlyph } from '../../ui/StateGlyph.tsx'
import type { Attempt } from './attempt.ts'

/** Signs in with a passkey alone: the browser shows the ones it has, so no name is asked for. */
export function PasskeyButton({ attempt, onSignedIn }: { attempt: Attempt; onSignedIn: (me: Me) => void }) {
  const signIn = async () => {
    const { passkey } = await call(loginPasskeyOptions)
    if (passkey === null) throw notHere()
    const assertion = await givePasskey(passkey)
    onSignedIn((await call(loginPasskey, { body: { assertion } })).me)
  }
  return (
    <button
      type="button"
      className={buttonClass({ size: 'lg', full: true })}
      aria-busy={attempt.busy || undefined}
      onClick={() => void attempt.run(signIn)}
    >
      {attempt.busy ? <StateGlyph state="busy" /> : <KeyRound />}
      Use a passkey
    </button>
  )
}

export const notHere = (): ApiError =>
  new ApiError(0, {
    code: 'invalid',
    message: 'Passkeys do not work at this address. Open the panel under its own name, or use another way.',
    requestId: '',
  })
