import type { Settings } from '@argos/contract'
import { settingsView } from '@argos/contract'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useRouterState } from '@tanstack/react-router'
import { Undo2 } from 'lucide-react'
import { useRef, useState } from 'react'
import { ApiError } from '../../api/call.ts'
import { query } from '../../api/query.ts'
import { follow, refreshAll } from '../../components/dock/pending.ts'
import { Refusal } from '../../components/Refusal.tsx'
import { forgetReview, hooksOf, type Review, reviewOf } from '../../components/review.ts'
import { previewQuery } from '../../components/risk.ts'
import { announceSaved } from '../../components/saved.ts'
import { useSubmit } from '../../hooks/submit.ts'
import { useGo } from '../../hooks/url.ts'
import { paths } from '../../lib/paths.ts'
import { useSystem } from '../../shell/status.ts'
import { Kbd } from '../../ui/Badges.tsx'
import { Button } from '../../ui/Button.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { Note } from '../../ui/Feedback.tsx'
import { Words } from '../../ui/Words.tsx'
import { effects } from '../settings/changes.ts'
import { ConfirmChoice } from './ConfirmChoice.tsx'
import { ReviewBody } from './ReviewBody.tsx'
import { send } from './send.ts'
import { buttonWords, deletes, doneWords, edgeWords, titleOf, toType } from './words.ts'
import './change.css'

/** The preview of a change, over the page it came from: nothing is done before its button is pressed. */
export function ReviewDialog({ id }: { id: string }) {
  const navigate = useNavigate()
  const review = reviewOf(id)
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
  const go = useGo()
  const pathname = useRouterState({ select: (s) => s.location.pathname })
  const body = useRef<HTMLDivElement>(null)
  const submit = useSubmit(body)
  const asked = useQuery({ ...previewQuery(intent), retry: false, placeholderData: () => undefined })
  const preview = asked.data
  const risky = preview?.risk === 'risky'
  const [within, setWithin] = useState(60)
  const [chosen, setChosen] = useState<boolean | null>(null)
  const timed = chosen ?? risky
  const confirmS = timed && intent.kind !== 'hostCreate' ? within : null
  const [typed, setTyped] = useState('')
  const name = toType(intent, preview)
  const matches = name === null || typed.trim().toLowerCase() === name.toLowerCase()
  const warnings = useWarnings(intent.kind === 'settingsUpdate' ? intent.settings : null)
  const previousRevision = useSystem().data?.generations.lastRevision ?? null
  const problem = asked.error instanceof ApiError ? asked.error : null
  const reason =
    preview === undefined
      ? 'The change is still being read.'
      : preview.edge.accepted === false
        ? 'The edge would not take it.'
        : !matches && `Type ${name} first.`

  const apply = async () => {
    let saved: Awaited<ReturnType<typeof send>>
    try {
      saved = await send(review, confirmS)
    } catch (error) {
      const { refused } = hooksOf(id)
      // A stale edit and a wrong field are mended in the form they came from.
      if (refused && error instanceof ApiError && (error.code === 'stale' || error.fields.length > 0)) {
        if (error.code !== 'pending_change') {
          refused(error)
          onClose()
          return
        }
      }
      throw error
    }
    if (saved.pending !== null) follow(saved.pending)
    void announceSaved(saved, doneWords(intent, preview)).then(refreshAll)
    const gone = intent.kind === 'hostDelete' && pathname.startsWith(paths.host(intent.id))
    const { applied } = hooksOf(id)
    onClose()
    void refreshAll()
    applied?.()
    if (gone) go(paths.hosts(), { replace: true })
  }
  const press = () => {
    if (preview === undefined || reason !== false || preview.blocked !== null) return
    void submit.run(apply)
  }

  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title={titleOf(intent, preview)}
      lead={`Nothing has changed yet. ${preview ? edgeWords(preview) : problem ? '' : 'Reading it…'}`}
      dirty={submit.busy}
      onSubmit={press}
      footer={
        <>
          <span className="sm t2 way">
            <Undo2 size={14} aria-hidden="true" />
            {deletes(intent)
              ? 'Undo brings it back later, but no open connections.'
              : 'Undo later from Changes.'}
          </span>
          <Button className="end" onClick={onClose}>
            {preview?.blocked ? 'Close' : 'Cancel'}
          </Button>
          {preview?.blocked ? null : (
            <Button
              kind={!deletes(intent) ? 'primary' : matches ? 'danger-fill' : 'plain'}
              type="submit"
              busy={submit.busy}
              disabledReason={reason}
              aria-keyshortcuts="Control+Enter"
            >
              {buttonWords(intent, confirmS)}
              {deletes(intent) ? null : (
                <span className="phone-hide" aria-hidden="true">
                  <Kbd keys={['Ctrl', '↵']} />
                </span>
              )}
            </Button>
          )}
        </>
      }
    >
      {/* biome-ignore lint/a11y/noStaticElementInteractions: Ctrl Enter applies from any of the fields inside */}
      <div
        ref={body}
        className="review"
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return
          event.preventDefault()
          press()
        }}
      >
        <div className="problems">
          <Refusal problem={submit.problem} />
          {problem === null ? null : (
            <Refusal
              problem={problem}
              actions={<Button onClick={() => void asked.refetch()}>Try again</Button>}
            />
          )}
          {preview?.blocked ? (
            <Note tone="bad" alert>
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
        <ReviewBody intent={intent} preview={preview} loading={asked.isFetching} warnings={warnings} />
        {preview === undefined || preview.blocked || intent.kind === 'hostCreate' ? null : (
          <ConfirmChoice
            on={timed}
            onSwitch={setChosen}
            within={within}
            onWithin={setWithin}
            risks={preview.risks}
            previous={previousRevision}
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
  const here = { hostname: location.hostname, fallback: `https://127.0.0.1:${port}` }
  return effects(saved, next, here)
    .filter(({ state }) => state === 'warn')
    .map(({ words }) => words)
}
