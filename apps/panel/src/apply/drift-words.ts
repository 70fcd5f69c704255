import type { Kysely } from 'kysely'
import type { DB } from '../db/schema.ts'
import { listed, things } from '../words.ts'
import { appliedStore } from './applied.store.ts'
import type { DriftRow } from './drift.ts'
import { BASE_NAME } from './theirs.ts'

/** What somebody else changed, in one sentence; null when nothing. */
export async function driftWords(db: Kysely<DB>, rows: readonly DriftRow[]): Promise<string | null> {
  if (rows.length === 0) return null
  const what = driftedThings(rows)
  // A panel with an empty database finds another one's configuration.
  const known = await appliedStore(db).count()
  return known === 0
    ? `The edge serves ${what} that this panel did not give it. They stay until you put back or adopt them.`
    : `Somebody changed ${what} at the edge by hand.`
}

/** "2 hosts, 1 pool and listeners, logs and certificate rules". */
export function driftedThings(rows: readonly Pick<DriftRow, 'kind'>[]): string {
  const count = (kind: DriftRow['kind']) => rows.filter((row) => row.kind === kind).length
  const some = (n: number, words: string) => (n === 0 ? [] : [words])
  return listed([
    ...some(count('host'), things(count('host'), 'host')),
    ...some(count('pool'), things(count('pool'), 'pool')),
    ...some(count('base'), BASE_NAME.toLowerCase()),
  ])
}
