import type { Me } from '@argos/contract'

let me: Me | null = null
let ended = false
const listeners = new Set<() => void>()
const tell = () => {
  for (const listener of listeners) listener()
}

/** Remembers who is signed in, for the CSRF header and to know an expired session from a first visit. */
export function sessionIs(next: Me | null): void {
  me = next
  ended = false
  tell()
}

export const csrfToken = (): string => me?.csrfToken ?? ''

/** The panel no longer knows the session. Without one before, there is nothing to keep and the router shows the login page. */
export function sessionEnded(): void {
  if (me === null || ended) return
  ended = true
  tell()
}

export const subscribeSession = (listener: () => void): (() => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
/** The name of the person whose session ended under an open page, else null. */
export const endedSession = (): string | null => (ended && me ? me.user.username : null)
