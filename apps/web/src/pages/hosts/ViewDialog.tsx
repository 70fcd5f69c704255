import type { SavedView } from '@argos/contract'
import { useRef, useState } from 'react'
import { Refusal } from '../../components/Refusal.tsx'
import { useSubmit } from '../../hooks/submit.ts'
import { Button } from '../../ui/Button.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { Field, Input } from '../../ui/Field.tsx'
import { saveView } from './use-views.ts'

interface Props {
  /** The view to rename; null saves these filters as a new one. */
  view: SavedView | null
  /** The filters to keep. */
  query: string
  onSaved: (view: SavedView) => void
  onClose: () => void
}

/** Gives filters a name, or another one. */
export function ViewDialog({ view, query, onSaved, onClose }: Props) {
  const form = useRef<HTMLDivElement>(null)
  const first = useRef<HTMLInputElement>(null)
  const [name, setName] = useState(view?.name ?? '')
  const submit = useSubmit(form)
  const empty = name.trim() === ''
  const save = async () => {
    const wish = view === null ? { name, query } : { id: view.id, name, query: view.query }
    onSaved(await saveView(wish))
    onClose()
  }
  return (
    <Dialog
      open
      onClose={onClose}
      initialFocus={first}
      title={view === null ? 'Save this view' : `Rename ${view.name}`}
      lead={
        view === null ? 'The search, filters, sorting and grouping you see now. Only you see it.' : undefined
      }
      onSubmit={empty ? () => undefined : () => void submit.run(save)}
      footer={
        <>
          <Button className="end" onClick={onClose}>
            Cancel
          </Button>
          <Button kind="primary" type="submit" busy={submit.busy} disabledReason={empty && 'Give it a name.'}>
            {view === null ? 'Save view' : 'Rename'}
          </Button>
        </>
      }
    >
      <div ref={form} className="grid gap-4">
        <Refusal problem={submit.problem} shows={(path) => path === 'name'} />
        <Field label="Name" error={submit.field('name')}>
          <Input
            ref={first}
            size="md"
            maxLength={40}
            value={name}
            onChange={(event) => {
              setName(event.target.value)
              submit.edited('name')
            }}
          />
        </Field>
      </div>
    </Dialog>
  )
}
