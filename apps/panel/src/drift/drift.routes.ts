import { driftAdopt, driftReapply, driftView } from '@argos/contract'
import { actorOf, type Routes, route } from '../http/route.ts'
import type { Drift } from './drift.service.ts'

export const driftRoutes =
  ({ drift }: { drift: Drift }): Routes =>
  async (app) => {
    app.route({ ...route(driftView), handler: () => drift.view() })
    app.route({ ...route(driftReapply), handler: (req) => drift.reapply(actorOf(req), req.body.objects) })
    app.route({ ...route(driftAdopt), handler: (req) => drift.adopt(actorOf(req), req.body.objects) })
  }
