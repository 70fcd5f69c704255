import { type Change, changeList } from '@argos/contract'
import { useQuery } from '@tanstack/react-query'
import { query } from '../../api/query.ts'
import { Link } from '../../components/Link.tsx'
import { useReviewing } from '../../components/review.ts'
import { useKey } from '../../hooks/page.ts'
import { paths } from '../../lib/paths.ts'
import { moment } from '../../lib/time.ts'
import { Drawer } from '../../ui/Dialog.tsx'
import { Empty, ErrorState, Skeleton } from '../../ui/Feedback.tsx'
import { ChangePart, Said } from './ChangePart.tsx'

interface Props {
  generation: number
  /** The list it was opened from. */
  near: readonly Change[]
  me: string
  onOpen: (generation: number) => void
  onClose: () => void
}

/** One saved change with its way back; the revision that brought it to the edge is a link away. */
export function ChangeDrawer({ generation, near, me, onOpen, onClose }: Props) {
  const reviewing = useReviewing() !== ''
  const at = near.findIndex((change) => change.generation === generation)
  const asked = useQuery({
    ...query(changeList, { query: { before: generation + 1, limit: 1 } }),
    enabled: at === -1 && Number.isSafeInteger(generation),
    placeholderData: () => undefined,
  })
  const change = near[at] ?? asked.data?.changes.find((one) => one.generation === generation)
  const go = (to: Change | undefined) => to && onOpen(to.generation)
  useKey('[', () => at > 0 && go(near[at - 1]), { inside: true })
  useKey(']', () => at !== -1 && go(near[at + 1]), { inside: true })
  return (
    <Drawer
      open={!reviewing}
      wide
      onClose={onClose}
      title={change?.revision ? `r${change.revision}` : 'Change'}
      lead={change ? moment(change.at) : undefined}
    >
      {change ? (
        <div className="grid gap-4">
          <Said change={change} me={me} />
          {change.revision === null ? null : (
            <p className="sm">
              <Link className="link" to={paths.changes({ open: String(change.revision) })}>
                What became of r{change.revision}, its Caddy JSON, and restoring it
              </Link>
            </p>
          )}
          <ChangePart change={change} me={me} titled={false} onUndone={onClose} />
        </div>
      ) : asked.isError ? (
        <ErrorState
          title="The change could not be loaded"
          error={asked.error}
          onRetry={() => void asked.refetch()}
        />
      ) : asked.isFetching ? (
        <Skeleton rows={5} />
      ) : (
        <Empty title="There is no such change">It may belong to another installation.</Empty>
      )}
    </Drawer>
  )
}
