import { isDeepStrictEqual } from 'node:util'
import type { HostInput, ObjectDiff, PolicyInput, PoolInput, Settings } from '@argos/contract'
import { policyEffects, policyLines } from '../access/access-words.ts'
import type { PoliciesAround } from '../access/around.ts'
import { lineDiff } from '../hosts/diff.ts'
import { effects, poolEffects } from '../hosts/effects.ts'
import { type HostWithPool, hostLines, poolLines } from '../hosts/settings-lines.ts'
import { settingsEffects, settingsLines } from '../settings/settings-effects.ts'
import { listed } from '../words.ts'
import type { ChangedObject } from './objects.ts'

/** What is known of pools around a change: how they were before it, and how they are after it. */
export interface PoolsAround {
  before(id: string): PoolInput | null
  after(id: string): PoolInput | null
}

/** As the changes themselves tell of pools; those they do not touch are as they are known. */
export function poolsAround(
  objects: readonly ChangedObject[],
  known: readonly (PoolInput & { readonly id: string })[],
): PoolsAround {
  const others = new Map(known.map((pool) => [pool.id, pool]))
  const mine = new Map(objects.flatMap((o) => (o.kind === 'pool' ? [[o.id, o] as const] : [])))
  const on = (side: 'before' | 'after') => (id: string) => {
    const told = mine.get(id)
    return told ? (told[side] as PoolInput | null) : (others.get(id) ?? null)
  }
  return { before: on('before'), after: on('after') }
}

/** Pools that hosts of these changes use or used; those that changed along tell of themselves. */
export const poolsNamed = (objects: readonly ChangedObject[]): string[] => [
  ...new Set(
    objects.flatMap(({ kind, before, after }) =>
      kind === 'host' ? [before, after].flatMap((host) => (host ? [(host as HostInput).poolId] : [])) : [],
    ),
  ),
]

/** One object of a change in words and lines. */
export function described(object: ChangedObject, around: Around): ObjectDiff {
  const { kind, id, name, before, after } = object
  const how = before === null ? 'added' : after === null ? 'removed' : 'changed'
  return { kind, id, name, how, ...told(object, around) }
}

export interface Around {
  readonly pools: PoolsAround
  readonly policies: PoliciesAround
}

function told(
  { kind, id, before, after }: ChangedObject,
  around: Around,
): Pick<ObjectDiff, 'words' | 'diff'> {
  if (kind === 'pool') return pool(before as PoolInput | null, after as PoolInput | null)
  if (kind === 'settings') return settings(before as Settings | null, after as Settings | null)
  if (kind === 'policy') return policy(id, before as PolicyInput | null, after as PolicyInput | null, around)
  return host(before as HostInput | null, after as HostInput | null, around)
}

function host(
  before: HostInput | null,
  after: HostInput | null,
  { pools, policies }: Around,
): Pick<ObjectDiff, 'words' | 'diff'> {
  // A pool that stays the host's is told of by itself.
  const stays = before !== null && after !== null && before.poolId === after.poolId
  const withPool = (input: HostInput, side: 'before' | 'after'): HostWithPool => ({
    host: input,
    pool: pools[stays ? 'after' : side](input.poolId) ?? unknown,
    // What becomes of it by a policy that changes is told with the policy.
    policies: policies[isDeepStrictEqual(before?.access, after?.access) ? 'after' : side],
  })
  const was = before && withPool(before, 'before')
  const is = after && withPool(after, 'after')
  return {
    words: is ? effects(was, is) : was ? goneHost(was.host) : [],
    diff: lineDiff(was ? hostLines(was) : [], is ? hostLines(is) : []),
  }
}

function goneHost({ domains, enabled }: Pick<HostInput, 'domains' | 'enabled'>): string[] {
  const one = domains.length === 1
  return [
    enabled
      ? `${listed(domains)} ${one ? 'is' : 'are'} not served from now on, and open connections to ${one ? 'it' : 'them'} end.`
      : `${listed(domains)} ${one ? 'is' : 'are'} forgotten; visitors got a 404 already.`,
  ]
}

const pool = (before: PoolInput | null, after: PoolInput | null): Pick<ObjectDiff, 'words' | 'diff'> => ({
  words: before && after ? poolEffects(before, after) : after ? [] : [`The pool ${before?.name} goes.`],
  diff: lineDiff(before ? poolLines(before) : [], after ? poolLines(after) : []),
})

function policy(
  id: string,
  before: PolicyInput | null,
  after: PolicyInput | null,
  { policies: { after: known, users } }: Around,
): Pick<ObjectDiff, 'words' | 'diff'> {
  const hosts = [
    ...new Set(
      users(id)
        .filter((user) => user.enabled)
        .map((user) => user.name),
    ),
  ]
  return {
    words: policyEffects(before, after, hosts, known.names),
    diff: lineDiff(
      before ? policyLines(before, known.names) : [],
      after ? policyLines(after, known.names) : [],
    ),
  }
}

const settings = (before: Settings | null, after: Settings | null): Pick<ObjectDiff, 'words' | 'diff'> => ({
  words: before && after ? settingsEffects(before, after) : [],
  diff: lineDiff(before ? settingsLines(before) : [], after ? settingsLines(after) : []),
})

/** Of a pool that nobody knows any more. */
const unknown: PoolInput = {
  name: 'a pool that is gone',
  protocol: 'http',
  verifyTls: true,
  preserveHost: true,
  health: { kind: 'tcp', path: '/', intervalS: 15, timeoutS: 5 },
  targets: [],
}
