import type { AppPassword } from '@argos/contract'
import type { Insertable, Kysely } from 'kysely'
import type { AppPasswordTable } from '../db/schema.identity.ts'
import type { DB } from '../db/schema.ts'

/** SQL for app passwords, always of one person. Pass a transaction to join it. */
export function appPasswordStore(db: Kysely<DB>, userId: string) {
  const own = () =>
    db
      .selectFrom('app_password')
      .innerJoin('host', 'host.id', 'app_password.host_id')
      .where('app_password.user_id', '=', userId)
      .select([
        'app_password.id',
        'app_password.name',
        'app_password.host_id',
        'host.name as host_name',
        'app_password.paths',
        'app_password.created_at',
        'app_password.expires_at',
        'app_password.last_used_at',
        'app_password.last_address',
      ])
  return {
    /** The newest first. */
    async list(): Promise<AppPassword[]> {
      const rows = await own().orderBy('app_password.created_at', 'desc').orderBy('app_password.id').execute()
      return rows.map(viewOf)
    },
    async get(id: string): Promise<AppPassword | null> {
      const row = await own().where('app_password.id', '=', id).executeTakeFirst()
      return row ? viewOf(row) : null
    },
    async insert(row: Omit<Insertable<AppPasswordTable>, 'user_id'>): Promise<void> {
      await db
        .insertInto('app_password')
        .values({ ...row, user_id: userId })
        .execute()
    },
    async delete(id: string): Promise<void> {
      await db.deleteFrom('app_password').where('user_id', '=', userId).where('id', '=', id).execute()
    },
  }
}

type Row = Omit<AppPasswordTable, 'token_hash' | 'user_id'> & { readonly host_name: string }
const viewOf = (row: Row): AppPassword => ({
  id: row.id,
  name: row.name,
  host: { id: row.host_id, name: row.host_name },
  paths: JSON.parse(row.paths) as string[],
  createdAt: row.created_at,
  expiresAt: row.expires_at,
  lastUsedAt: row.last_used_at,
  lastAddress: row.last_address,
})
