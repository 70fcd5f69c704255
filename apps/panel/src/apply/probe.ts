import type { Fragment, Places } from '@argos/caddy'
import { NotSeen, type Visitor } from './visit.ts'

export interface ProbeResult {
  readonly ok: boolean
  /** As a person would say it. */
  readonly words: string
}
export type Probe = (fragment: Fragment) => Promise<ProbeResult>

const TIMEOUT_MS = 5_000

/** Visits a host through the edge itself, over loopback, as a browser would: its name, its TLS, its first page. */
export const edgeProbe =
  ({ ports }: Pick<Places, 'ports'>, visit: Visitor): Probe =>
  async (fragment) => {
    const [first] = fragment.names
    if (first === undefined) return { ok: false, words: 'It has no name to visit.' }
    const name = someNameOf(first)
    // A paused host has no certificate any more; both listeners answer 404 for it.
    const tls = fragment.tls !== 'none' && !fragment.off
    try {
      const port = tls ? ports.https : ports.http
      const { status, ms } = await visit({ port, name, tls, timeoutMs: TIMEOUT_MS })
      return judge(fragment, status, ms)
    } catch (err) {
      if (!(err instanceof NotSeen)) throw err
      return { ok: false, words: `${tls ? 'HTTPS' : 'HTTP'} to ${name} failed: ${err.message}.` }
    }
  }

/** A name that can be visited: of a wildcard, one under it. */
export const someNameOf = (name: string): string =>
  name.startsWith('*.') ? `argos-probe${name.slice(1)}` : name

function judge({ off }: Fragment, status: number, ms: number): ProbeResult {
  if (off) return { ok: status === 404, words: `Paused: answers ${status}.` }
  if (status === 421) return { ok: false, words: 'The edge does not know this name.' }
  if (status === 502 || status === 503 || status === 504)
    return { ok: false, words: `Answers ${status}: the service behind it does not.` }
  return { ok: true, words: `Answers ${status} in ${ms} ms.` }
}
