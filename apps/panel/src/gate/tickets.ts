import type { Clock } from '../clock.ts'
import { hashToken, newToken } from '../secrets.ts'

const GOOD_MS = 60_000
const MOST = 10_000
const PER_SESSION = 20

export interface Ticket {
  readonly host: string
  /** The panel's session, by id. */
  readonly session: string
  /** Base64url SHA-256 of what the host put into the browser that may use it. */
  readonly state: string
  readonly rd: string
}
export interface Tickets {
  /** Answers the ticket itself, which is kept nowhere. */
  issue(ticket: Ticket): string
  /** Once: whoever asks, it is used up. Null when there is none, or it is too old. */
  take(hash: string): Ticket | null
  readonly size: number
}

/** What people carry from the panel to a host. In memory: with the panel they end too, and the page asks for another. */
export function tickets(clock: Clock, { most = MOST } = {}): Tickets {
  /** Oldest first. */
  const issued = new Map<string, Ticket & { readonly until: number }>()

  const dropOld = () => {
    const now = clock.now()
    for (const [hash, { until }] of issued) {
      if (until > now) return
      issued.delete(hash)
    }
  }
  const dropOfSession = (session: string) => {
    const own = [...issued].filter(([, ticket]) => ticket.session === session)
    for (const [hash] of own.slice(0, Math.max(0, own.length - PER_SESSION + 1))) issued.delete(hash)
  }
  return {
    get size() {
      return issued.size
    },
    issue(ticket) {
      dropOld()
      dropOfSession(ticket.session)
      const [oldest] = issued.keys()
      if (issued.size >= most && oldest !== undefined) issued.delete(oldest)
      const token = newToken()
      issued.set(hashToken(token), { ...ticket, until: clock.now() + GOOD_MS })
      return token
    },
    take(hash) {
      const found = issued.get(hash)
      issued.delete(hash)
      if (found === undefined || found.until <= clock.now()) return null
      const { until: _, ...ticket } = found
      return ticket
    },
  }
}
