import type { Revision, revisionView } from '@argos/contract'
import { useState } from 'react'
import type { Output } from '../../api/call.ts'
import { Link } from '../../components/Link.tsx'
import { whoExactly } from '../../lib/actor.ts'
import { paths } from '../../lib/paths.ts'
import { duration } from '../../lib/time.ts'
import { things } from '../../lib/words.ts'
import { Note, Skeleton } from '../../ui/Feedback.tsx'
import { Segmented } from '../../ui/Segmented.tsx'
import { Status } from '../../ui/StateGlyph.tsx'
import { ChangePart, Said } from './ChangePart.tsx'
import { Compare } from './Compare.tsx'
import { CaddyChanges } from './Differences.tsx'
import { type Against, kindWords, outcomeLight, outcomeNote, probeLight } from './words.ts'

interface Props {
  revision: Revision
  /** Its changes and the edge's JSON, once they are here. */
  view: Output<typeof revisionView> | undefined
  /** Why they are not. */
  problem: string | null
  me: string
  near: readonly Revision[]
  against: Against | null
  onAgainst: (against: Against | null) => void
  onUndone: () => void
}

/** One revision: what was said and done, what became of it, the difference in three forms, and whom it touched. */
export function RevisionDetail(props: Props) {
  const { revision, view, problem, me, near, against, onAgainst, onUndone } = props
  const [tab, setTab] = useState<'settings' | 'caddy'>('settings')
  const note = outcomeNote(revision)
  const shown = against === null ? tab : 'compare'
  return (
    <div className="grid gap-4">
      <Said change={revision} me={me} />
      {note === null ? null : (
        <Note tone={note.tone}>
          <b>{note.words}</b> <span className="whitespace-pre-line">{revision.error}</span>
        </Note>
      )}
      <Facts revision={revision} />
      <section className="grid gap-3" aria-label="What changed">
        <div className="row">
          <Segmented
            label="What to show"
            value={shown}
            onChange={(value) => {
              onAgainst(value === 'compare' ? 'now' : null)
              if (value !== 'compare') setTab(value)
            }}
            options={[
              { value: 'settings', label: 'Settings' },
              { value: 'caddy', label: 'Caddy JSON' },
              { value: 'compare', label: 'Compare' },
            ]}
          />
        </div>
        {against !== null ? (
          <Compare number={revision.number} {...{ against, onAgainst, near }} />
        ) : problem !== null ? (
          <p className="t2" role="alert">
            {problem}
          </p>
        ) : view === undefined ? (
          <Skeleton rows={4} />
        ) : tab === 'caddy' ? (
          <CaddyChanges caddy={view.caddy} objects={view.changes.flatMap((change) => change.objects)} />
        ) : view.changes.length === 0 ? (
          <p className="t2">No setting was changed: the edge was brought back to what is saved.</p>
        ) : (
          view.changes.map((change) => (
            <ChangePart
              key={change.generation}
              {...{ change, me, onUndone }}
              titled={view.changes.length > 1}
            />
          ))
        )}
      </section>
      <Hosts revision={revision} untouched={view?.untouched ?? null} />
    </div>
  )
}

function Facts({ revision }: { revision: Revision }) {
  const light = outcomeLight(revision)
  return (
    <dl className="kv">
      <dt>Outcome</dt>
      <dd>
        <Status state={light.state}>{light.words}</Status>
      </dd>
      <dt>By</dt>
      <dd>{whoExactly(revision.actor)}</dd>
      <dt>How</dt>
      <dd>{kindWords[revision.kind]}</dd>
      <dt>Took</dt>
      <dd>{duration(revision.tookMs)}</dd>
    </dl>
  )
}

const shownHosts = 50

function Hosts({ revision: { hosts }, untouched }: { revision: Revision; untouched: number | null }) {
  return (
    <section className="grid gap-2" aria-label="Hosts touched">
      <h3 className="lbl">Hosts touched</h3>
      {hosts.length === 0 ? <p className="t2">None.</p> : null}
      <ul className="grid gap-2">
        {hosts.slice(0, shownHosts).map((host) => {
          const probe = probeLight(host.probe)
          return (
            <li key={host.id}>
              <Link className="link cut block" to={paths.host(host.id)}>
                {host.name}
              </Link>
              <span className="sm t2">
                <Status state={probe.state}>
                  <span className="whitespace-normal">{probe.words}</span>
                </Status>
              </span>
            </li>
          )
        })}
      </ul>
      {hosts.length > shownHosts ? <p className="t3">and {hosts.length - shownHosts} more</p> : null}
      {untouched === null ? null : (
        <p className="t3 sm">
          {untouched === 0 ? 'There is no other host.' : `${things(untouched, 'other host')} untouched`}
        </p>
      )}
    </section>
  )
}
