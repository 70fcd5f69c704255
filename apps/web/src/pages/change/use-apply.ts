import type { Preview } from '@argos/contract'
import { useRouterState } from '@tanstack/react-router'
import type { RefObject } from 'react'
import { ApiError } from '../../api/call.ts'
import { follow, refreshAll } from '../../components/dock/pending.ts'
import { hooksOf, type Review } from '../../components/review.ts'
import { announceSaved } from '../../components/saved.ts'
import { type Submit, useSubmit } from '../../hooks/submit.ts'
import { useGo } from '../../hooks/url.ts'
import { paths } from '../../lib/paths.ts'
import { send } from './send.ts'
import { doneWords } from './words.ts'

/** A stale edit and a wrong field are mended in the form they came from, when that is still there. */
const forTheForm = (error: unknown): error is ApiError =>
  error instanceof ApiError &&
  error.code !== 'pending_change' &&
  (error.code === 'stale' || error.fields.length > 0)

interface Asked {
  readonly id: string
  readonly review: Review
  readonly preview: Preview | undefined
  readonly confirmS: number | null
  readonly body: RefObject<HTMLElement | null>
  readonly onClose: () => void
}

/** Doing what was read: then the page beneath is told, and the dock or a toast says how it goes on. */
export function useApply({ id, review, preview, confirmS, body, onClose }: Asked): Submit & {
  readonly apply: () => void
} {
  const go = useGo()
  const pathname = useRouterState({ select: (s) => s.location.pathname })
  const submit = useSubmit(body)
  const { intent } = review
  const run = async () => {
    const { applied, refused } = hooksOf(id)
    const saved = await send(review, confirmS).catch((error: unknown) => {
      if (!refused || !forTheForm(error)) throw error
      refused(error)
      return null
    })
    if (saved === null) return onClose()
    if (saved.pending !== null) follow(saved.pending)
    void announceSaved(saved, doneWords(intent, preview)).then(refreshAll)
    onClose()
    void refreshAll()
    applied?.()
    // Nothing is at the page of what is gone.
    if (intent.kind === 'hostDelete' && pathname.startsWith(paths.host(intent.id)))
      go(paths.hosts(), { replace: true })
  }
  return { ...submit, apply: () => void submit.run(run) }
}
