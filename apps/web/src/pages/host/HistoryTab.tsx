import { changeList, type Host, revisionList } from '@argos/contract'
import { useInfiniteQuery, useQuery, useSuspenseQuery } from '@tanstack/react-query'
import { GitCommitVertical } from 'lucide-react'
import { useEffect, useMemo } from 'react'
import { call } from '../../api/call.ts'
import { meQuery, query, refresh } from '../../api/query.ts'
import { usePending } from '../../components/dock/pending.ts'
import { Feed } from '../../components/feed/Feed.tsx'
import { FeedLine } from '../../components/feed/FeedLine.tsx'
import { useUrlState } from '../../hooks/url.ts'
import { useSystem } from '../../shell/status.ts'
import { Empty } from '../../ui/Feedback.tsx'
import { ChangeDrawer } from '../changes/ChangeDrawer.tsx'
import { changeLight } from '../changes/words.ts'

/** The panel sends so many at once. */
const most = 200

/** What was changed of this host, or of the pool behind it, newest first. */
const useHistory = (object: string) =>
  useInfiniteQuery({
    queryKey: [changeList.id, { object }],
    queryFn: ({ pageParam, signal }) =>
      call(changeList, { query: { object, ...(pageParam === null ? {} : { before: pageParam }) } }, signal),
    initialPageParam: null as number | null,
    getNextPageParam: (page) => (page.more ? (page.changes.at(-1)?.generation ?? null) : null),
  })

/** Every change of the host, saved or live: who, what, what became of it; each opens with its way back. */
export function HistoryTab({ host }: { host: Host }) {
  const me = useSuspenseQuery(meQuery).data.user.username
  const [open, setOpen] = useUrlState('open')
  const view = useHistory(host.id)
  const changes = useMemo(() => view.data?.pages.flatMap((page) => page.changes) ?? [], [view.data])
  const revisions = useQuery(query(revisionList, { query: { host: host.id, limit: most } })).data?.revisions
  const generations = useSystem().data?.generations
  const waits = usePending().data?.pending?.generation ?? null
  const last = generations?.lastRevision
  const saved = generations?.saved
  useEffect(() => {
    // The shell already asks how far panel and edge are; this list follows it.
    if (last !== undefined || saved !== undefined) void refresh(changeList, revisionList)
  }, [last, saved])
  return (
    <>
      <Feed
        view={view}
        items={changes}
        keyOf={(change) => change.generation}
        row={(change) => (
          <FeedLine
            name={change.revision === null ? '' : `r${change.revision}`}
            actor={change.actor}
            words={change.words}
            me={me}
            at={change.at}
            outcome={changeLight(
              change,
              revisions?.find((revision) => revision.number === change.revision),
              { applied: generations?.applied ?? null, waits },
            )}
            onOpen={() => setOpen(String(change.generation))}
          />
        )}
        failed="The history could not be loaded"
        older="Show older changes"
        empty={
          <Empty icon={<GitCommitVertical />} title="Nothing was changed yet">
            Every change of this host is listed here, with who made it and what it did.
          </Empty>
        }
      />
      {open === '' ? null : (
        <ChangeDrawer
          generation={Number(open)}
          near={changes}
          me={me}
          onOpen={(generation) => setOpen(String(generation))}
          onClose={() => setOpen('')}
        />
      )}
    </>
  )
}
