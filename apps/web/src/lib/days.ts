/** "Today", "Yesterday", "Friday 3 October", with the year when it is another one. In the viewer's clock. */
export function dayName(at: number, now: number = Date.now()): string {
  const date = new Date(at)
  const today = new Date(now)
  if (date.toDateString() === today.toDateString()) return 'Today'
  const yesterday = new Date(today.getFullYear(), today.getMonth(), today.getDate() - 1)
  if (date.toDateString() === yesterday.toDateString()) return 'Yesterday'
  const year = date.getFullYear() === today.getFullYear() ? {} : { year: 'numeric' as const }
  return date
    .toLocaleDateString('en-GB', { weekday: 'long', day: 'numeric', month: 'long', ...year })
    .replace(',', '')
}

export interface Day<T> {
  readonly name: string
  readonly items: readonly T[]
}

/** Cuts a list that is sorted by time into its days, in the list's order. */
export function byDay<T extends { readonly at: number }>(
  items: readonly T[],
  now: number = Date.now(),
): readonly Day<T>[] {
  return [...Map.groupBy(items, (item) => dayName(item.at, now))].map(([name, of]) => ({ name, items: of }))
}

/** "14:21". */
export const clock = (at: number): string =>
  new Date(at).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' })
