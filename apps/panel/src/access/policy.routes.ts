import {
  policyCreate,
  policyDelete,
  policyList,
  policyPreview,
  policyTest,
  policyUpdate,
  policyView,
} from '@argos/contract'
import type { Previewer } from '../changes/preview.service.ts'
import { type App, actorOf, type Routes, route } from '../http/route.ts'
import { offersFor } from './offers.ts'
import type { PolicyService } from './policy.service.ts'
import type { Tester } from './tester.ts'

export const policyRoutes =
  ({ policies, preview, tester }: { policies: PolicyService; preview: Previewer; tester: Tester }): Routes =>
  async (app: App) => {
    app.route({
      ...route(policyList),
      handler: async (req) => {
        const [all, noNetworks] = await Promise.all([policies.list(), policies.noNetworks()])
        const actor = actorOf(req)
        const offers = offersFor(actor.kind === 'user' ? actor.id : null, all, noNetworks)
        return { policies: all, noNetworks, offers }
      },
    })
    app.route({ ...route(policyView), handler: (req) => policies.view(req.params.id) })
    app.route({ ...route(policyCreate), handler: (req) => policies.create(actorOf(req), req.body) })
    app.route({
      ...route(policyUpdate),
      handler: (req) => policies.update(actorOf(req), req.params.id, req.body, req.query.confirmS),
    })
    app.route({ ...route(policyDelete), handler: (req) => policies.remove(actorOf(req), req.params.id) })
    app.route({ ...route(policyPreview), handler: (req) => preview.policy(req.body) })
    app.route({ ...route(policyTest), handler: (req) => tester(req.body) })
  }
