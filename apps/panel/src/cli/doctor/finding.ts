/** One thing that was looked at. `bad` keeps Argos from working, `warning` will sooner or later. */
export interface Finding {
  readonly level: 'ok' | 'warning' | 'bad'
  /** What was looked at, in a word or two. */
  readonly about: string
  /** What was found, in one line. */
  readonly found: string
  /** What to do; always there unless it is `ok`. */
  readonly remedy?: string
}

export const ok = (about: string, found: string): Finding => ({ level: 'ok', about, found })
export const warning = (about: string, found: string, remedy: string): Finding => ({
  level: 'warning',
  about,
  found,
  remedy,
})
export const bad = (about: string, found: string, remedy: string): Finding => ({
  level: 'bad',
  about,
  found,
  remedy,
})
