import { useState } from 'react'
import { Chip } from '../ui/Badges.tsx'
import { Field, Input } from '../ui/Field.tsx'

interface Props {
  label: string
  value: readonly string[]
  onChange: (tags: readonly string[]) => void
  /** Offered while typing. */
  known?: readonly string[]
  error?: string | undefined
}

const clean = (text: string) => text.trim().toLowerCase()
const allowed = /^[\p{L}\p{N}][\p{L}\p{N} _.-]{0,31}$/u

/** Tags as chips; Enter or a comma adds what is typed, Backspace in the empty field takes the last away. */
export function TagField({ label, value, onChange, known = [], error }: Props) {
  const [typed, setTyped] = useState('')
  const id = `tags-${label.replaceAll(/\W/g, '-')}`
  const wrong =
    typed.trim() !== '' && !allowed.test(clean(typed))
      ? 'A tag has up to 32 letters, digits, spaces, dots, dashes or underscores.'
      : undefined
  const add = (text: string) => {
    const tag = clean(text)
    if (!allowed.test(tag)) return
    if (!value.includes(tag)) onChange([...value, tag])
    setTyped('')
  }
  return (
    <Field label={label} error={error ?? wrong} hint="Enter adds it.">
      <Input
        value={typed}
        list={id}
        placeholder={value.length === 0 ? 'media, family' : ''}
        before={value.map((tag) => (
          <Chip
            key={tag}
            onRemove={() => onChange(value.filter((t) => t !== tag))}
            removeLabel={`Remove ${tag}`}
          >
            {tag}
          </Chip>
        ))}
        onChange={(event) => {
          const text = event.target.value
          if (text.endsWith(',')) add(text.slice(0, -1))
          else setTyped(text)
        }}
        onBlur={() => add(typed)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && typed.trim() !== '') {
            event.preventDefault()
            add(typed)
          }
          if (event.key === 'Backspace' && typed === '') onChange(value.slice(0, -1))
        }}
      />
      <datalist id={id}>
        {known
          .filter((tag) => !value.includes(tag))
          .map((tag) => (
            <option key={tag} value={tag} />
          ))}
      </datalist>
    </Field>
  )
}
