import type { Names, Rules } from '@argos/contract'
import type { Kysely } from 'kysely'
import type { DB } from '../db/schema.ts'

/** Ids that rules name. */
export const named = (rules: readonly Rules[]) => ({
  people: [...new Set(rules.flatMap(({ any }) => any.flatMap((clause) => clause.people)))],
  groups: [...new Set(rules.flatMap(({ any }) => any.flatMap((clause) => clause.groups)))],
})

/** What those in these rules are called; who is gone is missing. */
export async function namesIn(db: Kysely<DB>, rules: readonly Rules[]): Promise<Names> {
  const { people, groups } = named(rules)
  const users =
    people.length === 0
      ? []
      : await db
          .selectFrom('user')
          .select(['id', 'username', 'display_name'])
          .where('id', 'in', people)
          .execute()
  const found =
    groups.length === 0
      ? []
      : await db.selectFrom('person_group').select(['id', 'name']).where('id', 'in', groups).execute()
  return {
    people: Object.fromEntries(users.map((user) => [user.id, user.display_name || user.username])),
    groups: Object.fromEntries(found.map(({ id, name }) => [id, name])),
  }
}

/** Whoever may sign in, with their groups. */
export interface KnownPerson {
  readonly id: string
  readonly name: string
  readonly groups: readonly string[]
}
export async function peopleWhoSignIn(db: Kysely<DB>): Promise<KnownPerson[]> {
  const users = await db
    .selectFrom('user')
    .select(['id', 'username', 'display_name'])
    .where('disabled', '=', 0)
    .orderBy('username')
    .execute()
  const members = await db.selectFrom('group_member').select(['group_id', 'user_id']).distinct().execute()
  const groupsOf = Map.groupBy(members, (m) => m.user_id)
  return users.map(({ id, username, display_name }) => ({
    id,
    name: display_name || username,
    groups: (groupsOf.get(id) ?? []).map((m) => m.group_id),
  }))
}
