import { Menu as Base } from '@base-ui/react/menu'
import type { ReactElement, ReactNode } from 'react'

export interface MenuProps {
  /** The button that opens it. */
  trigger: ReactElement
  /** MenuItem, MenuHead and MenuLine. */
  children: ReactNode
  align?: 'start' | 'center' | 'end'
}

export function Menu({ trigger, children, align = 'end' }: MenuProps) {
  return (
    <Base.Root modal={false}>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner className="popup" align={align} sideOffset={4} collisionPadding={8}>
          <Base.Popup className="menu">{children}</Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}

export interface MenuItemProps {
  children: ReactNode
  icon?: ReactNode
  /** At the right: a key or a value. */
  side?: ReactNode
  danger?: boolean | undefined
  disabled?: boolean | undefined
  onClick?: (() => void) | undefined
  /** An anchor without children, when the item goes somewhere. */
  link?: ReactElement | undefined
}

export function MenuItem({
  children,
  icon,
  side,
  danger = false,
  disabled = false,
  onClick,
  link,
}: MenuItemProps) {
  const content = (
    <>
      {icon}
      <span className="cut">{children}</span>
      {side === undefined ? null : <span className="side">{side}</span>}
    </>
  )
  const className = danger ? 'item danger' : 'item'
  if (link) {
    return (
      <Base.LinkItem className={className} render={link} closeOnClick>
        {content}
      </Base.LinkItem>
    )
  }
  return (
    <Base.Item className={className} disabled={disabled} onClick={() => onClick?.()}>
      {content}
    </Base.Item>
  )
}

/** Items under a head that readers hear with them. */
export const MenuGroup = ({ title, children }: { title: string; children: ReactNode }) => (
  <Base.Group>
    <Base.GroupLabel className="head">{title}</Base.GroupLabel>
    {children}
  </Base.Group>
)
export const MenuHead = ({ children }: { children: ReactNode }) => <div className="head">{children}</div>
export const MenuLine = () => <hr />
