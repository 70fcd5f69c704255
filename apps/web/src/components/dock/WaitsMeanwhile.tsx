import { hereAt } from '../../api/clock.ts'
import { useCountdown } from '../../hooks/countdown.ts'
import { Note } from '../../ui/Feedback.tsx'
import { pendingNow } from './pending.ts'
import { leftWords, theOneBefore, thisOne } from './words.ts'

/** Over a page whose session ended: the change that waits goes on waiting, and for how long. */
export function WaitsMeanwhile() {
  const pending = pendingNow()?.pending ?? null
  const left = useCountdown(pending?.deadline ? hereAt(pending.deadline) : 0)
  if (pending === null) return null
  return (
    <Note tone="warn">
      <b>{thisOne(pending)} waits to be kept.</b>{' '}
      {left > 0
        ? `Sign in within ${leftWords(left)}, or ${theOneBefore(pending)} comes back by itself.`
        : `Its time is over; unless somebody kept it, ${theOneBefore(pending)} is back.`}
    </Note>
  )
}
