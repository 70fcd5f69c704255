import { useSyncExternalStore } from 'react'
import { sectionOf } from './sections.ts'

export interface Crumb {
  readonly label: string
  readonly to: string
}

let last: string | null = null
const listeners = new Set<() => void>()

/** Names the open thing in the crumbs, such as a host; null clears it. Pages use `useCrumb`. */
export function setCrumb(label: string | null): void {
  last = label
  for (const listener of listeners) listener()
}
const subscribe = (listener: () => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Section, then the open thing when a page named one. */
export function useCrumbs(matches: readonly { pathname: string }[]): readonly Crumb[] {
  const named = useSyncExternalStore(subscribe, () => last)
  const pathname = matches.at(-1)?.pathname ?? '/'
  const section = sectionOf(pathname)
  if (!section) return [{ label: 'Not found', to: pathname }]
  const crumb = { label: section.label, to: section.to }
  return named === null ? [crumb] : [crumb, { label: named, to: pathname }]
}
