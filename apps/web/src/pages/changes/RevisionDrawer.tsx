import { type Revision, revisionView } from '@argos/contract'
import { useQuery } from '@tanstack/react-query'
import { ChevronDown, ChevronUp, RotateCcw } from 'lucide-react'
import { ApiError } from '../../api/call.ts'
import { query } from '../../api/query.ts'
import { useReview, useReviewing } from '../../components/review.ts'
import { useKey } from '../../hooks/page.ts'
import { moment } from '../../lib/time.ts'
import { useSystem } from '../../shell/status.ts'
import { Button, IconButton } from '../../ui/Button.tsx'
import { Drawer } from '../../ui/Dialog.tsx'
import { Empty, ErrorState, Skeleton } from '../../ui/Feedback.tsx'
import { RevisionDetail } from './RevisionDetail.tsx'
import { type Against, noRestore, openText, parseOpen } from './words.ts'

interface Props {
  /** "419", or "419..418" beside the one it is compared with. */
  open: string
  /** The list it was opened from. */
  near: readonly Revision[]
  me: string
  onOpen: (open: string) => void
  onClose: () => void
}

/** One revision, from the list or by its address. */
export function RevisionDrawer({ open, near, me, onOpen, onClose }: Props) {
  const { number, against } = parseOpen(open)
  // The preview of a way back stands in its place.
  const reviewing = useReviewing() !== ''
  const review = useReview()
  const asked = useQuery({
    ...query(revisionView, { params: { number } }),
    enabled: number > 0,
    placeholderData: () => undefined,
    refetchInterval: ({ state }) => (state.data?.revision.outcome === 'pending' ? 1_500 : false),
  })
  const at = near.findIndex((one) => one.number === number)
  const revision = asked.data?.revision ?? near[at]
  const [newer, older] = at === -1 ? [] : [near[at - 1], near[at + 1]]
  const go = (to: Revision | undefined) => to && onOpen(String(to.number))
  useKey('[', () => go(newer), { inside: true })
  useKey(']', () => go(older), { inside: true })
  const generations = useSystem().data?.generations
  const no = revision && generations ? noRestore(revision, generations) : null
  const missing = number === 0 || (asked.error instanceof ApiError && asked.error.code === 'not_found')
  return (
    <Drawer
      open={!reviewing}
      wide
      onClose={onClose}
      title={number === 0 ? open : `r${number}`}
      lead={revision ? moment(revision.at) : undefined}
      footer={
        revision === undefined ? undefined : (
          <>
            <IconButton
              label="The one after it ([)"
              icon={<ChevronUp />}
              disabledReason={newer ? undefined : 'There is none after it in this list.'}
              onClick={() => go(newer)}
            />
            <IconButton
              label="The one before it (])"
              icon={<ChevronDown />}
              disabledReason={older ? undefined : 'There is none before it in this list.'}
              onClick={() => go(older)}
            />
            <span className="grow t2 sm text-right">{no}</span>
            {no === null ? (
              <Button
                icon={<RotateCcw />}
                onClick={() =>
                  review({ intent: { kind: 'restore', revision: number } }, { applied: onClose })
                }
              >
                Restore this state…
              </Button>
            ) : null}
          </>
        )
      }
    >
      {revision ? (
        <RevisionDetail
          revision={revision}
          view={asked.data}
          problem={asked.isError ? asked.error.message : null}
          {...{ me, near, against }}
          onUndone={onClose}
          onAgainst={(to: Against | null) => onOpen(openText(number, to))}
        />
      ) : missing ? (
        <Empty title={number === 0 ? 'There is no such change' : `There is no r${number}`}>
          Revisions are numbered as they go live.
        </Empty>
      ) : asked.isError ? (
        <ErrorState
          title="The change could not be loaded"
          error={asked.error}
          onRetry={() => void asked.refetch()}
        />
      ) : (
        <Skeleton rows={5} />
      )}
    </Drawer>
  )
}
