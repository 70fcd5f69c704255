import { type EdgeClient, isEdgeError } from '@argos/caddy-admin'
import type { Kysely } from 'kysely'
import type { DB } from '../db/schema.ts'
import type { Checked, CheckRefusal, WouldBe } from './apply.types.ts'
import { readPolicies } from './desired.ts'
import type { Memory } from './memory.ts'
import { compileEdit, type Edit } from './picture.ts'
import { split, whyOf } from './refusals.ts'
import { readSince } from './since.ts'

/** `check` for an edit that concerns nothing else; null when that is not certain, or when it would be refused here. */
export async function checkEdit(
  { db, edge, memory }: { db: Kysely<DB>; edge: EdgeClient; memory: Memory },
  { hosts = [], pools = [], policies = [], gone = nothing }: WouldBe,
): Promise<Checked | null> {
  const { picture } = memory
  if (picture === null) return null
  const since = await readSince(db, picture)
  // A pass that went by meanwhile has taken what was touched off the list.
  if (since === null || memory.picture !== picture) return null
  const needed = merged(await readPolicies(db, hosts), policies)
  const compiled = compileEdit(picture, over(since.edit, { hosts, pools, policies: needed, gone }))
  if (compiled === null) return null

  const asked = {
    hosts: those(
      compiled.hosts,
      hosts.map((h) => h.id),
    ),
    // A host's pool may be as new as the host.
    pools: those(compiled.pools, [...pools.map((p) => p.id), ...hosts.map((h) => h.poolId)]),
  }
  try {
    const said = await edge.validate(asked)
    const refused = Object.entries(said).map(([key, refusal]): CheckRefusal => {
      const { kind, id } = split(key)
      return { kind, id, ...whyOf(kind, id, refusal, { hosts, pools }, asked) }
    })
    const mine = refused.filter(({ kind, id }) => (kind === 'host' ? hosts : pools).some((o) => o.id === id))
    return { accepted: mine.length === 0, refused: mine, needsLoad: false }
  } catch (err) {
    if (!isEdgeError(err)) throw err
    return { accepted: null, refused: [], needsLoad: false }
  }
}

const nothing = { hosts: [], pools: [] }

function over(edit: Edit, { hosts, pools, policies, gone }: Required<WouldBe>): Edit {
  return {
    hostIds: new Set([...edit.hostIds, ...gone.hosts, ...hosts.map((h) => h.id)]),
    poolIds: new Set([...edit.poolIds, ...gone.pools, ...pools.map((p) => p.id)]),
    hosts: without(gone.hosts, merged(edit.hosts, hosts)),
    pools: without(gone.pools, merged(edit.pools, pools)),
    policies: merged(edit.policies, policies),
  }
}

const without = <T extends { readonly id: string }>(gone: readonly string[], all: readonly T[]): T[] =>
  all.filter((one) => !gone.includes(one.id))

const those = <T>(
  of: ReadonlyMap<string, { readonly value: T } | null>,
  ids: readonly string[],
): Record<string, T> =>
  Object.fromEntries(
    ids.flatMap((id) => {
      const found = of.get(id)
      return found ? [[id, found.value]] : []
    }),
  )

const merged = <T extends { readonly id: string }>(all: readonly T[], changes: readonly T[]): T[] => [
  ...new Map([...all, ...changes].map((t) => [t.id, t])).values(),
]
