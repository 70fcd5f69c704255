import type { Challenge, Me, OidcReturn } from '@argos/contract'
import { lazy, type ReactNode, Suspense, useCallback, useState } from 'react'
import { Avatar } from '../../ui/Badges.tsx'
import { useAttempt } from './attempt.ts'
import { DoorHead } from './Door.tsx'
import { useSignInMethods } from './methods.ts'
import { OidcButton } from './OidcButton.tsx'
import { PasskeyButton } from './PasskeyButton.tsx'
import { PasswordForm } from './PasswordForm.tsx'
import { Problem, Trouble } from './Problem.tsx'

const ChallengeForm = lazy(() => import('./ChallengeForm.tsx').then((m) => ({ default: m.ChallengeForm })))

interface Props {
  /** What one signs in for: "to open photos.home.example". */
  lead: ReactNode
  /** Why one is here again. */
  trouble?: ReactNode
  /** A sign-in that is half done: the provider knows them, the second factor is missing. */
  challenge?: Challenge | undefined
  /** The page of this UI to come back to from the provider. */
  to: string
  /** The host that sent the visitor here. */
  authorize?: OidcReturn | undefined
  onSignedIn: (me: Me) => void
}
type Step = { at: 'start'; why: string | null } | { at: 'factor'; challenge: Challenge; username: string }

/** The card of the sign-in, with every way there is, and the second step where one is asked for. */
export function SignIn({ lead, trouble, challenge: begun, to, authorize, onSignedIn }: Props) {
  const [step, setStep] = useState<Step>(
    begun ? { at: 'factor', challenge: begun, username: '' } : { at: 'start', why: null },
  )
  const other = useAttempt()
  const { passkey, provider } = useSignInMethods()
  const over = useCallback((why: string) => setStep({ at: 'start', why }), [])
  if (step.at === 'factor') {
    const { username, challenge } = step
    return (
      <section className="card lgc" aria-label="Sign in, second step">
        <div className="row g3">
          <span className="avatarbig">
            <Avatar name={username === '' ? '?' : username} />
          </span>
          <DoorHead
            title="One more step"
            lead={
              <>
                {username === '' ? '' : `${username}, `}
                <button type="button" className="link" onClick={() => setStep({ at: 'start', why: null })}>
                  not you?
                </button>
              </>
            }
          />
        </div>
        <Suspense fallback={<div className="otphold" />}>
          <ChallengeForm challenge={challenge} onSignedIn={onSignedIn} onOver={over} />
        </Suspense>
      </section>
    )
  }
  const why = step.why ?? trouble
  return (
    <section className="card lgc" aria-label="Sign in">
      <DoorHead title="Sign in" lead={lead} />
      <PasswordForm
        onSignedIn={onSignedIn}
        onChallenge={(challenge, username) => setStep({ at: 'factor', challenge, username })}
      >
        {other.problem === null ? why == null ? null : <Trouble>{why}</Trouble> : <Problem attempt={other} />}
      </PasswordForm>
      {passkey || provider !== null ? (
        <>
          <div className="or">
            <span>or</span>
          </div>
          <div className="stack g2">
            {passkey ? <PasskeyButton attempt={other} onSignedIn={onSignedIn} /> : null}
            {provider === null ? null : (
              <OidcButton attempt={other} provider={provider} to={to} authorize={authorize} />
            )}
          </div>
        </>
      ) : null}
    </section>
  )
}
