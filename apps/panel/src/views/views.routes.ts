import { viewDelete, viewList, viewSave } from '@argos/contract'
import { type Routes, route, sessionOf } from '../http/route.ts'
import type { Views } from './views.service.ts'

export const viewRoutes =
  ({ views }: { views: Views }): Routes =>
  async (app) => {
    app.route({
      ...route(viewList),
      handler: async (req) => ({ views: await views.list(sessionOf(req).userId, req.query.page) }),
    })
    app.route({ ...route(viewSave), handler: (req) => views.save(sessionOf(req).userId, req.body) })
    app.route({
      ...route(viewDelete),
      handler: async (req, reply) => {
        await views.remove(sessionOf(req).userId, req.params.id)
        return reply.code(204).send()
      },
    })
  }
