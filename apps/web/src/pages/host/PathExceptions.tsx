import type { Policy } from '@argos/contract'
import { Plus, X } from 'lucide-react'
import { sentIndex } from '../../lib/forms.ts'
import { Button, IconButton } from '../../ui/Button.tsx'
import { Field, Input } from '../../ui/Field.tsx'
import { Select } from '../../ui/Select.tsx'
import type { Guarded } from './access-form.ts'

interface Props {
  paths: Guarded['paths']
  policies: readonly Policy[]
  onChange: (paths: Guarded['paths']) => void
  /** What is wrong at a path of the host. */
  error: (path: string) => string | undefined
}

/** Where others get in than into the rest of the host. Each stands here; nothing else is an exception. */
export function PathExceptions({ paths, policies, onChange, error }: Props) {
  const change = (i: number, patch: Partial<Guarded['paths'][number]>) =>
    onChange(paths.map((one, at) => (at === i ? { ...one, ...patch } : one)))
  const typed = paths.map(({ path }) => path)
  const wrong = (i: number, field: string) => {
    const at = sentIndex(typed, i)
    return at === null ? undefined : error(`access.paths.${at}.${field}`)
  }
  return (
    <div className="grid gap-3">
      <p className="t2">
        {paths.length === 0
          ? 'None: the policy holds for every path.'
          : 'Each holds for its path and everything below it; the longest path decides.'}
      </p>
      {paths.length === 0 ? null : (
        <ol className="exceptions">
          {paths.map((one, i) => (
            <li key={i}>
              <Field label="Path" error={wrong(i, 'path')}>
                <Input
                  mono
                  placeholder="/share/"
                  value={one.path}
                  onChange={(event) => change(i, { path: event.target.value })}
                />
              </Field>
              <Field label="Who gets in there" error={wrong(i, 'access')}>
                <Select
                  value={one.access}
                  onChange={(access) => change(i, { access })}
                  options={[
                    { value: 'public', label: 'Everyone', hint: 'Nobody is asked to sign in.' },
                    ...policies.map(({ id, name, sentence }) => ({ value: id, label: name, hint: sentence })),
                  ]}
                />
              </Field>
              <IconButton
                label={`Remove the exception ${one.path || i + 1}`}
                icon={<X />}
                onClick={() => onChange(paths.filter((_, at) => at !== i))}
              />
            </li>
          ))}
        </ol>
      )}
      <div>
        <Button
          size="sm"
          icon={<Plus />}
          onClick={() => onChange([...paths, { path: '', access: 'public' }])}
        >
          Add an exception
        </Button>
      </div>
    </div>
  )
}
