import { revisionList } from '@argos/contract'
import type { Kysely } from 'kysely'
import type { DB } from '../db/schema.ts'
import { type Routes, route } from '../http/route.ts'
import { revisionStore } from './revisions.store.ts'

export const revisionRoutes =
  ({ db }: { db: Kysely<DB> }): Routes =>
  async (app) => {
    app.route({
      ...route(revisionList),
      handler: async (req) => {
        const { limit, ...query } = req.query
        const found = await revisionStore(db).list({ ...query, limit: limit + 1 })
        return { revisions: found.slice(0, limit), more: found.length > limit }
      },
    })
  }
