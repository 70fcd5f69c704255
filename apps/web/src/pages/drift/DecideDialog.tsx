import { type DriftObject, driftAdopt, driftReapply } from '@argos/contract'
import { useRef } from 'react'
import { call } from '../../api/call.ts'
import { refreshAll } from '../../components/dock/pending.ts'
import { Refusal } from '../../components/Refusal.tsx'
import { announceSaved, undoOf } from '../../components/saved.ts'
import { useSubmit } from '../../hooks/submit.ts'
import { things } from '../../lib/words.ts'
import { Button } from '../../ui/Button.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { effectOf, type Verb } from './words.ts'

interface Props {
  verb: Verb
  objects: readonly DriftObject[]
  onClose: () => void
}

const shown = 20
/** The panel takes so many by name; more are all there are. */
const named = 10_000

/** The last word before it is done: each thing, and who feels it. */
export function DecideDialog({ verb, objects, onClose }: Props) {
  const at = useRef<HTMLDivElement>(null)
  const submit = useSubmit(at)
  const [first] = objects
  const what = objects.length === 1 ? (first?.name ?? '') : things(objects.length, 'thing')
  const body = objects.length > named ? {} : { objects: objects.map(({ kind, id }) => ({ kind, id })) }
  const apply = async () => {
    if (verb === 'adopt') {
      const { saved } = await call(driftAdopt, { body })
      void announceSaved(saved, `Adopted ${what}`, undoOf(saved))
    } else {
      const { saved } = await call(driftReapply, { body })
      void announceSaved(saved, `Put ${what} back`)
    }
    await refreshAll()
    onClose()
  }
  return (
    <Dialog
      open
      onClose={onClose}
      title={verb === 'adopt' ? `Adopt ${what}?` : `Put ${what} back?`}
      lead={
        verb === 'adopt'
          ? 'What is at the edge becomes what the panel has. Undo is in Changes.'
          : 'What somebody changed at the edge by hand is lost there.'
      }
      footer={
        <>
          <span className="grow" />
          <Button onClick={onClose}>Leave it for now</Button>
          <Button kind="primary" busy={submit.busy} onClick={() => void submit.run(apply)}>
            {verb === 'adopt' ? 'Adopt' : 'Put back'}
          </Button>
        </>
      }
    >
      <div ref={at} className="grid gap-3">
        <Refusal problem={submit.problem} shows={() => false} />
        <ul className="grid gap-2">
          {objects.slice(0, shown).map((object) => (
            <li key={`${object.kind} ${object.id}`}>
              <b>{object.name}</b> <span className="t2">{effectOf(verb, object)}</span>
            </li>
          ))}
          {objects.length > shown ? <li className="t3">and {objects.length - shown} more</li> : null}
        </ul>
      </div>
    </Dialog>
  )
}
