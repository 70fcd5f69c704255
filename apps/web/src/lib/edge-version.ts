import type { SystemStatus } from '@argos/contract'

const numbers = (version: string): readonly number[] | null => {
  const found = /^v?(\d+)\.(\d+)\.(\d+)/.exec(version)
  return found ? found.slice(1).map(Number) : null
}

/** How the edge's version stands to the panel's, or null when they belong together or the edge has not said. */
export function edgeVersionWords({ edge, panel }: Pick<SystemStatus, 'edge' | 'panel'>): string | null {
  if (edge.version === null || edge.version === panel.version) return null
  const [theirs, ours] = [numbers(edge.version), numbers(panel.version)]
  const at = theirs && ours ? theirs.findIndex((n, i) => n !== ours[i]) : -1
  const [one = 0, other = 0] = [theirs?.[at], ours?.[at]]
  const how = at === -1 ? 'not the same as' : one < other ? 'older than' : 'newer than'
  return `${edge.version} is ${how} the panel’s ${panel.version}`
}
