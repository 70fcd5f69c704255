import { hostList, type SystemStatus, systemStatus } from '@argos/contract'
import { useQuery } from '@tanstack/react-query'
import { query } from '../api/query.ts'
import type { State } from '../ui/StateGlyph.tsx'

export interface Light {
  readonly name: string
  readonly state: State
  readonly words: string
}

/** The panel's and the edge's health, asked for every 10 s while the page is visible. */
export const useSystem = () => useQuery({ ...query(systemStatus), refetchInterval: 10_000, retry: 1 })
export const useHosts = () => useQuery({ ...query(hostList, { query: {} }), refetchInterval: 10_000 })

export function edgeLight(status: SystemStatus, waits = false): Light {
  const { edge, generations } = status
  const revision = generations.lastRevision === null ? '' : `, r${generations.lastRevision}`
  if (edge.state === 'unreachable') return { name: 'Edge', state: 'bad', words: 'does not answer' }
  if (waits) return { name: 'Edge', state: 'watching', words: `waits${revision}` }
  if (!generations.inSync) return { name: 'Edge', state: 'busy', words: 'going live' }
  if (edge.drifted > 0) return { name: 'Edge', state: 'warn', words: 'changed by hand' }
  if (edge.state === 'behind') return { name: 'Edge', state: 'warn', words: `behind${revision}` }
  return { name: 'Edge', state: 'ok', words: `live${revision}` }
}

/** The lights at the foot of the navigation. What was not measured is unknown, never green. */
export function lights(status: SystemStatus | undefined, failed: boolean, waits = false): readonly Light[] {
  if (failed) {
    return [
      { name: 'Edge', state: 'unknown', words: 'not known' },
      { name: 'Panel', state: 'bad', words: 'does not answer' },
    ]
  }
  if (!status) {
    return [
      { name: 'Edge', state: 'unknown', words: '' },
      { name: 'Panel', state: 'unknown', words: '' },
    ]
  }
  return [edgeLight(status, waits), { name: 'Panel', state: 'ok', words: status.panel.version }]
}
