import type { SystemStatus } from '@argos/contract'
import { usePending } from '../../components/dock/pending.ts'
import { Link } from '../../components/Link.tsx'
import { Ago } from '../../components/Time.tsx'
import { hostName, type Light } from '../../lib/host.ts'
import { paths } from '../../lib/paths.ts'
import { count, things } from '../../lib/words.ts'
import { useHosts } from '../../shell/status.ts'
import { Note } from '../../ui/Feedback.tsx'
import { Card } from '../../ui/Page.tsx'
import { Status } from '../../ui/StateGlyph.tsx'
import { Words } from '../../ui/Words.tsx'
import { bootWords, edgeWords, listenerWords } from './words.ts'

/** The edge as it last said of itself; what it did not say is not known. */
export function EdgeCard({ status, unknown }: { status: SystemStatus; unknown: boolean }) {
  const { edge, ports } = status
  const waits = Boolean(usePending().data?.pending)
  const light = edgeWords(status, waits)
  return (
    <Card
      title="Edge"
      aside={<Status state={unknown ? 'unknown' : light.state}>{unknown ? 'not known' : light.words}</Status>}
    >
      <div className="grid gap-3">
        {edge.problem === null || edge.state === 'behind' ? null : (
          <Note tone="bad">
            <Words text={edge.problem} />
          </Note>
        )}
        <Failed failed={edge.failed} />
        <dl className="kv">
          <dt>Version</dt>
          <dd>
            {edge.version ?? <Unknown />}
            {edge.caddy === null ? null : `, on Caddy ${edge.caddy.replace(/^v/, '')}`}
          </dd>
          <dt>Started</dt>
          <dd>
            {edge.startedAt === null ? <Unknown /> : <Ago at={edge.startedAt} />}
            {edge.pid === null ? null : `, process ${edge.pid}`}
          </dd>
          <dt>Began with</dt>
          <dd>{edge.bootedFrom === null ? <Unknown /> : bootWords(edge.bootedFrom)}</dd>
          <dt>Open requests</dt>
          <dd>{edge.openRequests === null ? <Unknown /> : count(edge.openRequests)}</dd>
          <dt>Listens on</dt>
          <dd>
            {edge.listeners.length === 0 ? <Unknown /> : null}
            <ul>
              {edge.listeners.map((listener) => {
                const { address, kind } = listenerWords(listener)
                return (
                  <li key={listener}>
                    <code>{address}</code> <span className="t3">{kind}</span>
                  </li>
                )
              })}
            </ul>
          </dd>
          <dt>Ports</dt>
          <dd>
            {ports.http} for HTTP, {ports.https} for HTTPS, {ports.panel} for the panel
          </dd>
        </dl>
      </div>
    </Card>
  )
}

const Unknown = () => <Status state="unknown">not known</Status>

/** Hosts the edge could not start, by name. */
function Failed({ failed }: Pick<SystemStatus['edge'], 'failed'>) {
  const hosts = useHosts().data?.hosts ?? []
  if (failed.length === 0) return null
  return (
    <ul className="grid gap-2" aria-label="Not started">
      {failed.map(({ hostId, reason }) => {
        const host = hosts.find((h) => h.id === hostId)
        return (
          <li key={hostId}>
            <Note tone="bad">
              {host ? (
                <Link className="link" to={paths.host(host.id)}>
                  {hostName(host)}
                </Link>
              ) : (
                <b>Something the edge was given</b>
              )}{' '}
              could not be started: {reason}
            </Note>
          </li>
        )
      })}
    </ul>
  )
}

/** Three lights, never one: saved, live at the edge, and what stands between them. */
export function GenerationsCard({ status: { generations, edge } }: { status: SystemStatus }) {
  const waiting = usePending().data
  const pending = waiting?.pending ?? null
  const light: Light =
    pending !== null
      ? { state: 'watching', words: 'waits' }
      : generations.inSync
        ? { state: 'ok', words: 'the same' }
        : { state: 'busy', words: 'going live' }
  return (
    <Card title="Saved and live" aside={<Status state={light.state}>{light.words}</Status>}>
      <div className="grid gap-3">
        {generations.lastError === null ? null : (
          <Note tone="bad">
            <b>The edge would not take it.</b> <Words text={generations.lastError} />
          </Note>
        )}
        <dl className="kv">
          <dt>Saved</dt>
          <dd>generation {count(generations.saved)}</dd>
          <dt>Live</dt>
          <dd>generation {count(generations.applied)}</dd>
          <dt>Last change</dt>
          <dd>
            {generations.lastRevision === null ? 'none yet' : <Revision number={generations.lastRevision} />}
          </dd>
          <dt>To be kept</dt>
          <dd>
            {pending === null ? (
              'nothing waits'
            ) : (
              <>
                {pending.revision === null ? 'a change' : <Revision number={pending.revision} />} waits
                {waiting && waiting.queued > 0 ? `, ${things(waiting.queued, 'change')} behind it` : null}
              </>
            )}
          </dd>
          <dt>By hand</dt>
          <dd>
            {edge.state === 'unreachable' ? (
              <Unknown />
            ) : edge.drifted === 0 ? (
              'nobody changed the edge'
            ) : (
              <Link className="link" to={paths.drift()}>
                {things(edge.drifted, 'thing')} changed at the edge
              </Link>
            )}
          </dd>
        </dl>
      </div>
    </Card>
  )
}

const Revision = ({ number }: { number: number }) => (
  <Link className="link" to={paths.changes({ open: String(number) })}>
    r{number}
  </Link>
)
