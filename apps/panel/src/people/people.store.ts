import { type Insertable, type Kysely, type Selectable, sql, type Updateable } from 'kysely'
import type { DB, UserTable } from '../db/schema.ts'

export type UserRow = Selectable<UserTable>
type Source = 'manual' | 'oidc'
export interface Member {
  readonly group_id: string
  readonly name: string
  readonly user_id: string
  readonly username: string
  readonly source: Source
}

/** SQL for people and the groups they are in. Pass a transaction to join it. */
export function peopleStore(db: Kysely<DB>) {
  return {
    users(id?: string) {
      let query = db.selectFrom('user').selectAll().orderBy('username')
      if (id !== undefined) query = query.where('id', '=', id)
      return query
        .select((eb) => [
          eb
            .exists(eb.selectFrom('passkey').select('id').whereRef('passkey.user_id', '=', 'user.id'))
            .as('has_passkey'),
          eb
            .exists(
              eb
                .selectFrom('totp')
                .select('user_id')
                .whereRef('totp.user_id', '=', 'user.id')
                .where('confirmed_at', 'is not', null),
            )
            .as('has_totp'),
          eb
            .exists(
              eb.selectFrom('oidc_identity').select('sub').whereRef('oidc_identity.user_id', '=', 'user.id'),
            )
            .as('has_oidc'),
        ])
        .execute()
    },
    byName(username: string): Promise<UserRow | undefined> {
      return db.selectFrom('user').selectAll().where('username', '=', username).executeTakeFirst()
    },
    byId(id: string): Promise<UserRow | undefined> {
      return db.selectFrom('user').selectAll().where('id', '=', id).executeTakeFirst()
    },
    async insert(row: Insertable<UserTable>): Promise<void> {
      await db.insertInto('user').values(row).execute()
    },
    /** Half sign-ins, which were begun with what counts no more. */
    async dropChallenges(userId: string): Promise<void> {
      await db.deleteFrom('login_challenge').where('user_id', '=', userId).execute()
    },
    async update(id: string, patch: Updateable<UserTable>): Promise<void> {
      await db.updateTable('user').set(patch).where('id', '=', id).execute()
    },
    async delete(id: string): Promise<void> {
      await db.deleteFrom('user').where('id', '=', id).execute()
    },
    sessions(userId?: string) {
      let query = db.selectFrom('session').select(['id', 'user_id', 'last_seen_at', 'expires_at'])
      if (userId !== undefined) query = query.where('user_id', '=', userId)
      return query.execute()
    },
    /** Administrators who can sign in without anybody else's help, but this one. */
    async otherLocalAdmins(id: string): Promise<number> {
      const { n } = await localAdmins(db).where('user.id', '!=', id).executeTakeFirstOrThrow()
      return n
    },
    async isLocalAdmin(id: string): Promise<boolean> {
      const { n } = await localAdmins(db).where('user.id', '=', id).executeTakeFirstOrThrow()
      return n > 0
    },
    members(where: { readonly userId?: string; readonly groupId?: string } = {}): Promise<Member[]> {
      let query = db
        .selectFrom('group_member')
        .innerJoin('person_group', 'person_group.id', 'group_member.group_id')
        .innerJoin('user', 'user.id', 'group_member.user_id')
        .select(['group_id', 'person_group.name', 'user_id', 'user.username', 'source'])
        .orderBy('person_group.name')
        .orderBy('user.username')
      if (where.userId !== undefined) query = query.where('user_id', '=', where.userId)
      if (where.groupId !== undefined) query = query.where('group_id', '=', where.groupId)
      return query.execute()
    },
    async addMembers(rows: readonly { group_id: string; user_id: string }[]): Promise<void> {
      if (rows.length === 0) return
      await db
        .insertInto('group_member')
        .values(rows.map((row) => ({ ...row, source: 'manual' as const })))
        .onConflict((c) => c.doNothing())
        .execute()
    },
    /** Takes out whom somebody put in by hand. */
    async removeMember(groupId: string, userId: string): Promise<void> {
      await db
        .deleteFrom('group_member')
        .where('group_id', '=', groupId)
        .where('user_id', '=', userId)
        .where('source', '=', 'manual')
        .execute()
    },
    groups(ids?: readonly string[]) {
      let query = db.selectFrom('person_group').selectAll().orderBy('name')
      if (ids !== undefined) query = query.where('id', 'in', ids)
      return query.execute()
    },
    async insertGroup(id: string, name: string, at: number): Promise<void> {
      await db.insertInto('person_group').values({ id, name, created_at: at }).execute()
    },
    async renameGroup(id: string, name: string): Promise<void> {
      await db.updateTable('person_group').set({ name }).where('id', '=', id).execute()
    },
    async deleteGroup(id: string): Promise<void> {
      await db.deleteFrom('person_group').where('id', '=', id).execute()
    },
    /** Policies that name a group, by the group's id. */
    async policiesByGroup(): Promise<{ group_id: string; id: string; name: string }[]> {
      const { rows } = await sql<{ group_id: string; id: string; name: string }>`
        select distinct g.id as group_id, p.id, p.name from policy p, json_tree(p.rules) t
        join person_group g on g.id = t.atom order by p.name`.execute(db)
      return rows
    },
  }
}

const localAdmins = (db: Kysely<DB>) =>
  db
    .selectFrom('user')
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .where('role', '=', 'admin')
    .where('disabled', '=', 0)
    .where((eb) =>
      eb.or([
        eb('password_hash', '!=', ''),
        eb.exists(eb.selectFrom('passkey').select('id').whereRef('passkey.user_id', '=', 'user.id')),
      ]),
    )
