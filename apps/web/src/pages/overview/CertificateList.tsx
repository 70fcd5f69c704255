import type { Host } from '@argos/contract'
import { HostName } from '../../components/HostName.tsx'
import { Link } from '../../components/Link.tsx'
import { certificateLight, hostName } from '../../lib/host.ts'
import { paths } from '../../lib/paths.ts'
import { Card } from '../../ui/Page.tsx'
import { StateGlyph } from '../../ui/StateGlyph.tsx'

const shown = 6
const order = ['bad', 'warn', 'busy', 'unknown', 'ok']

/** The certificates that end first, those in trouble before them. */
export function CertificateList({ hosts }: { hosts: readonly Host[] }) {
  const rows = hosts
    .filter((h) => h.enabled && h.tls !== 'none')
    .map((host) => ({
      host,
      light: certificateLight(host),
      end: host.state.certificate.notAfter ?? Infinity,
    }))
    .toSorted((a, b) => order.indexOf(a.light.state) - order.indexOf(b.light.state) || a.end - b.end)
  return (
    <Card
      title="Certificates"
      flush
      aside={
        rows.length <= shown ? undefined : (
          <Link className="link sm" to={paths.hosts({ sort: 'tls', group: 'none' })}>
            All {rows.length}
          </Link>
        )
      }
    >
      <ul className="rows slim">
        {rows.slice(0, shown).map(({ host, light }) => (
          <li key={host.id}>
            <StateGlyph state={light.state} />
            <Link className="cut" to={paths.hostTab(host.id, 'tls')}>
              <HostName name={hostName(host)} />
            </Link>
            <span
              className={`end nowrap ${light.state === 'bad' || light.state === 'warn' ? light.state : 't2'}`}
            >
              {light.words}
            </span>
          </li>
        ))}
      </ul>
    </Card>
  )
}
