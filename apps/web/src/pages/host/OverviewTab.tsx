import { type Host, revisionList } from '@argos/contract'
import { useQuery } from '@tanstack/react-query'
import { query } from '../../api/query.ts'
import { Link } from '../../components/Link.tsx'
import { usePolicies } from '../../components/policies.ts'
import { RevisionRows } from '../../components/RevisionRows.tsx'
import { Ago } from '../../components/Time.tsx'
import { certificateLight, edgeLight, publicUrl, upstreamLight } from '../../lib/host.ts'
import { paths } from '../../lib/paths.ts'
import { useSystem } from '../../shell/status.ts'
import { Skeleton } from '../../ui/Feedback.tsx'
import { Card } from '../../ui/Page.tsx'
import { StateGlyph } from '../../ui/StateGlyph.tsx'
import { whoGetsIn } from './access-form.ts'
import { Labels } from './Labels.tsx'
import { Targets } from './Targets.tsx'

/** The three lights, the names, what went live lately; beside them the targets. */
export function OverviewTab({ host }: { host: Host }) {
  const revisions = useQuery(query(revisionList, { query: { host: host.id, limit: 5 } }))
  const ports = useSystem().data?.ports
  const policies = usePolicies()
  return (
    <div className="cols">
      <div className="c8 grid gap-4">
        <Card title="From saved to answered" flush>
          <Lights host={host} />
        </Card>
        <Card title="Names" flush>
          <ul className="rows slim">
            {host.domains.map((name) => {
              const url = publicUrl(name, host.tls, ports)
              return (
                <li key={name}>
                  {url === null ? (
                    <code>{name}</code>
                  ) : (
                    <a className="link" href={url} target="_blank" rel="noreferrer">
                      {url}
                    </a>
                  )}
                  {url === null ? <span className="t3 sm">every name one step below</span> : null}
                </li>
              )
            })}
          </ul>
        </Card>
        <Card
          title="Changes"
          flush
          aside={
            <Link className="link sm" to={paths.hostTab(host.id, 'history')}>
              History
            </Link>
          }
        >
          {revisions.data ? (
            <RevisionRows revisions={revisions.data.revisions} empty="Nothing of this host went live yet." />
          ) : revisions.isError ? (
            <p className="t2 p-4">{revisions.error.message}</p>
          ) : (
            <div className="px-4">
              <Skeleton rows={3} />
            </div>
          )}
        </Card>
      </div>
      <div className="c4 grid gap-4">
        <Card
          title="Upstreams"
          aside={
            <Link className="link sm" to={paths.pool(host.poolId)}>
              {host.poolName}
            </Link>
          }
        >
          <Targets targets={host.state.targets} />
        </Card>
        <Card
          title="Who gets in"
          aside={
            <Link className="link sm" to={paths.hostTab(host.id, 'access')}>
              Change
            </Link>
          }
        >
          <p>{whoGetsIn(host.access, policies.of)}</p>
        </Card>
        <Labels host={host} />
      </div>
    </div>
  )
}

function Lights({ host }: { host: Host }) {
  const certificate = certificateLight(host)
  const rows = [
    { id: 'saved', name: 'Saved', state: 'ok' as const, says: <Ago at={host.updatedAt} /> },
    { id: 'edge', name: 'At the edge', state: edgeLight(host).state, says: edgeLight(host).words },
    { id: 'upstream', name: 'Upstream', state: upstreamLight(host).state, says: upstreamLight(host).words },
    {
      id: 'certificate',
      name: 'Certificate',
      state: certificate.state,
      says: certificate.state === 'ok' ? `${certificate.words} left` : certificate.words,
    },
  ]
  return (
    <ul className="rows slim lit">
      {rows.map((row) => (
        <li key={row.id}>
          <StateGlyph state={row.state} />
          <b>{row.name}</b>
          <span className={`end ${row.state === 'bad' || row.state === 'warn' ? row.state : 't2'}`}>
            {row.says}
          </span>
        </li>
      ))}
    </ul>
  )
}
