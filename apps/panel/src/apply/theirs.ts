import type { EdgeClient } from '@argos/caddy-admin'
import type { AppliedKind } from './applied.store.ts'

/** What the edge has of everything, as JSON. Its hosts and pools may be anybody's, so nothing is known of their shape. */
export interface Theirs {
  readonly base: unknown
  readonly hosts: Readonly<Record<string, unknown>>
  readonly pools: Readonly<Record<string, unknown>>
}

export async function theirsAt(edge: Pick<EdgeClient, 'config'>): Promise<Theirs> {
  const whole = object(await edge.config())
  const apps = object(whole.apps)
  const { hosts, pools, generation: _, ...argos } = object(apps.argos)
  const base = { ...whole, apps: { ...apps, argos } }
  return { base, hosts: object(hosts), pools: object(pools) }
}

/** One of them; null when it is not there. */
export function theirsOf(theirs: Theirs, kind: AppliedKind, id: string): unknown {
  if (kind === 'base') return theirs.base
  const all = kind === 'host' ? theirs.hosts : theirs.pools
  return Object.hasOwn(all, id) ? (all[id] ?? null) : null
}

/** The base, as a person calls it. */
export const BASE_NAME = 'Listeners, logs and certificate rules'

/** What a person calls it: a host by its first name. */
export function nameIn(kind: AppliedKind, id: string, ...forms: readonly unknown[]): string {
  if (kind === 'base') return BASE_NAME
  for (const form of forms) {
    const { names } = object(form)
    const first: unknown = Array.isArray(names) ? names[0] : undefined
    if (typeof first === 'string') return first
  }
  return id
}

const object = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
