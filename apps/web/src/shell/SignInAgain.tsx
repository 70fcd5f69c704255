import { type Challenge, type Me, meView } from '@argos/contract'
import { useCallback, useEffect, useState } from 'react'
import { call } from '../api/call.ts'
import { signedInAs } from '../api/query.ts'
import { WaitsMeanwhile } from '../components/dock/WaitsMeanwhile.tsx'
import { paths } from '../lib/paths.ts'
import { useAttempt } from '../pages/door/attempt.ts'
import { ChallengeForm } from '../pages/door/ChallengeForm.tsx'
import { useSignInMethods } from '../pages/door/methods.ts'
import { PasskeyButton } from '../pages/door/PasskeyButton.tsx'
import { PasswordForm } from '../pages/door/PasswordForm.tsx'
import { Problem, Trouble } from '../pages/door/Problem.tsx'
import { Button } from '../ui/Button.tsx'
import { Dialog } from '../ui/Dialog.tsx'

/** Another person, or another role, must not find this page: then everything is loaded anew. */
const goOnAs = (username: string) => (me: Me) => {
  if (me.user.username === username) signedInAs(me)
  else location.assign(paths.overview())
}

/** Signing in again over the page, which stays mounted with everything typed into it. */
export function SignInAgain({ username }: { username: string }) {
  const [challenge, setChallenge] = useState<Challenge | null>(null)
  const [why, setWhy] = useState<string | null>(null)
  const other = useAttempt()
  const { passkey, provider } = useSignInMethods()
  const signedIn = goOnAs(username)
  const over = useCallback((said: string) => {
    setChallenge(null)
    setWhy(said)
  }, [])
  return (
    <Dialog
      open
      locked
      onClose={() => undefined}
      title="Sign in to go on"
      lead="Your session ended. Your edits are kept."
      footer={
        <Button kind="ghost" onClick={() => location.assign(paths.login())}>
          Leave this page
        </Button>
      }
    >
      <div className="grid gap-4">
        <WaitsMeanwhile />
        {challenge === null ? (
          <PasswordForm username={username} onSignedIn={signedIn} onChallenge={setChallenge}>
            {other.problem === null ? (
              why === null ? null : (
                <Trouble>{why}</Trouble>
              )
            ) : (
              <Problem attempt={other} />
            )}
          </PasswordForm>
        ) : (
          <ChallengeForm challenge={challenge} onSignedIn={signedIn} onOver={over} />
        )}
        {challenge === null && passkey ? <PasskeyButton attempt={other} onSignedIn={signedIn} /> : null}
        {challenge === null && provider !== null ? (
          <Elsewhere
            provider={provider.name}
            onBack={() => void call(meView).then(signedIn, () => undefined)}
          />
        ) : null}
      </div>
    </Dialog>
  )
}

/** The provider is visited in another tab, so that this one keeps what is typed; coming back goes on here. */
function Elsewhere({ provider, onBack }: { provider: string; onBack: () => void }) {
  const [out, setOut] = useState(false)
  useEffect(() => {
    if (!out) return
    addEventListener('focus', onBack)
    return () => removeEventListener('focus', onBack)
  }, [out, onBack])
  return (
    <Button
      size="lg"
      full
      onClick={() => {
        setOut(true)
        open(paths.login(paths.account()), '_blank', 'noopener')
      }}
    >
      Continue with {provider} in another tab
    </Button>
  )
}
