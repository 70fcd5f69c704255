import type { Change, ObjectDiff, Revision, SystemStatus } from '@argos/contract'
import { afterWho } from '../../lib/actor.ts'
import type { Light } from '../../lib/host.ts'
import { list, things } from '../../lib/words.ts'

/** What became of a revision. */
export function outcomeLight({ outcome }: Pick<Revision, 'outcome'>): Light {
  switch (outcome) {
    case 'live':
      return { state: 'ok', words: 'live' }
    case 'refused':
      return { state: 'bad', words: 'refused by the edge' }
    case 'failed':
      return { state: 'bad', words: 'did not reach the edge' }
    case 'pending':
      return { state: 'watching', words: 'waits to be kept' }
    case 'returned':
      return { state: 'warn', words: 'went back' }
  }
}

/** What the visit after the change found: `words` are the panel's, the shape follows them. Not visited is unknown. */
export function probeLight(probe: string | null): Light {
  if (probe === null) return { state: 'unknown', words: 'not visited' }
  const words = afterWho(probe.replace(/\.$/, ''))
  if (/^answers [1-4]\d\d\b/.test(words)) return { state: 'ok', words }
  if (/^paused: answers 404\b/.test(words)) return { state: 'off', words }
  if (/being issued/.test(words)) return { state: 'busy', words }
  return { state: 'warn', words }
}

/** How it was brought to the edge, by its consequence. */
export const kindWords: Record<Revision['kind'], string> = {
  swap: 'swapped in place, host by host',
  load: 'the whole configuration was loaded',
}

/** What went wrong or is not decided, above everything else; the reason stands after it. */
export function outcomeNote({ outcome }: Pick<Revision, 'outcome'>): {
  readonly tone: 'bad' | 'warn' | 'plain'
  readonly words: string
} | null {
  switch (outcome) {
    case 'live':
      return null
    case 'refused':
      return { tone: 'bad', words: 'The edge refused it.' }
    case 'failed':
      return { tone: 'bad', words: 'It did not reach the edge.' }
    case 'pending':
      return { tone: 'plain', words: 'It is live for now and goes back by itself unless somebody keeps it.' }
    case 'returned':
      return { tone: 'warn', words: 'It went back; what was before it is live again.' }
  }
}

const kinds = { host: '', pool: 'pool ', policy: 'policy ', settings: '' }
/** "photos.example.com", "pool nas", "Settings". */
export const objectTitle = ({ kind, name }: Pick<ObjectDiff, 'kind' | 'name'>): string =>
  kind === 'settings' ? 'Settings' : `${kinds[kind]}${name}`

/** "2 hosts and 1 pool differ." */
export function comparedWords(objects: readonly Pick<ObjectDiff, 'kind'>[]): string {
  const n = (kind: ObjectDiff['kind']) => objects.filter((object) => object.kind === kind).length
  const parts = [
    n('host') === 0 ? [] : [things(n('host'), 'host')],
    n('pool') === 0 ? [] : [things(n('pool'), 'pool')],
    n('policy') === 0 ? [] : [things(n('policy'), 'policy', 'policies')],
    n('settings') === 0 ? [] : ['the settings'],
  ].flat()
  if (parts.length === 0) return 'Nothing differs.'
  const one = objects.length === 1 && n('settings') === 0
  return `${list(parts)} ${one ? 'differs' : 'differ'}.`
}

/** Why there is nothing to restore, or null when there is. */
export function noRestore(
  { number, outcome }: Pick<Revision, 'number' | 'outcome'>,
  { lastRevision, inSync }: Pick<SystemStatus['generations'], 'lastRevision' | 'inSync'>,
): string | null {
  if (outcome === 'pending') return 'It waits to be kept.'
  if (outcome === 'returned' || outcome === 'failed') return 'It did not stay, so it is no state to restore.'
  return number === lastRevision && inSync ? 'This is what is live now.' : null
}

/** What a revision is compared with. */
export type Against = number | 'now'
/** The open row in the address: "419", "419..418", "419..now". */
export const openText = (number: number, against: Against | null): string =>
  against === null ? String(number) : `${number}..${against}`
/** Number 0 is none. */
export function parseOpen(open: string): { readonly number: number; readonly against: Against | null } {
  const [, number = '0', , to] = /^(\d{1,15})(\.\.(\d{1,15}|now))?$/.exec(open) ?? []
  return { number: Number(number), against: to === undefined ? null : to === 'now' ? 'now' : Number(to) }
}

/** What became of a saved change: its revision knows; without one it waits, is on its way, or concerned only the panel. */
export function changeLight(
  { generation, revision }: Pick<Change, 'generation' | 'revision'>,
  its: Pick<Revision, 'outcome' | 'generation'> | undefined,
  { applied, waits }: { readonly applied: number | null; readonly waits: number | null },
): Light | null {
  // What puts a change back belongs to the revision that tells of it, and stays itself.
  if (its?.outcome === 'returned' && generation > its.generation) return outcomeLight({ outcome: 'live' })
  if (its) return outcomeLight(its)
  if (generation === waits) return outcomeLight({ outcome: 'pending' })
  if (revision !== null || applied === null) return null
  if (waits !== null && generation > waits) return { state: 'watching', words: 'queued' }
  return generation > applied
    ? { state: 'busy', words: 'going live' }
    : { state: 'off', words: 'nothing for the edge' }
}
