import type { Host } from '@argos/contract'
import { lazy, Suspense, startTransition, useState } from 'react'
import { useGo } from '../../hooks/url.ts'
import { paths } from '../../lib/paths.ts'

const CloneDialog = lazy(() => import('./CloneDialog.tsx').then((m) => ({ default: m.CloneDialog })))
const DeleteDialog = lazy(() => import('./DeleteDialog.tsx').then((m) => ({ default: m.DeleteDialog })))
const TagsDialog = lazy(() => import('./TagsDialog.tsx').then((m) => ({ default: m.TagsDialog })))
const ToggleDialog = lazy(() => import('./ToggleDialog.tsx').then((m) => ({ default: m.ToggleDialog })))

export type HostAction =
  | { readonly kind: 'pause' | 'resume' | 'tags'; readonly hosts: readonly Host[] }
  | { readonly kind: 'clone' | 'delete'; readonly host: Host }

/** What one can do to hosts. Everything but tags changes nothing before its dialog is confirmed. */
export function useHostActions({ onDeleted }: { onDeleted?: () => void } = {}) {
  const [action, setAction] = useState<HostAction | null>(null)
  const go = useGo()
  const close = () => setAction(null)
  // In a transition, and inside a boundary that stands already: else React holds a dialog back for 300 ms the first time.
  const ask = (next: HostAction) => startTransition(() => setAction(next))
  return { ask, action, dialog: <Suspense>{action === null ? null : dialogOf(action)}</Suspense> }

  function dialogOf(asked: HostAction) {
    switch (asked.kind) {
      case 'pause':
      case 'resume':
        return <ToggleDialog hosts={asked.hosts} enabled={asked.kind === 'resume'} onClose={close} />
      case 'tags':
        return <TagsDialog hosts={asked.hosts} onClose={close} />
      case 'clone':
        return <CloneDialog host={asked.host} onClose={close} onCloned={(id) => go(paths.host(id))} />
      case 'delete':
        return (
          <DeleteDialog
            host={asked.host}
            onClose={close}
            onDeleted={() => {
              close()
              onDeleted?.()
            }}
          />
        )
    }
  }
}
