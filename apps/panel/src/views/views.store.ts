import type { SavedView, ViewPage } from '@argos/contract'
import type { Kysely } from 'kysely'
import type { DB } from '../db/schema.ts'

/** SQL for saved views, always of one person. Pass a transaction to join it. */
export function viewStore(db: Kysely<DB>, userId: string) {
  const own = () => db.selectFrom('saved_view').where('user_id', '=', userId)
  return {
    async list(page: ViewPage): Promise<SavedView[]> {
      const rows = await own()
        .select(['id', 'name', 'query'])
        .where('page', '=', page)
        .orderBy('position')
        .orderBy('id')
        .execute()
      return rows.map((row) => ({ ...row, page }))
    },
    /** At the end of the list. */
    async insert({ id, page, name, query }: SavedView): Promise<void> {
      const { last } = await own()
        .select((e) => e.fn.max('position').as('last'))
        .where('page', '=', page)
        .executeTakeFirstOrThrow()
      const position = (last ?? 0) + 1
      await db.insertInto('saved_view').values({ id, user_id: userId, page, name, query, position }).execute()
    },
    async update({ id, name, query }: SavedView): Promise<void> {
      await db
        .updateTable('saved_view')
        .set({ name, query })
        .where('id', '=', id)
        .where('user_id', '=', userId)
        .execute()
    },
    async remove(id: string): Promise<void> {
      await db.deleteFrom('saved_view').where('id', '=', id).where('user_id', '=', userId).execute()
    },
  }
}
