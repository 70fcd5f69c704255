import { Button as Base } from '@base-ui/react/button'
import type { ComponentProps, ReactNode } from 'react'
import { type ButtonKind, type ButtonSize, buttonClass } from './button-class.ts'
import { StateGlyph } from './StateGlyph.tsx'
import { Tooltip } from './Tooltip.tsx'

export { buttonClass }

export interface ButtonProps extends Omit<ComponentProps<'button'>, 'disabled'> {
  kind?: ButtonKind | undefined
  size?: ButtonSize | undefined
  /** Why it cannot be pressed. It stays focusable and says this. */
  disabledReason?: string | undefined | false
  disabled?: boolean | undefined
  /** Shows the working arc and takes no second press; the width stays when the words do. */
  busy?: boolean | undefined
  full?: boolean | undefined
  icon?: ReactNode
}

export function Button({
  kind,
  size,
  full,
  disabledReason,
  disabled = false,
  busy = false,
  icon,
  className,
  children,
  type = 'button',
  onClick,
  ...rest
}: ButtonProps) {
  const off = disabled || Boolean(disabledReason) || busy
  const button = (
    <Base
      {...rest}
      type={type}
      disabled={off}
      focusableWhenDisabled
      aria-busy={busy || undefined}
      className={`${buttonClass({ kind, size, full })} ${className ?? ''}`}
      // A pressed form button must not submit while it is off; a disabled attribute would drop the focus.
      onClick={(event) =>
        off ? event.preventDefault() : onClick?.(event as Parameters<NonNullable<typeof onClick>>[0])
      }
    >
      {busy ? <StateGlyph state="busy" tone="current" /> : icon}
      {children}
    </Base>
  )
  return disabledReason ? <Tooltip text={disabledReason}>{button}</Tooltip> : button
}

export interface IconButtonProps extends Omit<ButtonProps, 'children' | 'icon'> {
  /** The name for readers, also its tooltip. */
  label: string
  icon: ReactNode
}

export function IconButton({
  label,
  icon,
  className,
  kind = 'ghost',
  disabledReason,
  ...rest
}: IconButtonProps) {
  return (
    <Tooltip text={disabledReason || label}>
      <Button
        {...rest}
        kind={kind}
        disabled={Boolean(disabledReason) || rest.disabled}
        aria-label={label}
        className={`icon ${className ?? ''}`}
        icon={icon}
      />
    </Tooltip>
  )
}
