import type { Kysely } from 'kysely'
import type { DB } from '../db/schema.ts'
import { appliedStore } from './applied.store.ts'
import type { DriftRow } from './drift.ts'

/** What somebody else changed, in one sentence; null when nothing. */
export async function driftWords(db: Kysely<DB>, rows: readonly DriftRow[]): Promise<string | null> {
  if (rows.length === 0) return null
  const count = (kind: DriftRow['kind'], one: string) => {
    const n = rows.filter((row) => row.kind === kind).length
    return n === 0 ? [] : [`${n} ${one}${n === 1 ? '' : 's'}`]
  }
  const what = listed([
    ...count('host', 'host'),
    ...count('pool', 'pool'),
    ...(rows.some((row) => row.kind === 'base') ? ['listeners, logs and certificate rules'] : []),
  ])
  // A panel with an empty database finds another one's configuration.
  const known = await appliedStore(db).count()
  return known === 0
    ? `The edge serves ${what} that this panel did not give it. They stay until you put back or adopt them.`
    : `Somebody changed ${what} at the edge by hand.`
}

export const listed = (parts: readonly string[]): string =>
  parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`
