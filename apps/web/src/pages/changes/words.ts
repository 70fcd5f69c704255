import type { Revision } from '@argos/contract'
import { afterWho } from '../../lib/actor.ts'
import type { Light } from '../../lib/host.ts'

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
      return { state: 'busy', words: 'waits to be kept' }
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
