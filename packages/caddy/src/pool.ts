import type { PoolSpec, Refusal, TargetSpec } from './desired.ts'
import type { Pool } from './fragment.ts'

const NAME = /^[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?)*$/
const ADDRESS = /^[0-9a-f:.]+$/

/** A pool for the edge, or why there is none. */
export function compilePool(spec: PoolSpec): Pool | Refusal {
  const no = (field: string, message: string): Refusal => ({ kind: 'pool', id: spec.id, message, field })
  const bad = spec.targets.findIndex((t) => !isTarget(t))
  if (bad !== -1)
    return no(`targets[${bad}].address`, 'The target is not a host name or an IP address with a port.')
  const { kind, path, intervalS, timeoutS } = spec.health
  // Braces would be placeholders wherever Caddy expands a path.
  if (!/^\/[^\s{}]*$/.test(path))
    return no('health.path', 'A path starts with / and has no spaces or braces.')
  return {
    targets: spec.targets
      .filter((t) => t.enabled)
      .map((t) => ({ dial: dialOf(t.address, t.port), weight: t.weight })),
    protocol: spec.protocol,
    verify_tls: spec.verifyTls,
    preserve_host: spec.preserveHost,
    health: { kind, path, interval_s: intervalS, timeout_s: timeoutS },
  }
}

/** `address:port`, with brackets around IPv6. */
export const dialOf = (address: string, port: number): string =>
  address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`

/** The last good pool for one that cannot be had today: never less strict towards its targets than what was saved. */
export function standInPool(spec: PoolSpec, last: Pool): Pool {
  const looser = spec.protocol === 'https' && last.protocol === 'http'
  return { ...last, targets: looser ? [] : last.targets, verify_tls: last.verify_tls || spec.verifyTls }
}

const isTarget = ({ address, port, weight }: TargetSpec): boolean =>
  (NAME.test(address) || (address.includes(':') && ADDRESS.test(address))) &&
  Number.isInteger(port) &&
  port >= 1 &&
  port <= 65535 &&
  Number.isInteger(weight) &&
  weight >= 1
