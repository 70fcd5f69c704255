import { useRef } from 'react'
import { useKey } from '../../hooks/page.ts'
import { useGo } from '../../hooks/url.ts'
import { paths } from '../../lib/paths.ts'
import type { Row } from './listing.ts'

const rowOf = (id: string) => document.querySelector<HTMLElement>(`tr[data-host="${CSS.escape(id)}"]`)
const focused = () => document.activeElement?.closest<HTMLElement>('tr[data-host]')?.dataset.host

/** The host a key means: the row with the focus, else the row the keys were on last. */
export const nextIn = (ids: readonly string[], at: string | undefined, step: 1 | -1): string | undefined => {
  const i = at === undefined ? -1 : ids.indexOf(at)
  if (i === -1) return step === 1 ? ids[0] : ids.at(-1)
  return ids[Math.min(ids.length - 1, Math.max(0, i + step))]
}

/** `j` `k` move over rows, `x` selects, `e` edits, `.` opens the row's menu; Enter follows the focused link. */
export function useRowKeys({
  rows,
  scrollTo,
  pick,
}: {
  rows: readonly Row[]
  /** Brings a row into the page when only some are drawn. */
  scrollTo: ((index: number) => void) | undefined
  pick: (id: string) => void
}): void {
  const go = useGo()
  const last = useRef<string>(undefined)
  const here = () => focused() ?? last.current
  const move = (step: 1 | -1) => {
    const ids = rows.flatMap((row) => (row.kind === 'host' ? [row.host.id] : []))
    const id = nextIn(ids, here(), step)
    if (id === undefined) return
    last.current = id
    const focus = () => rowOf(id)?.querySelector<HTMLElement>('a')?.focus()
    if (rowOf(id)) return focus()
    scrollTo?.(rows.findIndex((row) => row.kind === 'host' && row.host.id === id))
    requestAnimationFrame(() => requestAnimationFrame(focus))
  }
  const on = (run: (id: string) => void) => () => {
    const id = here()
    if (id !== undefined && rows.some((row) => row.kind === 'host' && row.host.id === id)) run(id)
  }
  useKey('j', () => move(1))
  useKey('k', () => move(-1))
  useKey('x', on(pick))
  useKey(
    'e',
    on((id) => go(paths.hostTab(id, 'routing'))),
  )
  useKey(
    '.',
    on((id) => rowOf(id)?.querySelector<HTMLElement>('.more button, button.more')?.click()),
  )
}
