import type { Kysely } from 'kysely'
import type { DB } from '../db/schema.ts'
import { hostStore } from './host.store.ts'
import { hostBulker } from './host-bulk.ts'
import type { HostDeps } from './host-deps.ts'
import { hostReader } from './host-reader.ts'
import { hostWriter } from './host-writer.ts'
import { hostWrites } from './host-writes.ts'

export type { SavedHost } from './host.store.ts'
export type HostService = ReturnType<typeof hostService>

/** Published hosts: what can be asked about them and done with them. */
export function hostService(deps: HostDeps) {
  const reader = hostReader(deps)
  const writes = hostWrites(deps)
  const { list, view, at, ownerOf } = reader
  return {
    list,
    view,
    at,
    ownerOf,
    writes,
    ...hostWriter(deps, reader, writes),
    bulk: hostBulker(deps, reader, writes),
    /** For what reads many features in one transaction. */
    within: (trx: Kysely<DB>) => ({ all: () => hostStore(trx).list() }),
  }
}
