import type { GuestLink } from '@argos/contract'
import type { Light } from '../../lib/host.ts'
import { span } from '../../lib/time.ts'
import { list, things } from '../../lib/words.ts'

/** How long a link may open its host, in hours. */
export const lasting = [
  { value: '1', label: 'One hour' },
  { value: '24', label: 'One day' },
  { value: '168', label: 'A week' },
  { value: '720', label: '30 days' },
] as const
export type Lasting = (typeof lasting)[number]['value']

/** Whether it still opens the host. */
export function guestLight(link: GuestLink, now: number = Date.now()): Light {
  if (link.expiresAt <= now) return { state: 'off', words: 'ran out' }
  if (link.mostUses !== null && link.uses >= link.mostUses) return { state: 'off', words: 'used up' }
  return { state: 'watching', words: `opens for ${span(link.expiresAt - now)}` }
}

/** "3 of 5 browsers", "2 browsers", "nobody yet". */
export function usesWords({ uses, mostUses }: Pick<GuestLink, 'uses' | 'mostUses'>): string {
  if (mostUses !== null) return `${uses} of ${things(mostUses, 'browser')}`
  return uses === 0 ? 'nobody yet' : things(uses, 'browser')
}

export const whereWords = ({ paths }: Pick<GuestLink, 'paths'>): string =>
  paths.length === 0 ? 'the whole host' : list(paths)

/** Paths as they were typed, one a line. */
export const typedPaths = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)
