import {
  changeList,
  changePreview,
  changeUndo,
  revisionDiff,
  revisionList,
  revisionRestore,
  revisionView,
} from '@argos/contract'
import type { Kysely } from 'kysely'
import type { DB } from '../db/schema.ts'
import { actorOf, type Routes, route } from '../http/route.ts'
import type { Changes } from './changes.service.ts'
import type { Previewer } from './preview.service.ts'
import { revisionStore } from './revisions.store.ts'

interface Deps {
  readonly db: Kysely<DB>
  readonly changes: Changes
  readonly preview: Previewer
}

export const revisionRoutes =
  ({ db, changes, preview }: Deps): Routes =>
  async (app) => {
    app.route({
      ...route(revisionList),
      handler: async (req) => {
        const { limit, ...query } = req.query
        const found = await revisionStore(db).list({ ...query, limit: limit + 1 })
        return { revisions: found.slice(0, limit), more: found.length > limit }
      },
    })
    app.route({ ...route(revisionView), handler: (req) => changes.revision(req.params.number) })
    app.route({
      ...route(revisionDiff),
      handler: async (req) => ({ objects: await changes.diff(req.params.number, req.query.to) }),
    })
    app.route({
      ...route(revisionRestore),
      handler: (req) => changes.restore(actorOf(req), req.params.number, req.query.confirmS),
    })
    app.route({ ...route(changeList), handler: (req) => changes.list(req.query) })
    app.route({
      ...route(changeUndo),
      handler: (req) => changes.undo(actorOf(req), req.params.generation, req.query.confirmS),
    })
    app.route({ ...route(changePreview), handler: (req) => preview.of(req.body.intent) })
  }
