import { domainCheck } from '@argos/contract'
import { useQuery } from '@tanstack/react-query'
import { ApiError, call } from '../api/call.ts'
import { useDebounced } from '../hooks/debounced.ts'
import { Field, Input } from '../ui/Field.tsx'
import { StateGlyph } from '../ui/StateGlyph.tsx'

export interface DomainInputProps {
  label: React.ReactNode
  value: string
  onChange: (value: string) => void
  hint?: React.ReactNode
  error?: string | undefined
  autoFocus?: boolean
  placeholder?: string | undefined
  /** The host that may hold the name already, so that its own names do not count as taken. */
  hostId?: string | undefined
  /** A name that is in use here already, which needs no check. */
  own?: string | undefined
  /** Buttons at the right of the label. */
  aside?: React.ReactNode
}

/** A name, checked in DNS while it is typed; what was found stands inside the field. */
export function DomainInput({
  label,
  value,
  onChange,
  hint,
  error,
  autoFocus = false,
  placeholder = 'argos.home.example',
  hostId,
  own,
  aside,
}: DomainInputProps) {
  const name = useDebounced(value.trim())
  const check = useQuery({
    queryKey: [domainCheck.id, name, hostId],
    queryFn: ({ signal }) =>
      call(domainCheck, { body: hostId === undefined ? { name } : { name, hostId } }, signal),
    enabled: name.includes('.') && name !== own,
    retry: false,
    // A result belongs to the name it was asked for; the one before must not stand in.
    placeholderData: () => undefined,
  })
  const waiting = check.isFetching || name !== value.trim()
  const refused =
    check.error instanceof ApiError ? (check.error.field('name') ?? check.error.message) : undefined
  // A public address may be the router in front of this machine; only its owner can tell.
  const sure = check.data?.ok === true && check.data.addresses.some((a) => a.thisMachine === true)
  return (
    <Field
      label={label}
      aside={aside}
      error={error ?? (waiting ? undefined : refused)}
      hint={check.data && !sure ? check.data.message : hint}
    >
      <Input
        mono
        inputMode="url"
        placeholder={placeholder}
        autoFocus={autoFocus}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        after={
          <span className="said" aria-live="polite">
            {!name.includes('.') || name === own ? null : waiting ? (
              <>
                <StateGlyph state="busy" /> checking
              </>
            ) : check.data ? (
              <>
                <StateGlyph state={check.data.ok ? 'ok' : 'warn'} />{' '}
                {sure
                  ? 'points here'
                  : check.data.ok
                    ? 'may point here'
                    : check.data.takenBy
                      ? 'taken'
                      : 'does not point here'}
              </>
            ) : null}
          </span>
        }
      />
    </Field>
  )
}
