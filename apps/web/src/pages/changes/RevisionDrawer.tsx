import { type Revision, revisionList } from '@argos/contract'
import { useQuery } from '@tanstack/react-query'
import { query } from '../../api/query.ts'
import { Link } from '../../components/Link.tsx'
import { sentence, whoExactly } from '../../lib/actor.ts'
import { paths } from '../../lib/paths.ts'
import { duration, moment } from '../../lib/time.ts'
import { count } from '../../lib/words.ts'
import { Drawer } from '../../ui/Dialog.tsx'
import { Empty, ErrorState, Note, Skeleton } from '../../ui/Feedback.tsx'
import { Status } from '../../ui/StateGlyph.tsx'
import { kindWords, outcomeLight, probeLight } from './words.ts'

interface Props {
  number: number
  /** The row, when the list has it already. */
  known: Revision | undefined
  me: string
  onClose: () => void
}

/** One revision, from the list or by its address. */
export function RevisionDrawer({ number, known, me, onClose }: Props) {
  const asked = useQuery({
    ...query(revisionList, { query: { before: number + 1, limit: 1 } }),
    enabled: known === undefined && Number.isSafeInteger(number),
    placeholderData: () => undefined,
  })
  const found = known ?? asked.data?.revisions.find((revision) => revision.number === number)
  return (
    <Drawer open narrow onClose={onClose} title={`r${number}`} lead={found ? moment(found.at) : undefined}>
      {found ? (
        <Detail revision={found} me={me} />
      ) : asked.isError ? (
        <ErrorState
          title="The change could not be loaded"
          error={asked.error}
          onRetry={() => void asked.refetch()}
        />
      ) : asked.isFetching ? (
        <Skeleton rows={5} />
      ) : (
        <Empty title={`There is no r${number}`}>Revisions are numbered as they go live.</Empty>
      )}
    </Drawer>
  )
}

function Detail({ revision, me }: { revision: Revision; me: string }) {
  const light = outcomeLight(revision)
  return (
    <div className="grid gap-4">
      <ul className="grid gap-1">
        {revision.words.map((words, i) => {
          const said = sentence(revision.actor, words, me)
          return (
            <li key={i}>
              <b>{said.who}</b> {said.does}
            </li>
          )
        })}
      </ul>
      {revision.error === null ? null : (
        <Note tone="bad">
          <span className="whitespace-pre-line">{revision.error}</span>
        </Note>
      )}
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
        <dt>Generation</dt>
        <dd>{count(revision.generation)}</dd>
      </dl>
      <section className="grid gap-2" aria-label="Hosts touched">
        <h3 className="lbl">Hosts touched</h3>
        {revision.hosts.length === 0 ? <p className="t2">None.</p> : null}
        <ul className="grid gap-2">
          {revision.hosts.map((host) => {
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
      </section>
    </div>
  )
}
