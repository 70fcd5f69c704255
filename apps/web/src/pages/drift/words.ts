import type { DriftObject } from '@argos/contract'
import { list, things } from '../../lib/words.ts'

type Kinds = readonly Pick<DriftObject, 'kind'>[]

/** "2 hosts and a pool": what somebody changed, counted. */
function driftedThings(objects: Kinds): string {
  const n = (kind: DriftObject['kind']) => objects.filter((object) => object.kind === kind).length
  return list([
    ...(n('host') === 0 ? [] : [things(n('host'), 'host')]),
    ...(n('pool') === 0 ? [] : [things(n('pool'), 'pool')]),
    ...(n('base') === 0 ? [] : ['listeners, logs and certificate rules']),
  ])
}

/** The page's first sentence. */
export const driftSentence = (objects: Kinds): string =>
  objects.length === 0
    ? 'The edge is as the panel left it.'
    : `Somebody changed ${driftedThings(objects)} at the edge by hand.`

const kinds: readonly DriftObject['kind'][] = ['host', 'pool', 'base']
/** Hosts before pools, each by name. */
export const inOrder = <T extends Pick<DriftObject, 'kind' | 'name'>>(objects: readonly T[]): readonly T[] =>
  objects.toSorted(
    (a, b) => kinds.indexOf(a.kind) - kinds.indexOf(b.kind) || a.name.localeCompare(b.name, 'en'),
  )

const howWords: Record<DriftObject['how'], string> = {
  edited: 'is not as the panel left it',
  added: 'was added, the panel has nothing like it',
  removed: 'was removed from the edge',
}
export const howOf = ({ how }: Pick<DriftObject, 'how'>): string => howWords[how]

export type Verb = 'reapply' | 'adopt'

/** What pressing it does to this object, as a person would feel it. */
export function effectOf(verb: Verb, { kind, how }: Pick<DriftObject, 'kind' | 'how'>): string {
  const visitors = kind === 'host' ? 'Visitors get' : 'The edge uses'
  if (verb === 'reapply') {
    if (how === 'added') return 'It goes away from the edge.'
    return `${visitors} what the panel has, from the next request on.`
  }
  if (how === 'removed') return 'It is deleted in the panel as well.'
  if (how === 'added') return 'The panel takes it in as a new one.'
  return 'The panel takes it over. Nothing changes for visitors.'
}

/** Why not all of it can be adopted at once, or null when it can. */
export function noAdoptAll(objects: readonly Pick<DriftObject, 'name' | 'noAdopt'>[]): string | null {
  const cannot = objects.filter((object) => object.noAdopt !== null)
  const [first] = cannot
  if (first === undefined) return null
  return cannot.length === 1
    ? `${first.name} cannot be adopted: ${first.noAdopt}`
    : `${things(cannot.length, 'of them', 'of them')} cannot be adopted; each says why.`
}
