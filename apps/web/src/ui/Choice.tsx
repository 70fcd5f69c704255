import { Checkbox as BaseCheckbox } from '@base-ui/react/checkbox'
import { Radio } from '@base-ui/react/radio'
import { RadioGroup } from '@base-ui/react/radio-group'
import { Switch as BaseSwitch } from '@base-ui/react/switch'
import { Check, Minus } from 'lucide-react'
import type { ReactNode } from 'react'

export interface CheckboxProps {
  checked: boolean
  onChange: (checked: boolean) => void
  /** Shown beside it, or only read aloud with `quiet`. */
  label: ReactNode
  quiet?: boolean | undefined
  mixed?: boolean | undefined
  disabled?: boolean | undefined
}

export function Checkbox({
  checked,
  onChange,
  label,
  quiet = false,
  mixed = false,
  disabled = false,
}: CheckboxProps) {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: Base UI renders the input inside
    <label className="checkline">
      <BaseCheckbox.Root
        className="cb"
        checked={checked}
        indeterminate={mixed}
        disabled={disabled}
        onCheckedChange={(next) => onChange(next)}
      >
        <BaseCheckbox.Indicator>{mixed ? <Minus /> : <Check />}</BaseCheckbox.Indicator>
      </BaseCheckbox.Root>
      <span className={quiet ? 'sr' : ''}>{label}</span>
    </label>
  )
}

export interface SwitchProps {
  checked: boolean
  onChange: (checked: boolean) => void
  label: ReactNode
  quiet?: boolean | undefined
  /** For readers, when the label beside it says only "on" or "off". */
  name?: string | undefined
  disabled?: boolean | undefined
}

/** For what takes effect when the form is saved. Never acts on access or protection at once. */
export function Switch({ checked, onChange, label, quiet = false, name, disabled = false }: SwitchProps) {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: Base UI renders the input inside
    <label className="checkline">
      <BaseSwitch.Root
        className="switch"
        aria-label={name}
        checked={checked}
        disabled={disabled}
        onCheckedChange={(next) => onChange(next)}
      >
        <BaseSwitch.Thumb />
      </BaseSwitch.Root>
      <span className={quiet ? 'sr' : ''}>{label}</span>
    </label>
  )
}

export interface OptionCardsProps<V extends string> {
  label: string
  value: V
  onChange: (value: V) => void
  /** `hint` says the consequence, not the mechanism. */
  options: readonly { value: V; title: ReactNode; hint: ReactNode; disabled?: boolean }[]
}

/** Radio buttons as cards. */
export function OptionCards<V extends string>({ label, value, onChange, options }: OptionCardsProps<V>) {
  return (
    <RadioGroup
      className="opts"
      aria-label={label}
      value={value}
      onValueChange={(next) => onChange(next as V)}
    >
      {options.map((option) => (
        // biome-ignore lint/a11y/noLabelWithoutControl: Base UI renders the input inside
        <label key={option.value} className="opt">
          <Radio.Root className="radio" value={option.value} disabled={option.disabled ?? false} />
          <span>
            <b>{option.title}</b>
            <span className="hint">{option.hint}</span>
          </span>
        </label>
      ))}
    </RadioGroup>
  )
}
