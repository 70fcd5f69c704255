import type { EdgeClient } from '@argos/caddy-admin'
import type { Kysely } from 'kysely'
import { pendingStore } from '../changes/pending.store.ts'
import type { DB } from '../db/schema.ts'
import type { Memory } from './memory.ts'

/**
 * The edge holds a change for a limited time that nothing here waits for. One of ours that was put back while the edge
 * could not be asked is put back there too, which answers true; anybody else's is left alone, waited for, and told of.
 */
export async function stranger(deps: {
  readonly db: Kysely<DB>
  readonly edge: EdgeClient
  readonly memory: Memory
}): Promise<boolean> {
  const { db, edge, memory } = deps
  memory.lastError = WORDS
  const { pending } = await edge.summary()
  const last = await pendingStore(db).last()
  if (!pending) return true
  if (pending.id !== last?.id) return false
  await edge.revert(pending.id)
  return true
}

export const WORDS =
  'The edge waits for somebody else’s change to be kept. What was saved here goes live after it.'
