import { usePending } from '../../components/dock/pending.ts'
import { theOneBefore, thisOne } from '../../components/dock/words.ts'
import { ButtonLink } from '../../components/Link.tsx'
import { driftedWhat } from '../../lib/host.ts'
import { paths } from '../../lib/paths.ts'
import { things } from '../../lib/words.ts'
import { useHosts, useSystem } from '../../shell/status.ts'
import { Note } from '../../ui/Feedback.tsx'
import { StateGlyph } from '../../ui/StateGlyph.tsx'
import { Words } from '../../ui/Words.tsx'

/** What stands between saved and live, while there is such a thing: a change that waits, an edge that is away, hand edits. */
export function GoingLive() {
  const status = useSystem().data
  const waiting = usePending().data
  const hosts = useHosts().data?.hosts ?? []
  if (status === undefined) return null
  const { edge } = status
  return (
    <div className="grid gap-2 mb-3 empty:hidden" role="status">
      <OnItsWay status={status} waiting={waiting} />
      {edge.drifted === 0 ? null : (
        <Note
          tone="warn"
          actions={
            <ButtonLink size="sm" to={paths.drift()}>
              Look at it
            </ButtonLink>
          }
        >
          <b>Somebody changed {driftedWhat(edge, hosts)} at the edge by hand.</b> It stays as it is until you
          put it back or adopt it.
        </Note>
      )}
    </div>
  )
}

interface Props {
  status: NonNullable<ReturnType<typeof useSystem>['data']>
  waiting: ReturnType<typeof usePending>['data']
}

function OnItsWay({ status: { edge, generations }, waiting }: Props) {
  if (generations.inSync) return null
  const said = generations.lastError === null ? null : <Words text={generations.lastError} />
  if (edge.state === 'unreachable')
    return (
      <Note tone="bad" icon={<StateGlyph state="bad" />}>
        <b>The edge does not answer.</b> Hosts it serves stay as they were; what is saved goes live when it is
        back. {said}
      </Note>
    )
  if (waiting?.pending) {
    const { queued, pending } = waiting
    return (
      <Note icon={<StateGlyph state="watching" />}>
        <b>{pending.revision === null ? 'A change' : thisOne(pending)} waits to be kept.</b> Without an answer{' '}
        {theOneBefore(pending)} comes back by itself.{' '}
        {queued === 0
          ? null
          : `${things(queued, 'change')} saved since ${queued === 1 ? 'goes' : 'go'} live after it.`}
      </Note>
    )
  }
  return (
    <Note icon={<StateGlyph state="busy" />}>
      <b>Something is saved and goes live.</b> {said}
    </Note>
  )
}
