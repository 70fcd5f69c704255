import { Toast as Base } from '@base-ui/react/toast'
import { X } from 'lucide-react'
import type { ReactNode } from 'react'
import { Button } from './Button.tsx'
import { type State, StateGlyph } from './StateGlyph.tsx'

interface Data {
  state: State
  action: { label: string; run: () => void } | undefined
}
const manager = Base.createToastManager<Data>()

export interface ToastOptions {
  state?: State
  /** One button: Undo, or the way to the fix. */
  action?: { label: string; run: () => void } | undefined
}

/** Says one sentence at the bottom left for 6 s; errors (`bad`) stay until dismissed. Answers an id for `toast.update`. */
export function toast(message: ReactNode, { state = 'ok', action }: ToastOptions = {}): string {
  return manager.add({
    title: message,
    timeout: state === 'bad' || state === 'busy' ? 0 : 6000,
    // Polite, errors too: only the countdown of a change that waits may interrupt a reader.
    priority: 'low',
    data: { state, action },
  })
}

/** Replaces what a toast says: "Saved as r419, going live" becomes "Live". */
toast.update = (id: string, message: ReactNode, { state = 'ok', action }: ToastOptions = {}): void => {
  manager.update(id, {
    title: message,
    timeout: state === 'bad' || state === 'busy' ? 0 : 6000,
    data: { state, action },
  })
}
toast.close = (id: string): void => manager.close(id)

function List() {
  const { toasts } = Base.useToastManager<Data>()
  return toasts.map((item) => {
    const action = item.data?.action
    const stays = item.timeout === 0 && item.data?.state === 'bad'
    return (
      <Base.Root key={item.id} toast={item} className="toast" swipeDirection={['left', 'down']}>
        <StateGlyph state={item.data?.state ?? 'ok'} />
        <Base.Title render={<span />} className="grow" />
        {action ? (
          <Button
            size="xs"
            onClick={() => {
              manager.close(item.id)
              action.run()
            }}
          >
            {action.label}
          </Button>
        ) : null}
        {stays ? (
          <Base.Close
            render={<Button kind="ghost" size="xs" className="icon" aria-label="Dismiss" icon={<X />} />}
          />
        ) : null}
      </Base.Root>
    )
  })
}

/** Where toasts appear; once, around the app. */
export function ToastProvider({ children }: { children: ReactNode }) {
  return (
    <Base.Provider toastManager={manager} limit={3}>
      {children}
      <Base.Portal>
        <Base.Viewport className="toasts">
          <List />
        </Base.Viewport>
      </Base.Portal>
    </Base.Provider>
  )
}
