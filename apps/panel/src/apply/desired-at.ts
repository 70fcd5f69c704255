import type { DesiredState, HostSpec, PolicySpec, PoolSpec, SettingsSpec } from '@argos/caddy'
import type { Kysely } from 'kysely'
import type { DB } from '../db/schema.ts'
import { defaults, readDesired } from './desired.ts'

interface Overlay {
  readonly hosts: Map<string, HostSpec | null>
  readonly pools: Map<string, PoolSpec | null>
  readonly policies: Map<string, PolicySpec | null>
  settings: SettingsSpec | null
}

/**
 * What was saved as of a change: everything as it is now, but for what later changes touched, which is as it was before
 * the first of them.
 */
export async function readDesiredAt(db: Kysely<DB>, generation: number): Promise<DesiredState> {
  const now = await readDesired(db)
  if (now.generation <= generation) return now
  const later = await db
    .selectFrom('change_object')
    .select(['kind', 'id', 'before'])
    .where('generation', '>', generation)
    .orderBy('generation')
    .execute()
  const then: Overlay = { hosts: new Map(), pools: new Map(), policies: new Map(), settings: null }
  for (const { kind, id, before } of later) {
    const was: unknown = before === null ? null : JSON.parse(before)
    if (kind === 'settings') then.settings ??= { ...defaults, ...(was as Partial<SettingsSpec>) }
    else if (kind === 'pool') put(then.pools, id, was as Omit<PoolSpec, 'id'> | null)
    else if (kind === 'policy')
      put(then.policies, id, (was as { rules: Omit<PolicySpec, 'id'> } | null)?.rules ?? null)
    else put(then.hosts, id, was as Omit<HostSpec, 'id'> | null)
  }
  return {
    ...now,
    generation,
    hosts: over(now.hosts, then.hosts),
    pools: over(now.pools, then.pools),
    policies: over(now.policies, then.policies),
    settings: then.settings ?? now.settings,
  }
}

/** The first change of an object says what it was; the contract's form has all that a spec has, but for the id. */
function put<T extends { readonly id: string }>(
  into: Map<string, T | null>,
  id: string,
  was: Omit<T, 'id'> | null,
): void {
  if (!into.has(id)) into.set(id, was && ({ ...was, id } as T))
}

const over = <T extends { readonly id: string }>(
  now: readonly T[],
  then: ReadonlyMap<string, T | null>,
): T[] => [...now.filter(({ id }) => !then.has(id)), ...[...then.values()].filter((was) => was !== null)]
