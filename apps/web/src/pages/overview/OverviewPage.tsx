import { type Host, revisionList } from '@argos/contract'
import { useQuery, useSuspenseQuery } from '@tanstack/react-query'
import { Plus } from 'lucide-react'
import { meQuery, query } from '../../api/query.ts'
import { usePending } from '../../components/dock/pending.ts'
import { ButtonLink, Link } from '../../components/Link.tsx'
import { RevisionRows } from '../../components/RevisionRows.tsx'
import { useNow } from '../../hooks/now.ts'
import { useTitle } from '../../hooks/page.ts'
import { paths } from '../../lib/paths.ts'
import { since } from '../../lib/time.ts'
import { useHosts, useSystem } from '../../shell/status.ts'
import { ErrorState, Note, Skeleton } from '../../ui/Feedback.tsx'
import { Card, PageHead } from '../../ui/Page.tsx'
import { Attention } from './Attention.tsx'
import { CertificateList } from './CertificateList.tsx'
import { HostGrid, hostCounts } from './HostGrid.tsx'
import { answering, needsOf, sentence } from './needs.ts'
import './overview.css'

/** The first sentence, what needs someone, then what there is. */
export function OverviewPage() {
  useTitle('')
  const { data, isError, error, refetch, dataUpdatedAt } = useHosts()
  const status = useSystem().data
  const todo = useSuspenseQuery(meQuery).data.pending
  const waiting = usePending().data
  const now = useNow()
  if (!data) {
    return (
      <>
        <PageHead title={isError ? 'The panel does not answer.' : 'Looking…'} />
        {isError ? (
          <ErrorState title="The overview could not be loaded" error={error} onRetry={() => void refetch()} />
        ) : (
          <div className="px-4">
            <Skeleton rows={8} />
          </div>
        )}
      </>
    )
  }
  const { hosts } = data
  const needs = needsOf(hosts, status, todo, waiting, now)
  return (
    <>
      <PageHead
        title={sentence(needs, hosts)}
        lead={
          hosts.length === 0 ? (
            'Give a service at home a name of its own; it takes about a minute.'
          ) : (
            <Link className="drill" to={paths.hosts()}>
              {answering(hosts)}
            </Link>
          )
        }
        actions={
          <ButtonLink className="phone-hide" kind="primary" to={paths.hostNew()} icon={<Plus />}>
            Add host
          </ButtonLink>
        }
      />
      <div className="grid gap-4">
        {isError ? (
          <Note tone="warn">
            <b>This is {since(dataUpdatedAt)}.</b> {error.message}
          </Note>
        ) : null}
        <Attention needs={needs} />
        <Cards hosts={hosts} />
      </div>
    </>
  )
}

function Cards({ hosts }: { hosts: readonly Host[] }) {
  const revisions = useQuery({ ...query(revisionList, { query: { limit: 6 } }), refetchInterval: 10_000 })
  return (
    <div className="cols">
      {hosts.length === 0 ? null : (
        <Card
          className="c8"
          title="Hosts"
          flush
          aside={<span className="sm t2 phone-hide">{hostCounts(hosts)}</span>}
        >
          <HostGrid hosts={hosts} />
        </Card>
      )}
      <div className={hosts.length === 0 ? 'c12' : 'c4 grid gap-4'}>
        {hosts.some((h) => h.enabled && h.tls !== 'none') ? <CertificateList hosts={hosts} /> : null}
        <Card
          title="Recent changes"
          flush
          aside={
            <Link className="link sm" to={paths.changes()}>
              All changes
            </Link>
          }
        >
          {revisions.data ? (
            <RevisionRows revisions={revisions.data.revisions} empty="Nothing went live yet." />
          ) : revisions.isError ? (
            <p className="t2 p-4">{revisions.error.message}</p>
          ) : (
            <div className="px-4">
              <Skeleton rows={4} />
            </div>
          )}
        </Card>
      </div>
    </div>
  )
}
