import type { Host, HostState, PoolInput } from '@argos/contract'
import type { Apply, TargetHealth } from '../apply/apply.types.ts'
import { placeOf } from '../guard/url.ts'
import type { SavedHost } from './host.store.ts'

type Edge = Pick<Apply, 'hostEdge' | 'targetHealth' | 'certificateOf'>
type Target = HostState['targets'][number]

/** A host with its three lights: saved, live at the edge, upstream answers. Nothing is asked for it. */
export function hostView(host: SavedHost, targets: PoolInput['targets'], edge: Edge): Host {
  const health = edge.targetHealth(host.poolId)
  const seen = targets.map((t): Target => {
    const dial = placeOf(t.address, t.port)
    return { dial, enabled: t.enabled, health: health[dial] ?? null }
  })
  return {
    ...inputOf(host),
    id: host.id,
    version: host.version,
    poolName: host.poolName,
    createdAt: host.createdAt,
    updatedAt: host.updatedAt,
    state: {
      ...edgeLight(host, edge.hostEdge(host.id, host.poolId)),
      upstream: upstreamLight(seen.filter((t) => t.enabled).map((t) => t.health)),
      targets: seen,
      certificate: host.tls === 'none' || !host.enabled ? noCertificate : edge.certificateOf(host.domains),
    },
  }
}

/** The edge was looked at a moment ago: a pause or its end that it does not know of yet is on its way. */
function edgeLight({ enabled }: SavedHost, seen: Pick<HostState, 'edge' | 'trouble'>): typeof seen {
  const behind = seen.edge === (enabled ? 'off' : 'live')
  return behind ? { ...seen, edge: 'applying' } : seen
}

/** What the form holds, without what the panel adds. */
export const inputOf = ({ domains, enabled, tls, access, tags, note, poolId }: SavedHost) => ({
  domains,
  enabled,
  tls,
  access,
  tags,
  note,
  poolId,
})

/** Unknown as long as nothing was measured: never green by default. */
export function upstreamLight(health: readonly (TargetHealth | null)[]): HostState['upstream'] {
  const states = health.map((h) => h?.state ?? 'unknown')
  if (states.length > 0 && states.every((s) => s === 'up')) return 'up'
  if (!states.includes('down')) return 'unknown'
  return states.every((s) => s === 'down') ? 'down' : 'degraded'
}

const noCertificate = { state: 'none', issuer: null, notBefore: null, notAfter: null, error: null } as const
