const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

const plural = (n: number, unit: string): string => `${n} ${unit}${n === 1 ? '' : 's'}`

/** "just now", "3 min ago", "2 h ago", "5 days ago". `at` and `now` in ms. */
export function ago(at: number, now: number = Date.now()): string {
  const past = now - at
  if (past < 10_000) return 'just now'
  if (past < minute) return `${Math.floor(past / 1000)} s ago`
  if (past < hour) return `${Math.floor(past / minute)} min ago`
  if (past < day) return `${Math.floor(past / hour)} h ago`
  return `${plural(Math.floor(past / day), 'day')} ago`
}

/** "since 14:21" today, "since Fri 14:21" this week, "since 3 Oct" before that. */
export function since(at: number, now: number = Date.now()): string {
  const date = new Date(at)
  const clock = date.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' })
  if (date.toDateString() === new Date(now).toDateString()) return `since ${clock}`
  if (now - at < 6 * day) return `since ${date.toLocaleDateString('en-GB', { weekday: 'short' })} ${clock}`
  return `since ${date.toLocaleDateString('en-GB', { day: 'numeric', month: 'short' })}`
}

/** The full moment, for hover and exports, in the viewer's clock. */
export const moment = (at: number): string =>
  new Date(at).toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'medium' })

/** How long, in the two largest words that matter: "40 s", "12 min", "3 h", "61 days". */
export function span(ms: number): string {
  if (ms < minute) return `${Math.max(1, Math.round(ms / 1000))} s`
  if (ms < hour) return `${Math.round(ms / minute)} min`
  if (ms < 2 * day) return `${Math.round(ms / hour)} h`
  return plural(Math.round(ms / day), 'day')
}

/** "42 ms", "1.3 s". */
export const duration = (ms: number): string =>
  ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`

/** What is left of a pause, to the second: "29:58", "45 s". */
export function clockSpan(ms: number): string {
  const seconds = Math.ceil(ms / 1000)
  if (seconds < 60) return `${seconds} s`
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}
