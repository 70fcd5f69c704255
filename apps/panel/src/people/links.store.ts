import type { Insertable, Kysely, Selectable } from 'kysely'
import type { InvitationTable, PasswordResetTable } from '../db/schema.identity.ts'
import type { DB } from '../db/schema.ts'

export type InvitationRow = Selectable<InvitationTable>

/** SQL for links that make an account or set a password. Pass a transaction to join it. */
export function linkStore(db: Kysely<DB>) {
  return {
    invitations(since: number): Promise<InvitationRow[]> {
      return db
        .selectFrom('invitation')
        .selectAll()
        .where('expires_at', '>', since)
        .orderBy('created_at', 'desc')
        .orderBy('id')
        .execute()
    },
    invitation(id: string): Promise<InvitationRow | undefined> {
      return db.selectFrom('invitation').selectAll().where('id', '=', id).executeTakeFirst()
    },
    async insertInvitation(row: Insertable<InvitationTable>): Promise<void> {
      await db.insertInto('invitation').values(row).execute()
    },
    /** The one that this token opens: not used, not run out. */
    openInvitation(tokenHash: string, now: number): Promise<InvitationRow | undefined> {
      return db
        .selectFrom('invitation')
        .selectAll()
        .where('token_hash', '=', tokenHash)
        .where('used_at', 'is', null)
        .where('expires_at', '>', now)
        .executeTakeFirst()
    },
    /** Once only: false when somebody else was first. */
    async useInvitation(id: string, by: string, at: number): Promise<boolean> {
      const { numUpdatedRows } = await db
        .updateTable('invitation')
        .set({ used_at: at, used_by: by })
        .where('id', '=', id)
        .where('used_at', 'is', null)
        .executeTakeFirst()
      return numUpdatedRows === 1n
    },
    async deleteInvitation(id: string): Promise<void> {
      await db.deleteFrom('invitation').where('id', '=', id).execute()
    },
    /** A person's only one: older ones end. */
    async replaceReset(row: Insertable<PasswordResetTable>): Promise<void> {
      await db.deleteFrom('password_reset').where('user_id', '=', row.user_id).execute()
      await db.insertInto('password_reset').values(row).execute()
    },
    openReset(tokenHash: string, now: number) {
      return db
        .selectFrom('password_reset')
        .innerJoin('user', 'user.id', 'password_reset.user_id')
        .select(['password_reset.user_id', 'password_reset.expires_at', 'user.username'])
        .where('token_hash', '=', tokenHash)
        .where('expires_at', '>', now)
        .executeTakeFirst()
    },
    async dropResets(userId: string): Promise<void> {
      await db.deleteFrom('password_reset').where('user_id', '=', userId).execute()
    },
    /** Invitations that nobody used yet, and links to set a password; answers how many. */
    async dropMadeBy(username: string): Promise<number> {
      const invitations = await db
        .deleteFrom('invitation')
        .where('created_by', '=', username)
        .where('used_at', 'is', null)
        .executeTakeFirst()
      const resets = await db
        .deleteFrom('password_reset')
        .where('created_by', '=', username)
        .executeTakeFirst()
      return Number(invitations.numDeletedRows + resets.numDeletedRows)
    },
    async makerIs(before: string, after: string): Promise<void> {
      for (const table of ['invitation', 'password_reset'] as const)
        await db.updateTable(table).set({ created_by: after }).where('created_by', '=', before).execute()
    },
    async forget(invitationsBefore: number, now: number): Promise<void> {
      await db.deleteFrom('invitation').where('expires_at', '<=', invitationsBefore).execute()
      await db.deleteFrom('password_reset').where('expires_at', '<=', now).execute()
    },
  }
}
