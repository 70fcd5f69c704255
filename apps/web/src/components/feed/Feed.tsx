import type { UseInfiniteQueryResult } from '@tanstack/react-query'
import { useWindowVirtualizer } from '@tanstack/react-virtual'
import { type ReactNode, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { useNow } from '../../hooks/now.ts'
import { useRowFocus } from '../../hooks/row-focus.ts'
import { Button } from '../../ui/Button.tsx'
import { ErrorState, Skeleton } from '../../ui/Feedback.tsx'
import { Card } from '../../ui/Page.tsx'
import { entriesOf, partsOf } from './entries.ts'
import './feed.css'

interface Props<T> {
  view: Pick<
    UseInfiniteQueryResult,
    | 'isError'
    | 'error'
    | 'refetch'
    | 'isPending'
    | 'isPlaceholderData'
    | 'hasNextPage'
    | 'isFetchingNextPage'
    | 'fetchNextPage'
  >
  items: readonly T[]
  keyOf: (item: T) => number
  /** What stands in the row; its button of the class `opens` takes the focus. */
  row: (item: T) => ReactNode
  /** In place of the list when nothing is in it. */
  empty: ReactNode
  /** "Changes could not be loaded". */
  failed: string
  /** "Show older changes". */
  older: string
  className?: string
}

const virtualFrom = 100

/** What happened, newest first, by day: older ones on demand, `j` and `k` from row to row, and of many only what is seen. */
export function Feed<T extends { readonly at: number }>(props: Props<T>) {
  const { view, items, empty, failed, older } = props
  if (view.isError && items.length === 0)
    return <ErrorState title={failed} error={view.error} onRetry={() => void view.refetch()} />
  if (view.isPending)
    return (
      <Card>
        <Skeleton rows={8} />
      </Card>
    )
  if (items.length === 0) return empty
  return (
    <>
      <Rows {...props} />
      {view.hasNextPage ? (
        <div className="mt-3 text-center">
          <Button busy={view.isFetchingNextPage} onClick={() => void view.fetchNextPage()}>
            {older}
          </Button>
        </div>
      ) : null}
    </>
  )
}

function Rows<T extends { readonly at: number }>({ view, items, keyOf, row, className = '' }: Props<T>) {
  const now = useNow()
  const entries = useMemo(() => entriesOf(items, now), [items, now])
  const box = useRef<HTMLDivElement>(null)
  const [top, setTop] = useState(0)
  useLayoutEffect(() => {
    if (box.current) setTop(box.current.getBoundingClientRect().top + scrollY)
  }, [])
  const few = items.length <= virtualFrom
  const keyAt = (i: number) => {
    const entry = entries[i]
    return entry?.kind === 'item' ? keyOf(entry.item) : `day ${entry?.name}`
  }
  const virtual = useWindowVirtualizer({
    count: entries.length,
    enabled: !few,
    estimateSize: (i) => (entries[i]?.kind === 'day' ? 34 : 58),
    getItemKey: keyAt,
    overscan: 12,
    scrollMargin: top,
  })
  const drawn = virtual.getVirtualItems()
  const first = few ? 0 : (drawn[0]?.index ?? 0)
  const last = few ? entries.length - 1 : (drawn.at(-1)?.index ?? 0)
  const above = few ? 0 : (drawn[0]?.start ?? top) - top
  const below = few ? 0 : virtual.getTotalSize() - ((drawn.at(-1)?.end ?? top) - top)
  const measured = few ? {} : { ref: virtual.measureElement }

  const rowOf = (id: string) => box.current?.querySelector<HTMLElement>(`[data-row="${id}"] .opens`)
  useRowFocus({
    ids: items.map((item) => String(keyOf(item))),
    find: rowOf,
    focused: () => document.activeElement?.closest<HTMLElement>('[data-row]')?.dataset.row,
    scrollTo: (id) => virtual.scrollToIndex(entries.findIndex((_, i) => String(keyAt(i)) === id)),
  })
  return (
    <Card flush className={view.isPlaceholderData ? 'stale' : ''}>
      <div ref={box}>
        {above > 0 ? <div style={{ height: above }} /> : null}
        {partsOf(entries, first, last).map((part) => (
          <section key={part.name} aria-label={part.name}>
            {part.head === null ? null : (
              <h2 className="day" data-index={part.head} {...measured}>
                {part.name}
              </h2>
            )}
            <ol className={`feed ${className}`}>
              {part.items.map(({ index, item }) => (
                <li key={keyOf(item)} data-index={index} data-row={keyOf(item)} {...measured}>
                  {row(item)}
                </li>
              ))}
            </ol>
          </section>
        ))}
        {below > 0 ? <div style={{ height: below }} /> : null}
      </div>
    </Card>
  )
}
