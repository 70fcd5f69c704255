import type { Kysely } from 'kysely'
import type { DB } from '../db/schema.ts'
import { type AppliedRow, appliedStore, type PendingChange } from './applied.store.ts'
import { readSome, savedGeneration } from './desired.ts'
import type { Edit, Picture } from './picture.ts'

/** What was saved since a picture. */
export interface Since {
  readonly seq: number
  readonly generation: number
  readonly edit: Edit
  readonly changes: readonly PendingChange[]
  readonly applied: readonly AppliedRow[]
}

/** Beyond this it is no small edit. */
const FEW = 100

/** Reads what was touched since, as of one moment; null when that is much, or settings, which concern everything, or while a change waits. */
export const readSince = (db: Kysely<DB>, picture: Picture): Promise<Since | null> =>
  db
    .transaction()
    .setAccessMode('read only')
    .execute(async (trx) => {
      const store = appliedStore(trx)
      if ((await store.waiting()) !== null) return null
      const touched = await store.touchedAfter(picture.seq, FEW + 1)
      if (touched.length > FEW || touched.some((t) => t.kind === 'setting')) return null
      const changes = await store.changesAfter(picture.generation)
      // A change of a pool names the hosts that use it.
      const named = changes.flatMap((c) => c.hosts)
      const hostIds = new Set([...touched.filter((t) => t.kind === 'host').map((t) => t.id), ...named])
      const poolIds = new Set(touched.filter((t) => t.kind === 'pool').map((t) => t.id))
      if (hostIds.size > FEW) return null
      const ids = { hosts: [...hostIds].sort(), pools: [...poolIds].sort() }
      return {
        seq: touched.at(-1)?.seq ?? picture.seq,
        generation: await savedGeneration(trx),
        edit: { hostIds: new Set(ids.hosts), poolIds: new Set(ids.pools), ...(await readSome(trx, ids)) },
        changes,
        applied: [...(await store.some('host', ids.hosts)), ...(await store.some('pool', ids.pools))],
      }
    })
