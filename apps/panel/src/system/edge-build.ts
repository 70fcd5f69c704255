import { neededModules } from '@argos/caddy'
import type { SystemStatus } from '@argos/contract'
import { edgeDialect } from '../apply/fate.ts'

type Warning = SystemStatus['warnings'][number]

const REMEDY =
  '`./argos restart` starts the edge of this version; with Docker, build or pull both images of one version and `docker compose up -d`.'

/** An edge of another build than the panel: what differs is said, and what follows from it. */
export function otherBuild(
  { version, modules }: Pick<SystemStatus['edge'], 'version' | 'modules'>,
  { api, own }: { readonly api: number | null; readonly own: string },
): Warning[] {
  const warnings: Warning[] = []
  const dialect = api === null ? 0 : Math.sign(api - edgeDialect)
  if ((version !== null && version !== own) || dialect !== 0)
    warnings.push({
      code: 'edge_version',
      message: `The edge is of another version: edge ${version ?? 'unknown'}, panel ${own}.${follows[dialect] ?? ''}`,
      remedy: REMEDY,
    })
  // They are not known until it was asked.
  const missing = modules.length === 0 ? [] : neededModules.filter((id) => !modules.includes(id))
  if (missing.length > 0)
    warnings.push({
      code: 'edge_modules',
      message: `The edge lacks what this panel configures: ${missing.join(', ')}. What needs it cannot go live.`,
      remedy: REMEDY,
    })
  return warnings
}

const follows: Readonly<Record<number, string>> = {
  [-1]: ' It is older: it cannot go back by itself from a change, and does not say who changed it.',
  1: ' It is newer: what it says in new words is not understood here.',
}
