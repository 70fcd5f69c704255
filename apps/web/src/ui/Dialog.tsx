import { Dialog as Base } from '@base-ui/react/dialog'
import { X } from 'lucide-react'
import type { FormEvent, ReactNode, RefObject } from 'react'
import { Button } from './Button.tsx'

export interface DialogProps {
  open: boolean
  /** Called when it wants to close: Esc, the scrim, the cross. */
  onClose: () => void
  title: ReactNode
  lead?: ReactNode
  children?: ReactNode
  /** Buttons: the quiet one first, the main one last. */
  footer?: ReactNode
  /** 860 px instead of 520. */
  wide?: boolean | undefined
  /** With edits inside, neither Esc nor a press beside it closes. */
  dirty?: boolean | undefined
  /** A decision that must be taken: no cross, no Esc. */
  locked?: boolean | undefined
  onSubmit?: (() => void) | undefined
  initialFocus?: RefObject<HTMLElement | null> | undefined
}

/** For decisions. A bottom sheet with sticky buttons on phones. Never open one over another. */
export function Dialog(props: DialogProps) {
  const { open, onClose, title, lead, children, footer, wide = false, locked = false, initialFocus } = props
  return (
    <Shell {...props} open={open} onClose={onClose}>
      <Base.Viewport className="dialogwrap">
        <Base.Popup className={wide ? 'dialog wide' : 'dialog'} {...(initialFocus ? { initialFocus } : {})}>
          <Sheet onSubmit={props.onSubmit}>
            <Head title={title} lead={lead} locked={locked} />
            {children === undefined ? null : <div className="scroll">{children}</div>}
            {footer === undefined ? null : <footer>{footer}</footer>}
          </Sheet>
        </Base.Popup>
      </Base.Viewport>
    </Shell>
  )
}

export interface DrawerProps extends Omit<DialogProps, 'locked'> {
  /** 392 px instead of 620; `wide` is 704. */
  narrow?: boolean | undefined
}

/** For creation and detail, from the right; the whole screen on phones. */
export function Drawer(props: DrawerProps) {
  const { title, lead, children, footer, narrow = false, wide = false, initialFocus } = props
  return (
    <Shell {...props}>
      <Base.Popup
        className={narrow ? 'drawer narrow' : wide ? 'drawer wide' : 'drawer'}
        {...(initialFocus ? { initialFocus } : {})}
      >
        <Sheet onSubmit={props.onSubmit}>
          <Head title={title} lead={lead} locked={false} />
          <div className="scroll">{children}</div>
          {footer === undefined ? null : <footer>{footer}</footer>}
        </Sheet>
      </Base.Popup>
    </Shell>
  )
}

function Shell({ open, onClose, dirty = false, locked = false, children }: DialogProps) {
  return (
    <Base.Root
      open={open}
      disablePointerDismissal={dirty || locked}
      onOpenChange={(next, details) => {
        if (next) return
        if (details.reason === 'escape-key' && (dirty || locked)) return
        onClose()
      }}
    >
      <Base.Portal>
        <Base.Backdrop className="scrim" />
        {children}
      </Base.Portal>
    </Base.Root>
  )
}

function Head({ title, lead, locked }: { title: ReactNode; lead: ReactNode; locked: boolean }) {
  return (
    <header>
      <div className="grow">
        <Base.Title>{title}</Base.Title>
        {lead === undefined ? null : <Base.Description>{lead}</Base.Description>}
      </div>
      {locked ? null : (
        <Base.Close
          render={<Button kind="ghost" size="sm" className="icon" aria-label="Close" icon={<X />} />}
        />
      )}
    </header>
  )
}

interface SheetProps {
  onSubmit: (() => void) | undefined
  children: ReactNode
}

/** A form around all of it, so that Enter and the footer's submit button do the same. The popup itself has the role of a dialog. */
function Sheet({ onSubmit, children }: SheetProps) {
  if (onSubmit === undefined) return children
  return (
    <form
      className="sheet"
      noValidate
      onSubmit={(event: FormEvent) => {
        event.preventDefault()
        onSubmit()
      }}
    >
      {children}
    </form>
  )
}
