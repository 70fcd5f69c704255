import type { Revision } from '@argos/contract'
import { Link } from '../../components/Link.tsx'
import { sentence } from '../../lib/actor.ts'
import { clock } from '../../lib/days.ts'
import { paths } from '../../lib/paths.ts'
import { duration, moment } from '../../lib/time.ts'
import { StateGlyph } from '../../ui/StateGlyph.tsx'
import { outcomeLight, probeLight } from './words.ts'

interface Props {
  revision: Revision
  me: string
  onOpen: () => void
}

const shownWords = 3
const shownHosts = 4

/** One revision: who did what, what became of it, and how its hosts answered after it. */
export function ChangeRow({ revision, me, onOpen }: Props) {
  const { number, words, hosts, error, at, tookMs, actor } = revision
  const light = outcomeLight(revision)
  const [first = 'Changed the edge', ...more] = words
  const said = sentence(actor, first, me)
  return (
    <li>
      <span className="no t3">r{number}</span>
      <div className="what">
        <button type="button" className="opens" aria-haspopup="dialog" onClick={onOpen}>
          <StateGlyph state={light.state} label={light.words} />
          <span>
            {said.who === '' ? null : <b>{said.who} </b>}
            {said.does}
            <span className="sr">, r{number}</span>
          </span>
        </button>
        {more.length === 0 ? null : (
          <ul className="pl-4 t2">
            {more.slice(0, shownWords - 1).map((word) => (
              <li key={word}>{word}</li>
            ))}
            {more.length >= shownWords ? (
              <li className="t3">and {more.length - shownWords + 1} more</li>
            ) : null}
          </ul>
        )}
        {error === null ? null : (
          <p className="pl-4 bad sm whitespace-pre-line">
            <b>{light.words}:</b> {error}
          </p>
        )}
        {hosts.length === 0 ? null : (
          <p className="sub pl-4">
            {hosts.slice(0, shownHosts).map((host) => (
              <Touched key={host.id} host={host} />
            ))}
            {hosts.length > shownHosts ? (
              <span className="t3">and {hosts.length - shownHosts} more hosts</span>
            ) : null}
          </p>
        )}
      </div>
      <span className="when" title={moment(at)}>
        <span className="took">{duration(tookMs)}</span>
        <time dateTime={new Date(at).toISOString()}>{clock(at)}</time>
      </span>
    </li>
  )
}

/** A host and how it answered; a probe that was not made is not shown as one. */
export function Touched({ host }: { host: Revision['hosts'][number] }) {
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
