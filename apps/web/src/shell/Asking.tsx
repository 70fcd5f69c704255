import { lazy, Suspense, useSyncExternalStore } from 'react'
import { endedSession, subscribeSession } from '../api/session.ts'
import { stepUpAsked, subscribeStepUp } from '../api/step-up.ts'

const loadSignIn = () => import('./SignInAgain.tsx').then((m) => ({ default: m.SignInAgain }))
const SignInAgain = lazy(loadSignIn)
const StepUp = lazy(() => import('./StepUp.tsx').then((m) => ({ default: m.StepUp })))

/** Before it is needed: a session can end while the panel restarts. */
export const loadAsking = loadSignIn

/** Who is there? Asked over the page, which stays as it is: once the session ended, or for what needs a fresh proof. */
export function Asking() {
  const ended = useSyncExternalStore(subscribeSession, endedSession)
  const again = useSyncExternalStore(subscribeStepUp, stepUpAsked)
  return (
    <Suspense>
      {ended === null ? null : <SignInAgain username={ended} />}
      {ended === null && again ? <StepUp /> : null}
    </Suspense>
  )
}
