import { Toggle } from '@base-ui/react/toggle'
import { ToggleGroup } from '@base-ui/react/toggle-group'
import type { ReactNode } from 'react'

export interface SegmentedProps<V extends string> {
  label: string
  value: V
  onChange: (value: V) => void
  /** `title` names an option that shows only an icon. */
  options: readonly { value: V; label: ReactNode; title?: string }[]
}

/** One of two to four, all visible. */
export function Segmented<V extends string>({ label, value, onChange, options }: SegmentedProps<V>) {
  return (
    <ToggleGroup
      className="seg"
      aria-label={label}
      value={[value]}
      onValueChange={([next]) => next !== undefined && onChange(next)}
    >
      {options.map((option) => (
        <Toggle key={option.value} value={option.value} title={option.title} aria-label={option.title}>
          {option.label}
        </Toggle>
      ))}
    </ToggleGroup>
  )
}
