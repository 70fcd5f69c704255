import { gateOf, type Policies } from './access.ts'
import type { HostSpec, PoolSpec, TargetSpec } from './desired.ts'
import type { AccessSpec } from './fragment.ts'
import { compileHost } from './host.ts'
import { compilePool } from './pool.ts'

/** Why something at the edge cannot be said in the panel's terms. */
export interface Untold {
  readonly no: string
}

/**
 * The host that compiles to this fragment, or why there is none: somebody wrote it by hand, and it may say things that
 * the panel has no words for. What comes out compiles to the very same again.
 */
export function decompileHost(
  id: string,
  fragment: unknown,
  policies: Policies = () => undefined,
): HostSpec | Untold {
  const f = record(fragment)
  if (f === null) return { no: 'It is no host.' }
  const handle = Array.isArray(f.handle) ? f.handle.map(record) : []
  const [gate, last, ...more] = handle
  const extra = handle.find((h) => h?.handler !== 'argos_gate' && h?.handler !== 'argos_pool')
  if (extra !== undefined)
    return { no: `It has the handler \`${String(extra?.handler)}\`, which the panel has no words for.` }
  const one = gate?.handler === 'argos_gate' && last?.handler === 'argos_pool' && more.length === 0
  if (!one) return { no: 'Its handlers are not a gate and then a pool.' }
  const access = accessOf(gate, policies)
  if ('no' in access) return access
  const spec: HostSpec = {
    id,
    domains: texts(f.names),
    enabled: f.off !== true,
    tls: f.tls as HostSpec['tls'],
    access,
    poolId: String(last.pool),
  }
  if (!['auto', 'internal', 'none'].includes(spec.tls)) return { no: `It has an unknown TLS mode.` }
  const again = compileHost(spec, { by: () => null }, () => true, policies)
  if ('message' in again) return { no: again.message }
  const differs = difference({ off: false, ...f }, again)
  return differs === null ? spec : { no: untold(differs) }
}

/** Policies are told by their ids; a gate that says more or less than they do is nobody's. */
function accessOf(gate: Record<string, unknown>, policies: Policies): AccessSpec | Untold {
  const policy = record(gate.policy)
  if (policy?.kind === 'public') return { kind: 'public' }
  const foreign = { no: 'Its gate has a policy the panel does not know.' }
  if (policy?.kind !== 'rules' || typeof policy.id !== 'string') return foreign
  const paths = (Array.isArray(policy.paths) ? policy.paths : []).map((p) => {
    const path = record(p)
    return { path: String(path?.prefix), access: path?.kind === 'public' ? 'public' : String(path?.id) }
  })
  const access: AccessSpec = {
    ...{ kind: 'policy', policyId: policy.id, paths },
    ...{ keep: gate.keep === true, assertion: gate.assertion === true },
  }
  const ours = gateOf(access, policies)
  if ('no' in ours) return foreign
  if (difference(gate, ours) === null) return access
  return { no: 'Its gate says something else than its policies do. Change the policies here instead.' }
}

/**
 * The same of a pool. Targets that are switched off are not at the edge: those of `before` stay, but for one that
 * somebody put there by hand.
 */
export function decompilePool(id: string, pool: unknown, before: PoolSpec | null = null): PoolSpec | Untold {
  const p = record(pool)
  if (p === null) return { no: 'It is no pool.' }
  const health = record(p.health) ?? {}
  const there = Array.isArray(p.targets) ? p.targets.map(target) : []
  if (there.some((t) => t === null)) return { no: 'One of its targets is no `address:port`.' }
  const targets = there.filter((t) => t !== null)
  const same = (a: TargetSpec) => targets.some((b) => b.address === a.address && b.port === a.port)
  const off = before?.targets.filter((t) => !t.enabled && !same(t)) ?? []
  const spec: PoolSpec = {
    id,
    protocol: p.protocol as PoolSpec['protocol'],
    verifyTls: p.verify_tls === true,
    preserveHost: p.preserve_host === true,
    health: {
      kind: health.kind as PoolSpec['health']['kind'],
      path: String(health.path ?? '/'),
      intervalS: Number(health.interval_s ?? 0),
      timeoutS: Number(health.timeout_s ?? 0),
    },
    targets: inPlace(targets, off, before),
  }
  if (!['http', 'https'].includes(spec.protocol)) return { no: 'It has an unknown protocol.' }
  if (!['tcp', 'http', 'off'].includes(spec.health.kind))
    return { no: 'It has a health check of an unknown kind.' }
  const again = compilePool(spec)
  if ('message' in again) return { no: again.message }
  const said = {
    verify_tls: false,
    preserve_host: false,
    ...p,
    health: { path: '/', interval_s: 0, timeout_s: 0, ...health },
    targets: (p.targets as object[]).map((t) => ({ weight: 1, ...t })),
  }
  const differs = difference(said, again)
  return differs === null ? spec : { no: untold(differs) }
}

/** Whether two forms of an object say the same, whatever the order of their fields. */
export const saysTheSame = (a: unknown, b: unknown): boolean => difference(a, b) === null

const untold = (path: string): string => `It has \`${path}\`, which the panel has no words for.`

function target(value: unknown): TargetSpec | null {
  const t = record(value)
  const found = /^(?:\[([0-9a-f:.]+)\]|([^:[\]]+)):(\d{1,5})$/.exec(String(t?.dial))
  const address = found?.[1] ?? found?.[2]
  if (t === null || address === undefined) return null
  return { address, port: Number(found?.[3]), weight: Number(t.weight ?? 1), enabled: true }
}

/** Those that are off where they stood, as far as that can be said. */
function inPlace(
  targets: readonly TargetSpec[],
  off: readonly TargetSpec[],
  before: PoolSpec | null,
): TargetSpec[] {
  const all = [...targets]
  for (const t of off) all.splice(Math.min(before?.targets.indexOf(t) ?? all.length, all.length), 0, t)
  return all
}

const record = (value: unknown): Record<string, unknown> | null =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : null
const texts = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : [])

/** Where two values differ first, as a path; null when they say the same. */
function difference(a: unknown, b: unknown, path = ''): string | null {
  if (Array.isArray(a) && Array.isArray(b)) {
    for (let i = 0; i < Math.max(a.length, b.length); i++) {
      const found = difference(a[i], b[i], `${path}[${i}]`)
      if (found !== null) return found
    }
    return null
  }
  const [x, y] = [record(a), record(b)]
  if (x !== null && y !== null) {
    for (const key of new Set([...Object.keys(x), ...Object.keys(y)])) {
      const found = difference(x[key], y[key], path === '' ? key : `${path}.${key}`)
      if (found !== null) return found
    }
    return null
  }
  return Object.is(a, b) ? null : path
}
