import type { Host } from '@argos/contract'
import type { State } from '../../ui/StateGlyph.tsx'

/** A host's one state: the worst of its three lights. */
export function hostState(host: Host): State {
  const { edge, upstream, certificate } = host.state
  if (edge === 'off') return 'off'
  if (edge === 'refused' || upstream === 'down') return 'bad'
  if (edge === 'drifted' || upstream === 'degraded' || certificate.state === 'error') return 'warn'
  if (edge === 'applying' || certificate.state === 'pending') return 'busy'
  if (edge === 'unknown' || upstream === 'unknown') return 'unknown'
  return 'ok'
}

const worst: readonly State[] = ['bad', 'warn']

/** The worst state among hosts that asks for something, or null. */
export function worstHost(hosts: readonly Host[]): State | null {
  const states = new Set(hosts.map(hostState))
  return worst.find((state) => states.has(state)) ?? null
}
