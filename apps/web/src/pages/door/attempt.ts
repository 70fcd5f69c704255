import { useState } from 'react'
import { ApiError } from '../../api/call.ts'
import { useCountdown } from '../../hooks/countdown.ts'
import { PasskeyError } from '../../lib/webauthn.ts'

export interface Attempt {
  readonly busy: boolean
  readonly problem: ApiError | PasskeyError | null
  /** How long the panel takes no try, in ms. */
  readonly pausedMs: number
  /** One try; a press while one runs or while it is paused does nothing. True when it went through. */
  readonly run: (work: () => Promise<void>) => Promise<boolean>
  readonly clear: () => void
}

/** Trying to get in: busy, why not, and the pause that too many tries bring. */
export function useAttempt(): Attempt {
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Attempt['problem']>(null)
  const [until, setUntil] = useState(0)
  const pausedMs = useCountdown(until)
  return {
    busy,
    problem,
    pausedMs,
    clear: () => setProblem(null),
    run: async (work) => {
      if (busy || pausedMs > 0) return false
      setBusy(true)
      try {
        await work()
        return true
      } catch (error) {
        if (!(error instanceof ApiError) && !(error instanceof PasskeyError)) throw error
        setProblem(error)
        const waitS = error instanceof ApiError ? error.retryAfterS : undefined
        setUntil(waitS === undefined ? 0 : Date.now() + waitS * 1000)
        setBusy(false)
        return false
      }
    },
  }
}
