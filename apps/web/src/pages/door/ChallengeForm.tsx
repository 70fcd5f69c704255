import { type Challenge, loginChallenge, loginChallengeView, type Me } from '@argos/contract'
import { useEffect } from 'react'
import { ApiError, call } from '../../api/call.ts'
import { hereAt } from '../../api/clock.ts'
import { useCountdown } from '../../hooks/countdown.ts'
import { FactorForm } from './FactorForm.tsx'

interface Props {
  challenge: Challenge
  onSignedIn: (me: Me) => void
  /** The challenge is no more: it took too long, or there were too many tries. */
  onOver: (why: string) => void
}

const tooLong = 'That took too long. Sign in once more.'

/** The second step of a sign-in. */
export function ChallengeForm({ challenge: { id, methods, expiresAt }, onSignedIn, onOver }: Props) {
  const left = useCountdown(hereAt(expiresAt))
  useEffect(() => {
    if (left === 0) onOver(tooLong)
  }, [left, onOver])
  return (
    <FactorForm
      methods={methods}
      askPasskey={async () => (await call(loginChallengeView, { body: { id } })).passkey}
      send={async (factor) => {
        try {
          onSignedIn((await call(loginChallenge, { body: { id, factor } })).me)
        } catch (error) {
          if (error instanceof ApiError && error.code === 'unauthenticated') return onOver(error.message)
          throw error
        }
      }}
    />
  )
}
