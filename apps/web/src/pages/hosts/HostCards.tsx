import type { Host } from '@argos/contract'
import { Lock, LockOpen } from 'lucide-react'
import { HostName } from '../../components/HostName.tsx'
import { Link } from '../../components/Link.tsx'
import { accessCell, usePolicies } from '../../components/policies.ts'
import { certificateLight, edgeLight, hostName, type Light, upstreamLight } from '../../lib/host.ts'
import { paths } from '../../lib/paths.ts'
import { StateGlyph, Status } from '../../ui/StateGlyph.tsx'
import { hostState } from '../overview/attention.ts'
import type { Row } from './listing.ts'

/** Phones: one card of two lines for each host. */
export const HostCards = ({ rows, onFold }: { rows: readonly Row[]; onFold: (domain: string) => void }) => (
  <ul className="cards">
    {rows.map((row) =>
      row.kind === 'group' ? (
        <li key={`group ${row.domain}`} className="g">
          <button
            type="button"
            className="row g2"
            aria-expanded={!row.folded}
            onClick={() => onFold(row.domain)}
          >
            <b>{row.domain}</b>
            <span className="t3">{row.hosts.length}</span>
            {row.folded ? <span className="t3 sm">folded</span> : null}
          </button>
        </li>
      ) : (
        <li key={row.host.id} className={row.host.enabled ? '' : 'paused'}>
          <Card host={row.host} />
        </li>
      ),
    )}
  </ul>
)

const loud = ({ state, words }: Light) => (
  <span className={state === 'bad' || state === 'warn' ? state : 't2'}>
    <Status state={state}>{words}</Status>
  </span>
)

function Card({ host }: { host: Host }) {
  const certificate = certificateLight(host)
  const gets = accessCell(host.access, usePolicies().nameOf)
  return (
    <Link to={paths.host(host.id)}>
      <span className="row">
        <StateGlyph state={hostState(host)} />
        <HostName name={hostName(host)} />
        <span className="end sm">{loud(edgeLight(host))}</span>
      </span>
      <span className="row sm g3">
        <span className="st t2">
          {gets.open ? <LockOpen className="t3" /> : <Lock className="t3" />}
          <span className="cut">{gets.words}</span>
        </span>
        {loud(upstreamLight(host))}
        <span className="end">{loud(certificate)}</span>
      </span>
    </Link>
  )
}
