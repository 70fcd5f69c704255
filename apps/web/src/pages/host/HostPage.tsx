import { hostView } from '@argos/contract'
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'
import { ApiError } from '../../api/call.ts'
import { query } from '../../api/query.ts'
import { ButtonLink, Link } from '../../components/Link.tsx'
import { Path } from '../../components/Path.tsx'
import { usePolicies } from '../../components/policies.ts'
import { useCrumb } from '../../hooks/crumb.ts'
import { useKey, useTitle } from '../../hooks/page.ts'
import { useGo } from '../../hooks/url.ts'
import { hostName } from '../../lib/host.ts'
import { paths } from '../../lib/paths.ts'
import { since } from '../../lib/time.ts'
import { Empty, ErrorState, Note, Skeleton } from '../../ui/Feedback.tsx'
import { Card } from '../../ui/Page.tsx'
import { Tabs } from '../../ui/Tabs.tsx'
import { HostHead } from './HostHead.tsx'
import { OverviewTab } from './OverviewTab.tsx'
import { stagesOf } from './stages.ts'
import { Trouble } from './Trouble.tsx'
import './host.css'

const AccessTab = lazy(() => import('./AccessTab.tsx').then((m) => ({ default: m.AccessTab })))
const RoutingTab = lazy(() => import('./RoutingTab.tsx').then((m) => ({ default: m.RoutingTab })))
const HistoryTab = lazy(() => import('./HistoryTab.tsx').then((m) => ({ default: m.HistoryTab })))
const TlsTab = lazy(() => import('./TlsTab.tsx').then((m) => ({ default: m.TlsTab })))

/** Only tabs that exist. */
const tabs = [
  { id: '', label: 'Overview', body: OverviewTab },
  { id: 'routing', label: 'Routing', body: RoutingTab },
  { id: 'tls', label: 'TLS', body: TlsTab },
  { id: 'access', label: 'Access', body: AccessTab },
  { id: 'history', label: 'History', body: HistoryTab },
] as const

export function HostPage() {
  const { hostId = '', tab = '' } = useParams({ strict: false })
  const go = useGo()
  const policies = usePolicies()
  const view = useQuery({
    ...query(hostView, { params: { id: hostId } }),
    refetchInterval: (q) => (q.state.data?.state.edge === 'applying' ? 700 : 5_000),
    // Another host's page must not show this one's settings, not for a moment.
    placeholderData: () => undefined,
  })
  const host = view.data
  const name = host ? hostName(host) : undefined
  useTitle(name ?? 'Host')
  useCrumb(name)
  useKey('e', () => go(paths.hostTab(hostId, 'routing')))
  const current = tabs.find((t) => t.id === tab)

  if (view.error instanceof ApiError && view.error.code === 'not_found') return <Gone />
  if (!host) {
    return view.isError ? (
      <ErrorState
        title="The host could not be loaded"
        error={view.error}
        onRetry={() => void view.refetch()}
      />
    ) : (
      <>
        <h1 className="sr" tabIndex={-1}>
          Host
        </h1>
        <Skeleton rows={8} />
      </>
    )
  }
  if (!current) return <Gone />
  const Body = current.body
  return (
    <>
      <HostHead host={host} />
      {view.isError ? (
        <Note tone="warn">
          <b>This is {since(view.dataUpdatedAt)}.</b> {view.error.message}
        </Note>
      ) : null}
      <Trouble host={host} tab={tab} />
      <Card
        className="pathcard"
        title="Path of a request"
        aside={<span className="sm t3 phone-hide">Press a stage to change it.</span>}
      >
        <Path stages={stagesOf(host, policies.nameOf)} current={tab} />
      </Card>
      <Tabs
        label="Parts of this host"
        current={current.id}
        tabs={tabs.map((t) => ({
          id: t.id,
          label: t.label,
          link: <Link to={t.id === '' ? paths.host(host.id) : paths.hostTab(host.id, t.id)} />,
        }))}
      />
      <Suspense fallback={<Skeleton rows={5} />}>
        <Body key={`${host.id} ${current.id}`} host={host} />
      </Suspense>
    </>
  )
}

function Gone() {
  return (
    <>
      <h1 className="sr" tabIndex={-1}>
        Not found
      </h1>
      <Empty title="No such host" action={<ButtonLink to={paths.hosts()}>All hosts</ButtonLink>}>
        It may have been deleted. The audit log says by whom.
      </Empty>
    </>
  )
}
