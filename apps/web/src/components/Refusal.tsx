import type { ReactNode } from 'react'
import type { ApiError } from '../api/call.ts'
import { Note } from '../ui/Feedback.tsx'
import { PendingActions } from './dock/PendingActions.tsx'
import { Said } from './Said.tsx'

interface Props {
  problem: ApiError | null
  /** Whether the form has a field of this path, which then says it itself. */
  shows?: (path: string) => boolean
  actions?: ReactNode
}

/** Why nothing was saved, above the form. Silent when every reason stands beside its field. */
export function Refusal({ problem, shows = () => true, actions }: Props) {
  if (problem === null) return null
  const waits = problem.code === 'pending_change'
  // Its field names what stands in the way, which the message says already.
  const elsewhere = waits ? [] : problem.fields.filter((field) => !shows(field.path))
  if (!waits && problem.fields.length > 0 && elsewhere.length === 0) return null
  return (
    <Note tone="bad" alert actions={waits ? <PendingActions /> : actions}>
      <Said message={problem.message} />
      {elsewhere.length === 0 ? null : (
        <ul>
          {elsewhere.map((field) => (
            <li key={`${field.path} ${field.message}`}>{field.message}</li>
          ))}
        </ul>
      )}
    </Note>
  )
}
