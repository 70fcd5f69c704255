import type { Host, Revision } from '@argos/contract'
import { edgeLight, hostName, upstreamLight } from '../../lib/host.ts'
import { duration, span } from '../../lib/time.ts'
import type { ProgressItem } from '../../ui/Feedback.tsx'
import type { State } from '../../ui/StateGlyph.tsx'

/** Nothing more is about to change by itself: time to ask less often. */
export const settled = ({ tls, state }: Host): boolean =>
  state.edge !== 'applying' &&
  (state.edge === 'off' ||
    (state.upstream !== 'unknown' && (tls === 'none' || state.certificate.state !== 'pending')))

export function headline(host: Host): { state: State; title: string } {
  const name = hostName(host)
  switch (host.state.edge) {
    case 'live':
      return { state: 'ok', title: `${name} is live` }
    case 'applying':
      return { state: 'busy', title: `${name} is going live` }
    case 'refused':
      return { state: 'bad', title: `${name} is saved, not live` }
    case 'drifted':
      return { state: 'warn', title: `${name} was changed at the edge by hand` }
    case 'off':
      return { state: 'off', title: `${name} is saved and paused` }
    case 'unknown':
      return { state: 'unknown', title: `${name} is saved; the edge does not answer` }
  }
}

function certificatePromise({ tls, state }: Host): ProgressItem[] {
  if (tls === 'none') return []
  const { certificate } = state
  const id = 'certificate'
  switch (certificate.state) {
    case 'ok': {
      const left =
        certificate.notAfter === null ? undefined : `${span(certificate.notAfter - Date.now())} left`
      return [
        {
          id,
          label: `The edge has a certificate${certificate.issuer ? ` of ${certificate.issuer}` : ''}`,
          state: 'ok',
          side: left,
        },
      ]
    }
    case 'pending':
      return [{ id, label: 'The certificate is being issued', state: 'busy' }]
    case 'error':
      return [{ id, label: `No certificate: ${certificate.error ?? 'the authority refused'}`, state: 'bad' }]
    case 'none':
      return [{ id, label: 'The edge has a certificate', state: 'unknown', side: 'not seen yet' }]
  }
}

/** The panel visits a touched host through the edge; anything but an answer is worth a look. */
const probePromise = (words: string): ProgressItem => ({
  id: 'probe',
  label: 'Visited through the edge',
  state: /^Answers [1-4]\d\d /.test(words) ? 'ok' : 'warn',
  side: words.replace(/\.$/, '').replace(/^A/, 'a'),
})

/** Each promise of publishing with what was measured of it. `unknown` has not been measured. */
export function promises(
  host: Host,
  generation: number,
  revision: Revision | undefined,
): readonly ProgressItem[] {
  const saved: ProgressItem = { id: 'saved', label: `Saved as change ${generation}`, state: 'ok' }
  if (host.state.edge === 'off') return [saved]
  const edge = edgeLight(host)
  const labels: Record<Host['state']['edge'], string> = {
    live: 'The edge serves it',
    applying: 'The edge takes it',
    refused: 'The edge refused it; everything else is as it was',
    drifted: 'Somebody changed it at the edge by hand; put it back or adopt it',
    off: '',
    unknown: 'The edge does not answer; it goes live when it is back',
  }
  const upstream = upstreamLight(host)
  const probe = revision?.hosts.find((h) => h.id === host.id)?.probe ?? null
  return [
    saved,
    {
      id: 'edge',
      label: labels[host.state.edge],
      state: edge.state,
      side:
        revision && host.state.edge === 'live'
          ? `r${revision.number}, ${duration(revision.tookMs)}`
          : undefined,
    },
    ...(host.state.edge === 'live' ? certificatePromise(host) : []),
    ...(probe === null ? [] : [probePromise(probe)]),
    {
      id: 'upstream',
      label: host.state.targets.map((t) => t.dial).join(', ') || 'The upstream',
      state: upstream.state,
      side: upstream.words,
    },
  ]
}
