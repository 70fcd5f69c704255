import type { AuditEntry } from '@argos/contract'
import { sentence } from '../../lib/actor.ts'
import { clock } from '../../lib/days.ts'
import { moment } from '../../lib/time.ts'

interface Props {
  entry: AuditEntry
  me: string
  onOpen: () => void
}

/** One sentence and where it came from. */
export function AuditRow({ entry, me, onOpen }: Props) {
  const said = sentence(entry.actor, entry.words, me)
  return (
    <>
      <time className="no t3 sm" dateTime={new Date(entry.at).toISOString()} title={moment(entry.at)}>
        {clock(entry.at)}
      </time>
      <button type="button" className="what opens" aria-haspopup="dialog" onClick={onOpen}>
        <span>
          {said.who === '' ? null : <b>{said.who} </b>}
          {said.does}
          <span className="phone-only t3 sm"> · {clock(entry.at)}</span>
        </span>
      </button>
      <span className="when">{entry.address === null ? 'on the machine' : <code>{entry.address}</code>}</span>
    </>
  )
}
