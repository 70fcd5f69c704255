import { poolCreate, poolDelete, poolList, poolUpdate, poolView } from '@argos/contract'
import { type App, actorOf, type Routes, route } from '../http/route.ts'
import type { PoolService } from './pool.service.ts'

export const poolRoutes =
  ({ pools }: { pools: PoolService }): Routes =>
  async (app: App) => {
    app.route({ ...route(poolList), handler: async () => ({ pools: await pools.list() }) })
    app.route({ ...route(poolView), handler: (req) => pools.view(req.params.id) })
    app.route({ ...route(poolCreate), handler: (req) => pools.create(actorOf(req), req.body) })
    app.route({
      ...route(poolUpdate),
      handler: (req) => pools.update(actorOf(req), req.params.id, req.body, req.query.confirmS),
    })
    app.route({
      ...route(poolDelete),
      handler: (req) => pools.remove(actorOf(req), req.params.id, req.query.confirmS),
    })
  }
