import { type Ref, useState } from 'react'
import { digitsOf } from '../../lib/otp.ts'

interface Props {
  id: string
  ref?: Ref<HTMLInputElement>
  value: string
  onChange: (code: string) => void
  describedBy?: string | undefined
  invalid?: boolean
  /** Takes the focus when it appears. */
  focus?: boolean
}

/**
 * Six boxes over one field: pasting, filling in from a message and a password manager work as in any other, and readers
 * meet a single field.
 */
export function CodeInput({ id, ref, value, onChange, describedBy, invalid = false, focus = true }: Props) {
  const [focused, setFocused] = useState(false)
  const at = Math.min(value.length, 5)
  return (
    <div className={invalid ? 'otp wrong' : 'otp'}>
      {[0, 1, 2, 3, 4, 5].map((i) => (
        <i
          key={i}
          aria-hidden="true"
          className={focused && i === at ? 'cur' : ''}
          data-empty={!value[i] || undefined}
        >
          {value[i] ?? ''}
        </i>
      ))}
      <input
        id={id}
        ref={ref}
        type="text"
        inputMode="numeric"
        autoComplete="one-time-code"
        // biome-ignore lint/a11y/noAutofocus: it comes after a step that asks for it
        autoFocus={focus}
        aria-describedby={describedBy}
        aria-invalid={invalid || undefined}
        value={value}
        onChange={(event) => onChange(digitsOf(event.target.value))}
        // The boxes show no caret inside a code, so there is none.
        onSelect={({ currentTarget: field }) => {
          if (field.selectionStart === field.selectionEnd) field.setSelectionRange(6, 6)
        }}
        onFocus={() => setFocused(true)}
        onBlur={() => setFocused(false)}
      />
    </div>
  )
}
