import { type Pool, poolView } from '@argos/contract'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { Pencil, Trash2 } from 'lucide-react'
import { ApiError } from '../../api/call.ts'
import { query } from '../../api/query.ts'
import { ButtonLink, Link } from '../../components/Link.tsx'
import { Ago } from '../../components/Time.tsx'
import { useCrumb } from '../../hooks/crumb.ts'
import { useKey, useTitle } from '../../hooks/page.ts'
import { useGo, useUrlState } from '../../hooks/url.ts'
import { paths } from '../../lib/paths.ts'
import { Button } from '../../ui/Button.tsx'
import { Empty, ErrorState, Skeleton } from '../../ui/Feedback.tsx'
import { Card, PageHead } from '../../ui/Page.tsx'
import { Status } from '../../ui/StateGlyph.tsx'
import { checkWords, poolLight } from './health.ts'
import { keptBy, usePoolDelete } from './PoolDelete.tsx'
import { PoolDrawer } from './PoolDrawer.tsx'
import { TargetRows } from './TargetRows.tsx'

const route = getRouteApi('/app/pools/$poolId')

export function PoolPage() {
  const { poolId } = route.useParams()
  const view = useQuery({
    ...query(poolView, { params: { id: poolId } }),
    refetchInterval: 5_000,
    // Another pool's rows must not stand in for this one's.
    placeholderData: (previous) => (previous?.id === poolId ? previous : undefined),
  })
  useTitle(view.data?.name ?? 'Pool')
  useCrumb(view.data?.name)
  if (view.data) return <PoolDetail pool={view.data} />
  if (view.error instanceof ApiError && view.error.status === 404) {
    return (
      <>
        <PageHead title="This pool is gone" />
        <Empty
          title="No pool is at this address"
          action={<ButtonLink to={paths.pools()}>All pools</ButtonLink>}
        >
          It may have been deleted: a pool goes together with the last host that used it.
        </Empty>
      </>
    )
  }
  if (view.isError) {
    return (
      <ErrorState
        title="The pool could not be loaded"
        error={view.error}
        onRetry={() => void view.refetch()}
      />
    )
  }
  return <Skeleton rows={6} />
}

function PoolDetail({ pool }: { pool: Pool }) {
  const go = useGo()
  const [open, setOpen] = useUrlState('open')
  const removal = usePoolDelete(() => go(paths.pools(), { replace: true }))
  const edit = () => setOpen('edit')
  useKey('e', edit)
  const light = poolLight(pool)
  return (
    <>
      <PageHead
        title={pool.name}
        lead={
          <span className="row wrap g2">
            <Status state={light.state}>{light.words}</Status>
            <span aria-hidden="true">·</span>
            <span>
              changed <Ago at={pool.updatedAt} />
            </span>
          </span>
        }
        actions={
          <>
            <Button
              kind="danger"
              icon={<Trash2 />}
              disabledReason={keptBy(pool)}
              onClick={() => removal.ask(pool)}
            >
              Delete…
            </Button>
            <Button icon={<Pencil />} onClick={edit}>
              Edit
            </Button>
          </>
        }
      />
      <div className="cols">
        <div className="c8">
          <TargetRows pool={pool} />
        </div>
        <div className="c4 grid gap-4">
          <Settings pool={pool} />
          <UsedBy hosts={pool.hosts} />
        </div>
      </div>
      {open === 'edit' ? (
        <PoolDrawer pool={pool} onClose={() => setOpen('')} onSaved={() => setOpen('')} />
      ) : null}
      {removal.dialog}
    </>
  )
}

const Settings = ({ pool }: { pool: Pool }) => (
  <Card title="Settings">
    <dl className="kv">
      <dt>Protocol</dt>
      <dd>{pool.protocol === 'http' ? 'HTTP' : 'HTTPS'}</dd>
      {pool.protocol === 'http' ? null : (
        <>
          <dt>Certificate</dt>
          <dd>{pool.verifyTls ? 'must be trusted' : <Status state="warn">any is taken</Status>}</dd>
        </>
      )}
      <dt>Host header</dt>
      <dd>{pool.preserveHost ? 'the name the visitor asked for' : 'the address of the target'}</dd>
      <dt>Health check</dt>
      <dd>{checkWords(pool.health)}</dd>
    </dl>
  </Card>
)

const UsedBy = ({ hosts }: Pick<Pool, 'hosts'>) => (
  <Card title="Used by" flush>
    {hosts.length === 0 ? (
      <p className="t2 px-4 py-3">
        No host. It can be deleted, or given to a host on the host’s Routing tab.
      </p>
    ) : (
      <ul className="rows">
        {hosts.map((host) => (
          <li key={host.id}>
            <Link className="link cut" to={paths.host(host.id)}>
              {host.name}
            </Link>
          </li>
        ))}
      </ul>
    )}
  </Card>
)
