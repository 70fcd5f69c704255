import type { Host } from '@argos/contract'
import { lazy, Suspense, startTransition, useState } from 'react'
import { useGo } from '../../hooks/url.ts'
import { paths } from '../../lib/paths.ts'
import { toast } from '../../ui/Toast.tsx'
import { type Review, useReview } from '../review.ts'

const CloneDialog = lazy(() => import('./CloneDialog.tsx').then((m) => ({ default: m.CloneDialog })))
const TagsDialog = lazy(() => import('./TagsDialog.tsx').then((m) => ({ default: m.TagsDialog })))

type Reviewed = 'pause' | 'resume' | 'delete'
/** Those that ask in a dialog of their own, as no visitor feels them. */
type Own =
  | { readonly kind: 'tags'; readonly hosts: readonly Host[] }
  | { readonly kind: 'clone'; readonly host: Host }
export type HostAction = Own | { readonly kind: Reviewed; readonly hosts: readonly Host[] }

/** What one can do to hosts. Everything but tags changes nothing before its preview is confirmed. */
export function useHostActions({ onApplied }: { onApplied?: () => void } = {}) {
  const [action, setAction] = useState<Own | null>(null)
  const go = useGo()
  const review = useReview()
  const close = () => setAction(null)
  const ask = (next: HostAction) => {
    if (next.kind === 'tags' || next.kind === 'clone') {
      // In a transition, and inside a boundary that stands already: else React holds a dialog back for 300 ms the first time.
      return startTransition(() => setAction(next))
    }
    const asked = reviewFor(next.kind, next.hosts)
    if (asked === null) toast(alreadyWords(next.kind === 'resume', next.hosts), { state: 'suggestion' })
    else review(asked, { applied: onApplied })
  }
  return { ask, action, dialog: <Suspense>{action === null ? null : dialogOf(action)}</Suspense> }

  function dialogOf(asked: Own) {
    return asked.kind === 'clone' ? (
      <CloneDialog host={asked.host} onClose={close} onCloned={(id) => go(paths.host(id))} />
    ) : (
      <TagsDialog hosts={asked.hosts} onClose={close} />
    )
  }
}

/** One preview for all of them, without those it would not change; null when there are none. */
function reviewFor(kind: Reviewed, hosts: readonly Host[]): Review | null {
  const ids = (of: readonly Host[]) => of.map((host) => host.id)
  const [first] = hosts
  if (first === undefined) return null
  if (kind === 'delete') {
    if (hosts.length === 1) return { intent: { kind: 'hostDelete', id: first.id } }
    return { intent: { kind: 'hostBulk', ids: ids(hosts), action: { kind: 'delete' } } }
  }
  const wanted = kind === 'resume'
  const changing = hosts.filter((host) => host.enabled !== wanted)
  if (changing.length === 0) return null
  return {
    intent: { kind: 'hostBulk', ids: ids(changing), action: { kind: wanted ? 'enable' : 'disable' } },
  }
}

const alreadyWords = (on: boolean, hosts: readonly Host[]): string =>
  `${hosts.length === 1 ? 'It is' : 'All of them are'} ${on ? 'on' : 'paused'} already`
