import type { HostInput, Preview } from '@argos/contract'
import { listed, things } from '../words.ts'
import type { Draft } from './commit.ts'
import type { ChangedObject } from './objects.ts'
import type { Plan } from './preview.plans.ts'
import type { Tried } from './preview.tried.ts'

/** Of a few objects what happens to each; of many only what happens to all. */
export function wordsOf(draft: Draft, diffs: readonly Preview['objects'][number][]): string[] {
  if (diffs.length === 0) return ['Nothing changes.']
  if (diffs.length <= 4) return [...new Set(diffs.flatMap((diff) => diff.words))]
  const counts = Map.groupBy(diffs, ({ kind, how }) => `${kind} ${how}`)
  return [
    ...draft.words.map((words) => `${words}.`),
    ...[...counts].map(([, [first, ...rest]]) => {
      const n = rest.length + 1
      const what = first?.kind === 'settings' ? 'the settings' : things(n, first?.kind ?? 'object')
      const becomes = { added: 'comes', changed: 'changes', removed: 'goes' }[first?.how ?? 'changed']
      const become = { added: 'come', changed: 'change', removed: 'go' }[first?.how ?? 'changed']
      return `${what.replace(/^./, (c) => c.toUpperCase())} ${n === 1 ? becomes : become}.`
    }),
  ]
}

/** Who else feels it because of a pool they share. */
export function sharing(
  plan: Pick<Plan, 'host'>,
  objects: readonly ChangedObject[],
  users: Tried['users'],
): string[] {
  if (!objects.some((o) => o.kind === 'pool' && o.before && o.after)) return []
  const others = users
    .filter((user) => user.by === 'pool' && user.id !== plan.host?.id)
    .map((user) => user.name)
  if (others.length === 0) return []
  return plan.host
    ? [`The same goes for ${listed(others)}, with the same pool.`]
    : [`${listed(others)} ${others.length === 1 ? 'uses' : 'use'} it.`]
}

/** Published hosts that it touches, by themselves, by a pool or by a policy. */
export function servedBy(objects: readonly ChangedObject[], { published }: Tried): number {
  const own = objects.flatMap(({ kind, id, before, after }) => {
    const [was, is] = [before, after] as [HostInput | null, HostInput | null]
    return kind === 'host' && (was?.enabled || is?.enabled) ? [id] : []
  })
  return new Set([...own, ...published]).size
}
