import { revisionList } from '@argos/contract'
import { useInfiniteQuery, useSuspenseQuery } from '@tanstack/react-query'
import { GitCommitVertical } from 'lucide-react'
import { useEffect, useMemo } from 'react'
import { call } from '../../api/call.ts'
import { meQuery, refresh } from '../../api/query.ts'
import { Feed } from '../../components/feed/Feed.tsx'
import { ButtonLink } from '../../components/Link.tsx'
import { useTitle } from '../../hooks/page.ts'
import { useUrlState } from '../../hooks/url.ts'
import { hostName } from '../../lib/host.ts'
import { paths } from '../../lib/paths.ts'
import { useHosts, useSystem } from '../../shell/status.ts'
import { Button } from '../../ui/Button.tsx'
import { Empty } from '../../ui/Feedback.tsx'
import { PageHead } from '../../ui/Page.tsx'
import { Select } from '../../ui/Select.tsx'
import { ChangeRow } from './ChangeRow.tsx'
import { GoingLive } from './GoingLive.tsx'
import { RevisionDrawer } from './RevisionDrawer.tsx'

/** Revisions, newest first, further ones on demand. */
const useRevisions = (host: string) =>
  useInfiniteQuery({
    queryKey: [revisionList.id, { host }],
    queryFn: ({ pageParam, signal }) =>
      call(
        revisionList,
        {
          query: {
            ...(pageParam === null ? {} : { before: pageParam }),
            ...(host === '' ? {} : { host }),
          },
        },
        signal,
      ),
    initialPageParam: null as number | null,
    getNextPageParam: (page) => (page.more ? (page.revisions.at(-1)?.number ?? null) : null),
  })

export function ChangesPage() {
  useTitle('Changes')
  const me = useSuspenseQuery(meQuery).data.user.username
  const [host, setHost] = useUrlState('host')
  const [open, setOpen] = useUrlState('open')
  const hosts = useHosts().data?.hosts ?? []
  const latest = useSystem().data?.generations.lastRevision ?? null
  const view = useRevisions(host)
  const revisions = useMemo(() => view.data?.pages.flatMap((page) => page.revisions) ?? [], [view.data])
  const newest = revisions[0]?.number ?? null
  useEffect(() => {
    // The shell already asks how far the edge is; the list follows it instead of asking as well.
    if (latest !== null && newest !== null && latest > newest) void refresh(revisionList)
  }, [latest, newest])

  const options = [
    { value: '', label: 'All hosts' },
    ...hosts.map((h) => ({ value: h.id, label: hostName(h) })),
    // A deleted host still has its history.
    ...(host !== '' && !hosts.some((h) => h.id === host)
      ? [{ value: host, label: revisions[0]?.hosts.find((h) => h.id === host)?.name ?? 'A deleted host' }]
      : []),
  ]
  return (
    <>
      <PageHead
        title="Changes"
        lead="Everything that went live, or tried to."
        actions={
          <div className="w-60 max-w-full">
            <Select size="md" label="Changes of" value={host} onChange={setHost} options={options} />
          </div>
        }
      />
      <GoingLive />
      <Feed
        view={view}
        items={revisions}
        keyOf={(revision) => revision.number}
        row={(revision) => (
          <ChangeRow revision={revision} me={me} onOpen={() => setOpen(String(revision.number))} />
        )}
        failed="Changes could not be loaded"
        older="Show older changes"
        empty={
          <Empty
            icon={<GitCommitVertical />}
            title={host === '' ? 'Nothing went live yet' : 'Nothing of this host went live yet'}
            action={
              host === '' ? (
                <ButtonLink to={paths.hostNew()}>Add a host</ButtonLink>
              ) : (
                <Button onClick={() => setHost('')}>Show all changes</Button>
              )
            }
          >
            Every change that reaches the edge is listed here, with who made it and what it did.
          </Empty>
        }
      />
      {open === '' ? null : (
        <RevisionDrawer open={open} near={revisions} me={me} onOpen={setOpen} onClose={() => setOpen('')} />
      )}
    </>
  )
}
