import { domainCheck } from '@argos/contract'
import { useQuery } from '@tanstack/react-query'
import { ApiError, call } from '../api/call.ts'
import { useDebounced } from '../hooks/debounced.ts'
import { Field, Input } from '../ui/Field.tsx'
import { StateGlyph } from '../ui/StateGlyph.tsx'

export interface DomainInputProps {
  label: string
  value: string
  onChange: (value: string) => void
  hint?: React.ReactNode
  error?: string | undefined
  autoFocus?: boolean
}

/** A name, checked in DNS while it is typed; what was found stands inside the field. */
export function DomainInput({ label, value, onChange, hint, error, autoFocus = false }: DomainInputProps) {
  const name = useDebounced(value.trim())
  const check = useQuery({
    queryKey: [domainCheck.id, name],
    queryFn: ({ signal }) => call(domainCheck, { body: { name } }, signal),
    enabled: name.includes('.'),
    retry: false,
    // A result belongs to the name it was asked for; the one before must not stand in.
    placeholderData: () => undefined,
  })
  const waiting = check.isFetching || name !== value.trim()
  const refused =
    check.error instanceof ApiError ? (check.error.field('name') ?? check.error.message) : undefined
  return (
    <Field
      label={label}
      error={error ?? (waiting ? undefined : refused)}
      hint={check.data?.ok === false ? check.data.message : hint}
    >
      <Input
        mono
        inputMode="url"
        placeholder="argos.home.example"
        autoFocus={autoFocus}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        after={
          <span className="said" aria-live="polite">
            {!name.includes('.') ? null : waiting ? (
              <>
                <StateGlyph state="busy" /> checking
              </>
            ) : check.data ? (
              <>
                <StateGlyph state={check.data.ok ? 'ok' : 'warn'} />{' '}
                {check.data.ok ? 'points here' : 'does not point here'}
              </>
            ) : null}
          </span>
        }
      />
    </Field>
  )
}
