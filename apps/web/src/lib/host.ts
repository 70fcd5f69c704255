import type { Host, SystemStatus, TlsMode } from '@argos/contract'
import type { State } from '../ui/StateGlyph.tsx'
import { span } from './time.ts'
import { things } from './words.ts'

const day = 86_400_000

/** A state by shape and word, as one cell of a row says it. */
export interface Light {
  readonly state: State
  readonly words: string
}

/** The name people know a host by: its first. */
export const hostName = (host: Pick<Host, 'domains'>): string => host.domains[0] ?? ''

/** "photos" and ".home.example": the part that tells hosts apart, and the rest. */
export function splitName(name: string): readonly [head: string, tail: string] {
  const labels = name.split('.')
  const heads = name.startsWith('*.') ? 2 : 1
  if (labels.length <= 2) return [name, '']
  return [labels.slice(0, heads).join('.'), `.${labels.slice(heads).join('.')}`]
}

/** The domain a name is grouped under: "home.example" for "photos.home.example", itself for "example.org". */
export function parentDomain(name: string): string {
  const labels = name.replace(/^\*\./, '').split('.')
  if (name.startsWith('*.') || labels.length <= 2) return labels.join('.')
  return labels.slice(1).join('.')
}

/** What one types to delete a host: its first label that is a word. */
export const shortName = (name: string): string => name.replace(/^\*\./, '').split('.')[0] ?? name

/** Where a browser reaches a name, or null for a wildcard. */
export function publicUrl(
  name: string,
  tls: Host['tls'],
  ports: Pick<SystemStatus['ports'], 'http' | 'https'> = { http: 80, https: 443 },
): string | null {
  if (name.startsWith('*.') || name === '') return null
  const [scheme, port, usual] = tls === 'none' ? ['http', ports.http, 80] : ['https', ports.https, 443]
  return `${scheme}://${name}${port === usual ? '' : `:${port}`}/`
}

/** The second light: does the edge serve what was saved? */
export function edgeLight({ state }: Pick<Host, 'state'>): Light {
  switch (state.edge) {
    case 'live':
      return { state: 'ok', words: 'live' }
    case 'applying':
      return { state: 'busy', words: 'going live' }
    case 'refused':
      return { state: 'bad', words: 'refused' }
    case 'drifted':
      return { state: 'warn', words: 'changed by hand' }
    case 'off':
      return { state: 'off', words: 'paused' }
    case 'unknown':
      return { state: 'unknown', words: 'not known' }
  }
}

/** The third light: does the service behind it answer? Unknown when nothing was measured. */
export function upstreamLight({ state }: Pick<Host, 'state'>): Light {
  const asked = state.targets.filter((t) => t.enabled)
  const up = asked.filter((t) => t.health?.state === 'up').length
  switch (state.upstream) {
    case 'up':
      return { state: 'ok', words: asked.length > 1 ? `${up} of ${asked.length} answer` : 'answers' }
    case 'degraded':
      return { state: 'warn', words: `${up} of ${asked.length} answer` }
    case 'down':
      if (asked.length === 0) return { state: 'bad', words: 'no target is on' }
      return { state: 'bad', words: asked.length > 1 ? 'none answers' : 'does not answer' }
    case 'unknown':
      return { state: 'unknown', words: 'not checked' }
  }
}

/** How long a certificate lasts, short enough for a cell; a warning once its renewal is overdue. */
export function certificateLight(
  { tls, state }: Pick<Host, 'tls' | 'state'>,
  now: number = Date.now(),
): Light {
  if (tls === 'none') return { state: 'off', words: 'HTTP only' }
  const { certificate } = state
  const left = certificate.notAfter === null ? null : certificate.notAfter - now
  if (certificate.state === 'error') {
    return {
      state: left !== null && left > 0 ? 'warn' : 'bad',
      words: left !== null && left > 0 ? span(left) : 'failed',
    }
  }
  if (certificate.state === 'pending') return { state: 'busy', words: 'being issued' }
  if (certificate.state === 'none' || left === null) {
    // The edge keeps no certificate for a paused host.
    return state.edge === 'off' ? { state: 'off', words: 'paused' } : { state: 'unknown', words: 'none yet' }
  }
  if (left <= 0) return { state: 'bad', words: 'expired' }
  // Caddy renews with a third of the lifetime left; half of that gone means it does not get one.
  const overdue =
    certificate.notBefore === null ? 7 * day : ((certificate.notAfter ?? 0) - certificate.notBefore) / 6
  return { state: left < overdue ? 'warn' : 'ok', words: span(left) }
}

const severity: readonly State[] = ['bad', 'warn', 'busy', 'unknown']

/** The words of the light that decides a host's one state; what its upstreams do when all is well. */
export function worstLight(host: Pick<Host, 'tls' | 'state'>, now: number = Date.now()): Light {
  const edge = edgeLight(host)
  if (edge.state === 'off') return edge
  const upstream = upstreamLight(host)
  const certificate = certificateLight(host, now)
  const lights = [edge, upstream, { ...certificate, words: `certificate: ${certificate.words}` }]
  const worst = severity.find((state) => lights.some((light) => light.state === state))
  return lights.find((light) => light.state === worst) ?? upstream
}

/** "192.0.2.24:8000 does not answer: connection refused", one for each target that is down. */
export function downTargets({
  state,
}: Pick<Host, 'state'>): readonly { dial: string; error: string; since: number | null }[] {
  return state.targets
    .filter((t) => t.enabled && t.health?.state === 'down')
    .map((t) => ({ dial: t.dial, error: t.health?.error ?? '', since: t.health?.since ?? null }))
}

const privateEnds = [
  '.arpa',
  '.internal',
  '.lan',
  '.local',
  '.home',
  '.localdomain',
  '.test',
  '.example',
  '.invalid',
]
export const isWildcard = (name: string): boolean => name.trim().startsWith('*.')

/** "2 hosts" that somebody changed at the edge by hand, or "3 things" when pools or the base are among them. */
export function driftedWhat(
  { drifted }: Pick<SystemStatus['edge'], 'drifted'>,
  hosts: readonly Pick<Host, 'state'>[],
): string {
  const n = hosts.filter((host) => host.state.edge === 'drifted').length
  return n === drifted ? things(n, 'host') : things(drifted, 'thing')
}

/** Names that no public authority certifies get Argos' own certificate at first. */
export function suggestedTls(domains: readonly string[]): TlsMode {
  const names = domains.map((d) => d.trim().toLowerCase().replace(/\.$/, '')).filter(Boolean)
  return names.some((name) => isWildcard(name) || privateEnds.some((end) => name.endsWith(end)))
    ? 'internal'
    : 'auto'
}
