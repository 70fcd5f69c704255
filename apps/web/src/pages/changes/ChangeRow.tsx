import type { Revision } from '@argos/contract'
import { FeedLine } from '../../components/feed/FeedLine.tsx'
import { Link } from '../../components/Link.tsx'
import { paths } from '../../lib/paths.ts'
import { StateGlyph } from '../../ui/StateGlyph.tsx'
import { outcomeLight, probeLight } from './words.ts'

interface Props {
  revision: Revision
  me: string
  onOpen: () => void
}

const shownHosts = 4

/** One revision: who did what, what became of it, and how its hosts answered after it. */
export function ChangeRow({ revision, me, onOpen }: Props) {
  const { number, words, hosts, error, at, tookMs, actor } = revision
  return (
    <FeedLine
      name={`r${number}`}
      {...{ actor, words, me, at, tookMs, error, onOpen }}
      outcome={outcomeLight(revision)}
    >
      {hosts.length === 0 ? null : (
        <p className="sub">
          {hosts.slice(0, shownHosts).map((host) => (
            <Touched key={host.id} host={host} />
          ))}
          {hosts.length > shownHosts ? (
            <span className="t3">and {hosts.length - shownHosts} more hosts</span>
          ) : null}
        </p>
      )}
    </FeedLine>
  )
}

/** A host and how it answered; a probe that was not made is not shown as one. */
function Touched({ host }: { host: Revision['hosts'][number] }) {
  const probe = probeLight(host.probe)
  return (
    <span className="touched">
      <Link className="above drill" to={paths.host(host.id)}>
        {host.name}
      </Link>
      {host.probe === null ? null : (
        <span className="t3">
          <StateGlyph state={probe.state} size={8} /> {probe.words}
        </span>
      )}
    </span>
  )
}
