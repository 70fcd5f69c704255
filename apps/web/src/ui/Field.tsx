import { Field as Base } from '@base-ui/react/field'
import type { ComponentProps, ReactNode } from 'react'
import { Words } from './Words.tsx'

export interface FieldProps {
  label: ReactNode
  hint?: ReactNode
  /** What is wrong and what to do. Takes the hint's place. */
  error?: string | undefined
  /** At the right of the label. */
  aside?: ReactNode
  /** One Input, Textarea, Select or other control. */
  children: ReactNode
  className?: string | undefined
}

/** Label above, hint or error below, all tied to the control for readers. */
export function Field({ label, hint, error, aside, children, className }: FieldProps) {
  return (
    <Base.Root className={`field ${className ?? ''}`} invalid={error !== undefined}>
      <div className="row">
        <Base.Label className="lbl">{label}</Base.Label>
        {aside === undefined ? null : <span className="end sm">{aside}</span>}
      </div>
      {children}
      {error === undefined ? null : (
        <Base.Error match className="wrongtext">
          <span>
            <Words text={error} />
          </span>
        </Base.Error>
      )}
      {hint === undefined || error !== undefined ? null : (
        <Base.Description className="hint">{hint}</Base.Description>
      )}
    </Base.Root>
  )
}

export interface InputProps extends Omit<ComponentProps<'input'>, 'size'> {
  size?: 'sm' | 'md' | 'field' | 'lg' | undefined
  /** For what could be pasted into a terminal: addresses, names, tokens. */
  mono?: boolean | undefined
  /** Inside, on the left: an icon. */
  before?: ReactNode
  /** Inside, on the right: the result of the check, a unit, a key. */
  after?: ReactNode
}

export function Input({
  size = 'field',
  mono = false,
  before,
  after,
  className,
  value,
  defaultValue,
  ...rest
}: InputProps) {
  const held = value === undefined ? {} : { value: value as string }
  const initial = defaultValue === undefined ? {} : { defaultValue: defaultValue as string }
  return (
    <span className={`in ${size} ${mono ? 'mono' : ''} ${className ?? ''}`}>
      {before}
      <Base.Control
        autoComplete="off"
        {...(mono ? { autoCapitalize: 'none', autoCorrect: 'off', spellCheck: false } : {})}
        {...(rest as Base.Control.Props)}
        {...held}
        {...initial}
      />
      {after}
    </span>
  )
}

export function Textarea({
  mono = false,
  className,
  ...rest
}: ComponentProps<'textarea'> & { mono?: boolean | undefined }) {
  return (
    <Base.Control
      render={
        <textarea spellCheck={false} {...rest} className={`in ${mono ? 'mono' : ''} ${className ?? ''}`} />
      }
    />
  )
}
