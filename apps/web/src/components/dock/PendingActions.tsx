import { useState } from 'react'
import { ApiError } from '../../api/call.ts'
import { Button } from '../../ui/Button.tsx'
import { keep, pendingNow, putBack, usePending } from './pending.ts'
import { putBackWords, thisOne } from './words.ts'

/** Beside "another change waits": the two ways to end the wait, without leaving what was typed. */
export function PendingActions() {
  const pending = usePending().data?.pending ?? pendingNow()?.pending ?? null
  const [busy, setBusy] = useState<'keep' | 'back' | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  if (pending === null) return <span className="t2">It does not wait any more. Send yours again.</span>
  const run = (which: 'keep' | 'back', work: (id: string) => Promise<void>) => () => {
    setBusy(which)
    work(pending.id)
      .catch((error: unknown) => {
        if (!(error instanceof ApiError)) throw error
        setProblem(error.message)
      })
      .finally(() => setBusy(null))
  }
  return (
    <>
      <Button size="sm" busy={busy === 'keep'} disabled={busy !== null} onClick={run('keep', keep)}>
        Keep {thisOne(pending)}
      </Button>
      <Button size="sm" busy={busy === 'back'} disabled={busy !== null} onClick={run('back', putBack)}>
        {putBackWords(pending)}
      </Button>
      {problem === null ? null : <span role="alert">{problem}</span>}
    </>
  )
}
