import { type Kysely, sql } from 'kysely'
import type { DB } from '../db/schema.ts'

/** SQL for links that let guests in. Inside a transaction. */
export function guestStore(trx: Kysely<DB>) {
  return {
    /** Counts a use of the link and lets the bearer of the new token in; null when it is over or used up. */
    async open(opened: {
      readonly linkHash: string
      readonly tokenHash: string
      readonly host: string
      readonly now: number
    }): Promise<{ readonly id: string; readonly paths: string; readonly expires_at: number } | null> {
      const { linkHash, tokenHash, host, now } = opened
      const link = await trx
        .updateTable('guest_link')
        .set({ uses: sql`uses + 1`, last_used_at: now })
        .where('token_hash', '=', linkHash)
        .where('host_id', '=', host)
        .where('expires_at', '>', now)
        .where((eb) => eb.or([eb('most_uses', 'is', null), eb('uses', '<', eb.ref('most_uses'))]))
        .returning(['id', 'paths', 'expires_at'])
        .executeTakeFirst()
      if (link === undefined) return null
      await trx
        .insertInto('guest_session')
        .values({
          ...{ token_hash: tokenHash, guest_link_id: link.id },
          ...{ created_at: now, expires_at: link.expires_at },
        })
        .execute()
      return link
    },
  }
}
