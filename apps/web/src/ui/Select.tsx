import { Select as Base } from '@base-ui/react/select'
import { Check, ChevronDown } from 'lucide-react'
import type { ReactNode } from 'react'

export interface Option<V extends string> {
  value: V
  label: string
  hint?: ReactNode
}
export interface SelectProps<V extends string> {
  value: V
  onChange: (value: V) => void
  options: readonly Option<V>[]
  /** For readers, when no Field labels it. */
  label?: string | undefined
  size?: 'sm' | 'md' | 'field' | undefined
  disabled?: boolean | undefined
}

/** Pick one of a few. Inside a Field the label comes from there. */
export function Select<V extends string>({
  value,
  onChange,
  options,
  label,
  size = 'field',
  disabled = false,
}: SelectProps<V>) {
  return (
    <Base.Root
      items={options}
      value={value}
      onValueChange={(next) => next !== null && onChange(next)}
      disabled={disabled}
      modal={false}
    >
      <Base.Trigger className={`in ${size}`} aria-label={label}>
        <span className="grow cut">
          <Base.Value />
        </span>
        <ChevronDown />
      </Base.Trigger>
      <Base.Portal>
        <Base.Positioner className="popup" sideOffset={4} alignItemWithTrigger={false}>
          <Base.Popup className="menu">
            {options.map((option) => (
              <Base.Item key={option.value} value={option.value} className="item">
                <span className="tick">
                  <Base.ItemIndicator>
                    <Check />
                  </Base.ItemIndicator>
                </span>
                <span>
                  <Base.ItemText>{option.label}</Base.ItemText>
                  {option.hint === undefined ? null : <span className="hint block">{option.hint}</span>}
                </span>
              </Base.Item>
            ))}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}
