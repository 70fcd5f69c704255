import { pendingExtend, pendingKeep, pendingReturn, pendingView } from '@argos/contract'
import { actorOf, type Routes, route } from '../http/route.ts'
import type { PendingService } from './pending.service.ts'

/** Whoever answers here came through the front door, or from the machine itself: that is what makes keeping safe. */
export const pendingRoutes =
  ({ pending }: { pending: PendingService }): Routes =>
  async (app) => {
    app.route({ ...route(pendingView), handler: () => pending.view() })
    app.route({
      ...route(pendingKeep),
      handler: async (req) => ({ saved: await pending.keep(actorOf(req), req.params.id) }),
    })
    app.route({
      ...route(pendingReturn),
      handler: async (req) => ({ saved: await pending.putBack(actorOf(req), req.params.id) }),
    })
    app.route({
      ...route(pendingExtend),
      handler: (req) => pending.extend(actorOf(req), req.params.id),
    })
  }
