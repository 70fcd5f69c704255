import { useSystem } from '../../shell/status.ts'
import { Note } from '../../ui/Feedback.tsx'
import { StateGlyph } from '../../ui/StateGlyph.tsx'
import { Words } from '../../ui/Words.tsx'

/** What is saved and not live yet, while there is such a thing. */
export function GoingLive() {
  const status = useSystem().data
  if (status === undefined || status.generations.inSync) return null
  const { edge, generations } = status
  const away = edge.state === 'unreachable'
  return (
    <div className="mb-3" role="status">
      <Note tone={away ? 'bad' : 'plain'} icon={<StateGlyph state={away ? 'bad' : 'busy'} />}>
        <b>{away ? 'The edge does not answer.' : 'Something is saved and goes live.'}</b>{' '}
        {away ? 'Hosts it serves stay as they were; what is saved goes live when it is back. ' : null}
        {generations.lastError === null ? null : <Words text={generations.lastError} />}
      </Note>
    </div>
  )
}
