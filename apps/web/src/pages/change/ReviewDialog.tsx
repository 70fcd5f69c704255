import { type Settings, settingsView } from '@argos/contract'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Undo2 } from 'lucide-react'
import { useEffect, useEffectEvent, useRef, useState } from 'react'
import { ApiError } from '../../api/call.ts'
import { query } from '../../api/query.ts'
import { endedSession } from '../../api/session.ts'
import { usePending } from '../../components/dock/pending.ts'
import { forgetReview, type Review, reviewOf } from '../../components/review.ts'
import { previewQuery } from '../../components/risk.ts'
import { useSystem } from '../../shell/status.ts'
import { Kbd } from '../../ui/Badges.tsx'
import { Button } from '../../ui/Button.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { browserWarnings } from '../settings/changes.ts'
import { ConfirmChoice } from './ConfirmChoice.tsx'
import { Problems } from './Problems.tsx'
import { ReviewBody } from './ReviewBody.tsx'
import { useApply } from './use-apply.ts'
import { buttonWords, canWait, deletes, edgeWords, titleOf, toType } from './words.ts'
import './change.css'

/** The preview of a change, over the page it came from: nothing is done before its button is pressed. */
export function ReviewDialog({ id }: { id: string }) {
  const navigate = useNavigate()
  // Held: what is forgotten on the way out must not read as lost for a moment.
  const [review] = useState(() => reviewOf(id))
  const close = () => {
    const next = ({ review: _, ...rest }: Record<string, string>) => rest
    void navigate({ to: '.', search: next as never, replace: true, resetScroll: false })
    forgetReview(id)
  }
  if (review === null) return <Lost onClose={close} />
  return <Open id={id} review={review} onClose={close} />
}

const Lost = ({ onClose }: { onClose: () => void }) => (
  <Dialog
    open
    onClose={onClose}
    title="This preview is gone"
    lead="It was kept in the tab it was opened in. Nothing has changed."
    footer={
      <Button className="end" onClick={onClose}>
        Close
      </Button>
    }
  />
)

function Open({ id, review, onClose }: { id: string; review: Review; onClose: () => void }) {
  const { intent } = review
  const body = useRef<HTMLDivElement>(null)
  const pending = usePending().data?.pending ?? null
  const plain = previewQuery(intent)
  const asked = useQuery({
    ...plain,
    // Read again once nothing else waits any more: that may have stood in the way.
    queryKey: [...plain.queryKey, pending?.id ?? null],
    retry: false,
    placeholderData: () => undefined,
  })
  const preview = asked.data
  const [within, setWithin] = useState(60)
  const [chosen, setChosen] = useState<boolean | null>(null)
  const [typed, setTyped] = useState('')
  const timed = chosen ?? preview?.risk === 'risky'
  const confirmS = timed && canWait(intent) ? within : null
  const { apply, ...submit } = useApply({ id, review, preview, confirmS, body, onClose })
  const warnings = useWarnings(intent.kind === 'settingsUpdate' ? intent.settings : null)
  const previous = useSystem().data?.generations.lastRevision ?? null
  const problem = asked.error instanceof ApiError ? asked.error : null
  const gone = deletes(intent)
  const name = toType(intent, preview)
  const matches = name === null || typed.trim().toLowerCase() === name.toLowerCase()
  const blocked = preview !== undefined && preview.blocked !== null
  const reason =
    preview === undefined
      ? problem === null
        ? 'The change is still being read.'
        : 'The change could not be read.'
      : preview.edge.accepted === false
        ? 'The edge would not take it.'
        : !matches && `Type ${name} first.`
  const press = () => {
    if (reason === false && !blocked) apply()
  }
  // Wherever the focus is, also on the cross.
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey) || endedSession() !== null) return
    event.preventDefault()
    press()
  })
  useEffect(() => {
    const listener = (event: KeyboardEvent) => onKey(event)
    addEventListener('keydown', listener, { capture: true })
    return () => removeEventListener('keydown', listener, { capture: true })
  }, [])

  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title={titleOf(intent, preview)}
      lead={`Nothing has changed yet. ${preview ? edgeWords(preview) : problem ? '' : 'Reading it…'}`}
      dirty={submit.busy}
      onSubmit={press}
      initialFocus={body}
      footer={
        <>
          {blocked ? null : (
            <span className="sm t2 way">
              <Undo2 size={14} aria-hidden="true" />
              {gone ? 'Undo brings it back later, but no open connections.' : 'Undo later from Changes.'}
            </span>
          )}
          <Button className="end" onClick={onClose}>
            {blocked ? 'Close' : 'Cancel'}
          </Button>
          {blocked ? null : (
            <Button
              kind={!gone ? 'primary' : matches ? 'danger-fill' : 'plain'}
              type="submit"
              busy={submit.busy}
              disabledReason={reason}
              aria-keyshortcuts="Control+Enter"
            >
              {buttonWords(intent, confirmS)}
              {gone ? null : (
                <span className="phone-hide" aria-hidden="true">
                  <Kbd keys={['Ctrl', '↵']} />
                </span>
              )}
            </Button>
          )}
        </>
      }
    >
      <div ref={body} className="review" tabIndex={-1}>
        <Problems
          sent={submit.problem}
          read={problem}
          preview={preview}
          waits={pending !== null}
          onRetry={() => void asked.refetch()}
        />
        <ReviewBody intent={intent} preview={preview} loading={asked.isFetching} warnings={warnings} />
        {preview === undefined || blocked || !(canWait(intent) || name !== null) ? null : (
          <ConfirmChoice
            timeable={canWait(intent)}
            on={timed}
            onSwitch={setChosen}
            within={within}
            onWithin={setWithin}
            risks={preview.risks}
            previous={previous}
            name={name}
            typed={typed}
            onTyped={setTyped}
          />
        )}
      </div>
    </Dialog>
  )
}

/** What only this browser knows: that it would lose its own way in. */
function useWarnings(next: Settings | null): readonly string[] {
  const saved = useQuery({ ...query(settingsView), enabled: next !== null }).data?.settings
  const port = useSystem().data?.ports.panel ?? 9443
  if (next === null || saved === undefined) return []
  return browserWarnings(saved, next, {
    hostname: location.hostname,
    fallback: `https://127.0.0.1:${port}`,
  })
}
