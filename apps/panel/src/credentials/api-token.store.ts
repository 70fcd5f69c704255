import type { ApiToken, Role, Scope } from '@argos/contract'
import type { Insertable, Kysely } from 'kysely'
import type { ApiTokenTable } from '../db/schema.identity.ts'
import type { DB } from '../db/schema.ts'

export interface FoundToken {
  readonly id: string
  readonly name: string
  readonly userId: string
  readonly username: string
  readonly role: Role
  readonly scopes: readonly Scope[]
  readonly expiresAt: number | null
  readonly lastUsedAt: number | null
}

/** SQL for tokens of the API. Pass a transaction to join it. */
export function apiTokenStore(db: Kysely<DB>) {
  return {
    /** Of one person, the newest first. */
    async ofUser(userId: string): Promise<ApiToken[]> {
      const rows = await db
        .selectFrom('api_token')
        .selectAll()
        .where('user_id', '=', userId)
        .orderBy('created_at', 'desc')
        .orderBy('id')
        .execute()
      return rows.map(viewOf)
    },
    /** With its person; nothing when that person is disabled. */
    async find(tokenHash: string): Promise<FoundToken | null> {
      const row = await db
        .selectFrom('api_token')
        .innerJoin('user', 'user.id', 'api_token.user_id')
        .select(['api_token.id', 'api_token.name', 'api_token.scopes', 'api_token.expires_at'])
        .select(['api_token.last_used_at', 'user.id as user_id', 'user.username', 'user.role'])
        .where('token_hash', '=', tokenHash)
        .where('user.disabled', '=', 0)
        .executeTakeFirst()
      if (row === undefined) return null
      return {
        id: row.id,
        name: row.name,
        userId: row.user_id,
        username: row.username,
        role: row.role,
        scopes: JSON.parse(row.scopes) as Scope[],
        expiresAt: row.expires_at,
        lastUsedAt: row.last_used_at,
      }
    },
    async insert(row: Insertable<ApiTokenTable>): Promise<void> {
      await db.insertInto('api_token').values(row).execute()
    },
    async used(id: string, at: number, address: string): Promise<void> {
      await db
        .updateTable('api_token')
        .set({ last_used_at: at, last_address: address })
        .where('id', '=', id)
        .execute()
    },
    /** Answers its name when there was one. */
    async delete(userId: string, id: string): Promise<string | null> {
      const row = await db
        .deleteFrom('api_token')
        .where('user_id', '=', userId)
        .where('id', '=', id)
        .returning('name')
        .executeTakeFirst()
      return row?.name ?? null
    },
  }
}

const viewOf = (row: ApiTokenTable): ApiToken => ({
  id: row.id,
  name: row.name,
  scopes: JSON.parse(row.scopes) as Scope[],
  createdAt: row.created_at,
  expiresAt: row.expires_at,
  lastUsedAt: row.last_used_at,
  lastAddress: row.last_address,
})
