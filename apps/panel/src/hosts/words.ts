import type { HostInput } from '@argos/contract'

/** A change of one host as the audit says it, or null when nothing changes. */
export function changeWords(before: HostInput, after: HostInput): string | null {
  const name = after.domains[0] ?? ''
  const differing = parts.filter(([, key]) => JSON.stringify(before[key]) !== JSON.stringify(after[key]))
  const [only, ...more] = differing
  if (!only) return null
  if (more.length === 0 && only[1] === 'enabled') return after.enabled ? `Resumed ${name}` : `Paused ${name}`
  if (more.length === 0 && only[1] === 'domains' && before.domains[0] !== name)
    return `Changed the names of ${before.domains[0]}: ${after.domains.join(', ')}`
  const named = differing.map(([word, key]) =>
    key === 'enabled' ? (after.enabled ? 'resumed' : 'paused') : word,
  )
  return `Changed ${name}: ${named.join(', ')}`
}

const parts: readonly [string, keyof HostInput][] = [
  ['names', 'domains'],
  ['state', 'enabled'],
  ['certificate', 'tls'],
  ['who gets in', 'access'],
  ['tags', 'tags'],
  ['note', 'note'],
  ['pool', 'poolId'],
]
