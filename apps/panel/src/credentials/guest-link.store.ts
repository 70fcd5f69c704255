import type { GuestLink } from '@argos/contract'
import type { Insertable, Kysely } from 'kysely'
import type { GuestLinkTable } from '../db/schema.identity.ts'
import type { DB } from '../db/schema.ts'

/** SQL for guest links. Pass a transaction to join it. */
export function guestLinkStore(db: Kysely<DB>) {
  const all = () =>
    db
      .selectFrom('guest_link')
      .innerJoin('host', 'host.id', 'guest_link.host_id')
      .selectAll('guest_link')
      .select('host.name as host_name')
  return {
    /** Of a host, the newest first. */
    async ofHost(hostId: string): Promise<GuestLink[]> {
      const rows = await all()
        .where('guest_link.host_id', '=', hostId)
        .orderBy('guest_link.created_at', 'desc')
        .orderBy('guest_link.id')
        .execute()
      return rows.map(viewOf)
    },
    async get(id: string): Promise<GuestLink | null> {
      const row = await all().where('guest_link.id', '=', id).executeTakeFirst()
      return row ? viewOf(row) : null
    },
    async insert(row: Insertable<GuestLinkTable>): Promise<void> {
      await db.insertInto('guest_link').values(row).execute()
    },
    async delete(id: string): Promise<void> {
      await db.deleteFrom('guest_link').where('id', '=', id).execute()
    },
    /** Those that ended before `before`, with what was opened by them. */
    async forget(before: number): Promise<void> {
      await db.deleteFrom('guest_link').where('expires_at', '<', before).execute()
    },
  }
}

const viewOf = (row: GuestLinkTable & { readonly host_name: string }): GuestLink => ({
  id: row.id,
  host: { id: row.host_id, name: row.host_name },
  name: row.name,
  paths: JSON.parse(row.paths) as string[],
  createdAt: row.created_at,
  createdBy: row.created_by,
  expiresAt: row.expires_at,
  mostUses: row.most_uses,
  uses: row.uses,
  lastUsedAt: row.last_used_at,
})
