import type { Kysely } from 'kysely'
import type { DB } from '../db/schema.ts'

/** SQL for what credentials stand for. All of it reads. */
export function factsStore(db: Kysely<DB>) {
  return {
    /** The session that a host's own cookie was made from. */
    edgeSession: (tokenHash: string, host: string) =>
      db
        .selectFrom('edge_session')
        .select(['session_id', 'expires_at'])
        .where('token_hash', '=', tokenHash)
        .where('host_id', '=', host)
        .executeTakeFirst(),

    /** With its owner; nothing when that person is disabled. */
    appPassword: (tokenHash: string, host: string) =>
      db
        .selectFrom('app_password')
        .innerJoin('user', 'user.id', 'app_password.user_id')
        .select([
          'app_password.id',
          'app_password.user_id',
          'app_password.paths',
          'app_password.created_at',
          'app_password.expires_at',
          'user.username',
        ])
        .where('app_password.token_hash', '=', tokenHash)
        .where('app_password.host_id', '=', host)
        .where('user.disabled', '=', 0)
        .executeTakeFirst(),

    guestSession: (tokenHash: string, host: string) =>
      db
        .selectFrom('guest_session')
        .innerJoin('guest_link', 'guest_link.id', 'guest_session.guest_link_id')
        .select([
          'guest_link.id',
          'guest_link.paths',
          'guest_link.expires_at as link_expires_at',
          'guest_session.created_at',
          'guest_session.expires_at',
        ])
        .where('guest_session.token_hash', '=', tokenHash)
        .where('guest_link.host_id', '=', host)
        .executeTakeFirst(),

    person: (userId: string) =>
      db
        .selectFrom('user')
        .select(['id', 'username', 'display_name', 'email'])
        .where('id', '=', userId)
        .executeTakeFirst(),

    methodOf: (sessionId: string) =>
      db.selectFrom('session').select('method').where('id', '=', sessionId).executeTakeFirst(),

    groupsOf: (userId: string) =>
      db
        .selectFrom('group_member')
        .innerJoin('person_group', 'person_group.id', 'group_member.group_id')
        .select(['person_group.id', 'person_group.name'])
        .distinct()
        .where('group_member.user_id', '=', userId)
        .orderBy('person_group.name')
        .execute(),
  }
}
