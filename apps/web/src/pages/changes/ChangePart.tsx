import type { Change } from '@argos/contract'
import { Undo2 } from 'lucide-react'
import { useReview } from '../../components/review.ts'
import { sentence } from '../../lib/actor.ts'
import { moment } from '../../lib/time.ts'
import { Button } from '../../ui/Button.tsx'
import { Words } from '../../ui/Words.tsx'
import { Objects } from './Differences.tsx'

interface Props {
  change: Change
  me: string
  /** Whether who and what must be said here, as it is one of several. */
  titled: boolean
  /** It was undone: whatever shows it gives way to the dock and the toast. */
  onUndone: () => void
}

/** One saved change, object by object, and the way back of exactly this one, or why there is none. */
export function ChangePart({ change, me, titled, onUndone }: Props) {
  const review = useReview()
  const { generation, words, objects, noUndo } = change
  return (
    <section className="grid gap-2" aria-label={words.join('. ')}>
      {titled ? <Said change={change} me={me} /> : null}
      <Objects objects={objects} />
      <div className="row wrap g3">
        {noUndo === null ? (
          <Button
            size="sm"
            icon={<Undo2 />}
            onClick={() => review({ intent: { kind: 'undo', generation } }, { applied: onUndone })}
          >
            Undo this change…
          </Button>
        ) : (
          <p className="t2 sm">
            <b>It cannot be undone.</b> <Words text={noUndo} />
          </p>
        )}
      </div>
    </section>
  )
}

/** Each sentence of a change, with who did it, and when. */
export function Said({ change, me }: { change: Pick<Change, 'actor' | 'words' | 'at'>; me: string }) {
  return (
    <ul title={moment(change.at)}>
      {change.words.map((words) => {
        const said = sentence(change.actor, words, me)
        return (
          <li key={words}>
            {said.who === '' ? null : <b>{said.who} </b>}
            {said.does}
          </li>
        )
      })}
    </ul>
  )
}
