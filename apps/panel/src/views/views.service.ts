import type { SavedView, ViewPage, viewSave } from '@argos/contract'
import type { Kysely } from 'kysely'
import type { z } from 'zod'
import type { DB } from '../db/schema.ts'
import { AppError } from '../errors.ts'
import { newId } from '../id.ts'
import { viewStore } from './views.store.ts'

export interface Views {
  list(userId: string, page: ViewPage): Promise<SavedView[]>
  save(userId: string, wish: z.output<typeof viewSave.body>): Promise<SavedView>
  remove(userId: string, id: string): Promise<void>
}

/** More pills than this nobody reads, and nobody should fill the disk with them. */
const MOST = 30

/** Names for filters, each person's own. They change nothing that anybody else sees, so neither audit nor changes tell of them. */
export function viewService({ db }: { db: Kysely<DB> }): Views {
  return {
    list: (userId, page) => viewStore(db, userId).list(page),

    save: (userId, { id, page, name, query }) =>
      db.transaction().execute(async (trx) => {
        const store = viewStore(trx, userId)
        const views = await store.list(page)
        const same = views.find((view) => view.id !== id && view.name.toLowerCase() === name.toLowerCase())
        if (same) {
          const message = `You have a view named ${same.name}. Choose another name.`
          throw new AppError('conflict', message, { fields: [{ path: 'name', message }] })
        }
        if (id === undefined) {
          if (views.length >= MOST)
            throw new AppError('conflict', `There are ${MOST} views already. Delete one first.`)
          const made: SavedView = { id: newId('v'), page, name, query }
          await store.insert(made)
          return made
        }
        if (!views.some((view) => view.id === id))
          throw new AppError('not_found', 'That view is gone. Save it as a new one.')
        const changed: SavedView = { id, page, name, query }
        await store.update(changed)
        return changed
      }),

    // Somebody else's and one that is gone look the same, and the wish is fulfilled.
    remove: (userId, id) => viewStore(db, userId).remove(id),
  }
}
