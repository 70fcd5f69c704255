import type { Transaction } from 'kysely'
import type { DB } from '../db/schema.ts'
import { linkStore } from './links.store.ts'

/**
 * Links that an administrator made end with what they may: an invitation kept back would make them one again. Says so
 * in words for the audit trail.
 */
export async function endLinksBy(trx: Transaction<DB>, username: string): Promise<string> {
  const ended = await linkStore(trx).dropMadeBy(username)
  if (ended === 0) return ''
  return `; ${ended === 1 ? 'an open link they had made ended' : `${ended} open links they had made ended`}`
}
