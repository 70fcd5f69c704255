import { useKey } from '../../hooks/page.ts'
import { useRowFocus } from '../../hooks/row-focus.ts'
import { useGo } from '../../hooks/url.ts'
import { paths } from '../../lib/paths.ts'
import type { Row } from './listing.ts'

const rowOf = (id: string) => document.querySelector<HTMLElement>(`tr[data-host="${CSS.escape(id)}"]`)
const focused = () => document.activeElement?.closest<HTMLElement>('tr[data-host]')?.dataset.host

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
  const ids = rows.flatMap((row) => (row.kind === 'host' ? [row.host.id] : []))
  const here = useRowFocus({
    ids,
    find: (id) => rowOf(id)?.querySelector<HTMLElement>('a'),
    focused,
    scrollTo: (id) => scrollTo?.(rows.findIndex((row) => row.kind === 'host' && row.host.id === id)),
  })
  const on = (run: (id: string) => void) => () => {
    const id = here()
    if (id !== undefined && ids.includes(id)) run(id)
  }
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
