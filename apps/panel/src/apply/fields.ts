import { dialOf, type HostSpec, type PoolSpec } from '@argos/caddy'

/** The edge speaks of fragments, people of hosts: where in the API's object a refused part of a fragment is. */
export function hostField(
  field: string | null,
  host: HostSpec | undefined,
  names: readonly string[],
): string | null {
  if (field === null) return null
  const [, index] = /^names\[(\d+)\]/.exec(field) ?? []
  if (index !== undefined) {
    const at = host?.domains.indexOf(names[Number(index)] ?? '') ?? -1
    return `domains[${at === -1 ? index : at}]`
  }
  if (/^handle\[0\]/.test(field)) return 'access'
  if (/^handle\[\d+\]\.pool/.test(field)) return 'poolId'
  return { names: 'domains', tls: 'tls', off: 'enabled' }[field] ?? field
}

/** The edge's targets are the enabled ones only. */
export function poolField(field: string | null, pool: PoolSpec | undefined): string | null {
  if (field === null) return null
  const [, index, rest = ''] = /^targets\[(\d+)\](\..+)?$/.exec(field) ?? []
  if (index !== undefined) {
    const enabled = (pool?.targets ?? []).map((t, i) => ({ t, i })).filter(({ t }) => t.enabled)
    const at = enabled[Number(index)]?.i ?? Number(index)
    return `targets[${at}]${rest === '.dial' ? '.address' : rest}`
  }
  const renamed: Record<string, string> = {
    verify_tls: 'verifyTls',
    preserve_host: 'preserveHost',
    'health.interval_s': 'health.intervalS',
    'health.timeout_s': 'health.timeoutS',
  }
  return renamed[field] ?? field
}

/** What the edge dials, by the pool's own targets. */
export const dials = (pool: PoolSpec): string[] => pool.targets.map((t) => dialOf(t.address, t.port))
