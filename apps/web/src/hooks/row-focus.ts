import { useRef } from 'react'
import { useKey } from './page.ts'

/** The row after or before one, staying at the ends; from nowhere the first or the last. */
export const nextIn = (ids: readonly string[], at: string | undefined, step: 1 | -1): string | undefined => {
  const i = at === undefined ? -1 : ids.indexOf(at)
  if (i === -1) return step === 1 ? ids[0] : ids.at(-1)
  return ids[Math.min(ids.length - 1, Math.max(0, i + step))]
}

interface Rows {
  readonly ids: readonly string[]
  /** What takes the focus in a row, when that row is drawn. */
  readonly find: (id: string) => HTMLElement | null | undefined
  /** The row with the focus. */
  readonly focused: () => string | undefined
  /** Brings a row into the page when only some are drawn. */
  readonly scrollTo?: ((id: string) => void) | undefined
}

/** `j` and `k` move the focus over rows. Answers which row a key means: the focused one, else the one they were on last. */
export function useRowFocus({ ids, find, focused, scrollTo }: Rows): () => string | undefined {
  const last = useRef<string>(undefined)
  const here = () => focused() ?? last.current
  const move = (step: 1 | -1) => {
    const id = nextIn(ids, here(), step)
    if (id === undefined) return
    last.current = id
    const there = find(id)
    if (there) return there.focus()
    scrollTo?.(id)
    requestAnimationFrame(() => requestAnimationFrame(() => find(id)?.focus()))
  }
  useKey('j', () => move(1))
  useKey('k', () => move(-1))
  return here
}
