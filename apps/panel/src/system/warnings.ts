import type { SystemStatus } from '@argos/contract'
import type { Config } from '../config.ts'
import { freeBytes, UNSAFE_REMEDY, unsafeFileSystem } from './disk.ts'
import { otherBuild } from './edge-build.ts'

type Warning = SystemStatus['warnings'][number]

const LITTLE_BYTES = 500 * 1024 * 1024

/** What an operator should know about this installation, each with what to do. */
export function warningsOf({
  config,
  edge,
  waits,
  api,
  version,
  workers,
}: {
  config: Pick<Config, 'insecureHttp' | 'listen' | 'dataDir'>
  edge: SystemStatus['edge']
  /** Whether a change waits to be kept: what the edge is behind by is behind that one. */
  waits: boolean
  /** The dialect of its control socket; null while it is not known. */
  api: number | null
  /** The panel's own. */
  version: string
  workers: SystemStatus['workers']
}): Warning[] {
  const warnings: Warning[] = []
  if (config.insecureHttp) {
    warnings.push({
      code: 'insecure_http',
      message: `The panel is also served without TLS, at ${config.listen}: passwords and sessions cross the network readable.`,
      remedy: 'Use the HTTPS address, then remove ARGOS_INSECURE_HTTP from .env and restart.',
    })
  }
  if (edge.drifted > 0 && edge.state === 'behind') {
    warnings.push({
      code: 'edge_drift',
      message: edge.problem ?? 'Somebody changed the edge by hand.',
      remedy: 'Look at what was changed, then put it back or adopt it; `./argos drift show` lists it too.',
    })
  } else if (edge.state !== 'ok') {
    warnings.push({
      code: `edge_${edge.state}`,
      message: edge.problem ?? 'The edge is not in order.',
      remedy:
        waits && edge.state === 'behind'
          ? 'Keep the change or put it back; `./argos revisions keep` and `./argos revisions return` do it too.'
          : '`./argos doctor` looks for the cause.',
    })
  }
  warnings.push(...otherBuild(edge, { api, own: version }))
  for (const { hostId, reason } of edge.failed) {
    warnings.push({
      code: 'edge_failed',
      message: `The edge could not start ${hostId}: ${reason}`,
      remedy: "Open the host's page; saving it again tries once more.",
    })
  }
  for (const worker of workers.filter((w) => w.failures >= 3)) {
    warnings.push({
      code: 'worker_failing',
      message: `${worker.name} has failed ${worker.failures} times: ${worker.lastError ?? 'no reason given'}`,
      remedy: '`./argos logs panel` has the details.',
    })
  }
  const free = freeBytes(config.dataDir)
  if (free !== null && free < LITTLE_BYTES) {
    warnings.push({
      code: 'disk_space',
      message: `Only ${Math.floor(free / 1024 / 1024)} MB are free where the data folder is.`,
      remedy: 'Make room: without it nothing can be saved.',
    })
  }
  const unsafe = unsafeFileSystem(config.dataDir)
  if (unsafe !== null) {
    warnings.push({
      code: 'file_system',
      message: `The data folder is on ${unsafe}: the database may break there.`,
      remedy: UNSAFE_REMEDY,
    })
  }
  return warnings
}
