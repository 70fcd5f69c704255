import { byDay, type Day } from '../../lib/days.ts'

/** A list by days as one column of rows: what a window over it is measured by. */
export type Entry<T> =
  | { readonly kind: 'day'; readonly name: string }
  | { readonly kind: 'item'; readonly day: string; readonly item: T }

export const entriesOf = <T extends { readonly at: number }>(
  items: readonly T[],
  now: number,
): readonly Entry<T>[] =>
  byDay(items, now).flatMap(({ name, items: of }): Entry<T>[] => [
    { kind: 'day', name },
    ...of.map((item): Entry<T> => ({ kind: 'item', day: name, item })),
  ])

export interface Part<T> extends Day<{ readonly index: number; readonly item: T }> {
  /** Where its heading stands in the column; null when that is above the window. */
  readonly head: number | null
}

/** Rows from `first` to `last` as days again. */
export function partsOf<T>(entries: readonly Entry<T>[], first: number, last: number): readonly Part<T>[] {
  const parts: { name: string; head: number | null; items: { index: number; item: T }[] }[] = []
  for (const [i, entry] of entries.slice(first, last + 1).entries()) {
    const index = first + i
    if (entry.kind === 'day') parts.push({ name: entry.name, head: index, items: [] })
    else {
      if (parts.length === 0) parts.push({ name: entry.day, head: null, items: [] })
      parts.at(-1)?.items.push({ index, item: entry.item })
    }
  }
  return parts
}
