import type { Host } from '@argos/contract'
import { useState } from 'react'
import { useGo } from '../../hooks/url.ts'
import { paths } from '../../lib/paths.ts'
import { CloneDialog } from './CloneDialog.tsx'
import { DeleteDialog } from './DeleteDialog.tsx'
import { TagsDialog } from './TagsDialog.tsx'
import { ToggleDialog } from './ToggleDialog.tsx'

export type HostAction =
  | { readonly kind: 'pause' | 'resume' | 'tags'; readonly hosts: readonly Host[] }
  | { readonly kind: 'clone' | 'delete'; readonly host: Host }

/** What one can do to hosts. Everything but tags changes nothing before its dialog is confirmed. */
export function useHostActions({ onDeleted }: { onDeleted?: () => void } = {}) {
  const [action, ask] = useState<HostAction | null>(null)
  const go = useGo()
  const close = () => ask(null)
  return { ask, dialog: action === null ? null : dialogOf(action) }

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
