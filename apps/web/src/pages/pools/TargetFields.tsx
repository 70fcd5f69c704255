import { Plus, X } from 'lucide-react'
import type { ClipboardEvent } from 'react'
import type { Submit } from '../../hooks/submit.ts'
import { Button, IconButton } from '../../ui/Button.tsx'
import { Switch } from '../../ui/Choice.tsx'
import { Field, Input } from '../../ui/Field.tsx'
import { emptyTarget, type PoolDraft, parsePasted, type TargetDraft } from './draft.ts'

interface Props {
  draft: PoolDraft
  edit: (patch: Partial<PoolDraft>) => void
  submit: Pick<Submit, 'field' | 'edited'>
}

/** The targets of a pool, one row each. A whole URL pasted into an address fills the row. */
export function TargetFields({ draft, edit, submit }: Props) {
  const { targets } = draft
  const change = (i: number, patch: Partial<TargetDraft>, rest: Partial<PoolDraft> = {}) => {
    for (const name of Object.keys(patch)) submit.edited(`targets.${i}.${name}`)
    edit({ targets: targets.map((target, at) => (at === i ? { ...target, ...patch } : target)), ...rest })
  }
  const paste = (i: number) => (event: ClipboardEvent) => {
    const parts = parsePasted(event.clipboardData.getData('text'))
    if (parts === null) return
    event.preventDefault()
    const { address, port, protocol } = parts
    // The scheme is the pool's: only the first target of a new list decides it.
    const rest = protocol !== null && targets.length === 1 ? { protocol } : {}
    change(i, port === null ? { address } : { address, port }, rest)
  }
  return (
    <fieldset className="grid gap-2">
      <legend className="lbl mb-1.5">Targets</legend>
      <ol className="targets">
        {targets.map((target, i) => (
          <li key={target.key}>
            <Field label="Address" error={submit.field(`targets.${i}.address`)}>
              <Input
                mono
                inputMode="url"
                placeholder="192.0.2.31"
                value={target.address}
                onPaste={paste(i)}
                onChange={(event) => change(i, { address: event.target.value })}
              />
            </Field>
            <Field label="Port" error={submit.field(`targets.${i}.port`)}>
              <Input
                mono
                inputMode="numeric"
                placeholder="8096"
                value={target.port}
                onChange={(event) => change(i, { port: event.target.value })}
              />
            </Field>
            <Field label="Weight" error={submit.field(`targets.${i}.weight`)}>
              <Input
                inputMode="numeric"
                value={target.weight}
                onChange={(event) => change(i, { weight: event.target.value })}
              />
            </Field>
            <span className="use">
              <Switch
                label={target.enabled ? 'on' : 'off'}
                name={`Target ${i + 1} takes requests`}
                checked={target.enabled}
                onChange={(enabled) => change(i, { enabled })}
              />
              <IconButton
                size="sm"
                label={`Remove target ${i + 1}`}
                icon={<X />}
                disabledReason={targets.length === 1 && 'A pool needs at least one target.'}
                onClick={() => edit({ targets: targets.filter((_, at) => at !== i) })}
              />
            </span>
          </li>
        ))}
      </ol>
      {submit.field('targets') === undefined ? null : <p className="wrongtext">{submit.field('targets')}</p>}
      <div className="row wrap g3">
        <Button
          size="sm"
          icon={<Plus />}
          onClick={() =>
            edit({ targets: [...targets, emptyTarget(Math.max(...targets.map((t) => t.key)) + 1)] })
          }
        >
          Add target
        </Button>
        <span className="hint">
          A whole URL can be pasted. A weight of 2 gets twice the requests of a weight of 1.
        </span>
      </div>
    </fieldset>
  )
}
