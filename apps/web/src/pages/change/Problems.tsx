import type { Preview } from '@argos/contract'
import type { ApiError } from '../../api/call.ts'
import { PendingActions } from '../../components/dock/PendingActions.tsx'
import { Refusal } from '../../components/Refusal.tsx'
import { Button } from '../../ui/Button.tsx'
import { Note } from '../../ui/Feedback.tsx'
import { Words } from '../../ui/Words.tsx'

interface Props {
  /** Why it was not done. */
  sent: ApiError | null
  /** Why it could not be read. */
  read: ApiError | null
  preview: Preview | undefined
  /** Whether another change waits, which then is what stands in the way. */
  waits: boolean
  onRetry: () => void
}

/** What stands in the way, above everything else. Nothing at all when nothing does. */
export function Problems({ sent, read, preview, waits, onRetry }: Props) {
  return (
    <div className="problems">
      <Refusal problem={sent} shows={() => false} />
      <Refusal
        problem={read}
        shows={() => false}
        actions={
          <Button size="sm" onClick={onRetry}>
            Try again
          </Button>
        }
      />
      {preview?.blocked ? (
        <Note tone="bad" alert actions={waits ? <PendingActions /> : undefined}>
          <b>This cannot be done.</b> <Words text={preview.blocked} />
        </Note>
      ) : null}
      {preview?.edge.accepted === false ? (
        <Note tone="bad" alert>
          <b>The edge would not take it.</b> {preview.edge.reason}
          {preview.edge.field === null ? null : (
            <>
              {' '}
              (<code>{preview.edge.field}</code>)
            </>
          )}
        </Note>
      ) : null}
    </div>
  )
}
