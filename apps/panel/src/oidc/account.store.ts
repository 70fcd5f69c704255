import type { Insertable, Kysely, Updateable } from 'kysely'
import type { DB } from '../db/schema.ts'

/** SQL for the accounts of a provider and who they are here. Pass a transaction to join it. */
export function accountStore(db: Kysely<DB>) {
  const of = (issuer: string, sub: string) =>
    db.selectFrom('oidc_identity').where('issuer', '=', issuer).where('sub', '=', sub)
  return {
    identity: (issuer: string, sub: string) => of(issuer, sub).selectAll().executeTakeFirst(),
    linkOf: (issuer: string, userId: string) =>
      db
        .selectFrom('oidc_identity')
        .selectAll()
        .where('issuer', '=', issuer)
        .where('user_id', '=', userId)
        .executeTakeFirst(),
    async insert(row: Insertable<DB['oidc_identity']>): Promise<void> {
      await db.insertInto('oidc_identity').values(row).execute()
    },
    async update(issuer: string, sub: string, patch: Updateable<DB['oidc_identity']>): Promise<void> {
      await db
        .updateTable('oidc_identity')
        .set(patch)
        .where('issuer', '=', issuer)
        .where('sub', '=', sub)
        .execute()
    },
    async unlink(issuer: string, userId: string): Promise<void> {
      await db
        .deleteFrom('oidc_identity')
        .where('issuer', '=', issuer)
        .where('user_id', '=', userId)
        .execute()
      await db.deleteFrom('group_member').where('user_id', '=', userId).where('source', '=', 'oidc').execute()
    },
    async patchUser(id: string, patch: Updateable<DB['user']>): Promise<void> {
      await db.updateTable('user').set(patch).where('id', '=', id).execute()
    },
    async insertUser(row: Insertable<DB['user']>): Promise<void> {
      await db.insertInto('user').values(row).execute()
    },
    async nameTaken(username: string): Promise<boolean> {
      const row = await db.selectFrom('user').select('id').where('username', '=', username).executeTakeFirst()
      return row !== undefined
    },
    async hasPasskey(userId: string): Promise<boolean> {
      const row = await db
        .selectFrom('passkey')
        .select('id')
        .where('user_id', '=', userId)
        .limit(1)
        .executeTakeFirst()
      return row !== undefined
    },
    /** Groups by name that a provider's claims put somebody into. */
    groupsOf: (userId: string) =>
      db
        .selectFrom('group_member')
        .innerJoin('person_group', 'person_group.id', 'group_member.group_id')
        .select(['person_group.id', 'person_group.name'])
        .where('user_id', '=', userId)
        .where('source', '=', 'oidc')
        .orderBy('person_group.name')
        .execute(),
    groupsNamed: (ids: readonly string[]) =>
      db.selectFrom('person_group').select(['id', 'name']).where('id', 'in', ids).orderBy('name').execute(),
    async setGroups(userId: string, ids: readonly string[]): Promise<void> {
      await db.deleteFrom('group_member').where('user_id', '=', userId).where('source', '=', 'oidc').execute()
      if (ids.length === 0) return
      const rows = ids.map((group_id) => ({ group_id, user_id: userId, source: 'oidc' as const }))
      await db.insertInto('group_member').values(rows).execute()
    },
  }
}
