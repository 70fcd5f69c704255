import { authorize, returnLimitsUpdate, returnLimitsView } from '@argos/contract'
import { actorOf, type Routes, route, sessionOf } from '../http/route.ts'
import type { Assertions } from './assertions.ts'
import type { Authorize } from './authorize.service.ts'
import type { ReturnTargets } from './targets.ts'

interface Deps {
  readonly authorizing: Authorize
  readonly assertions: Assertions
  readonly targets: ReturnTargets
}

export const gateRoutes =
  ({ authorizing, assertions, targets }: Deps): Routes =>
  async (app) => {
    app.route({
      ...route(authorize),
      handler: (req) => authorizing.authorize(sessionOf(req), req.body),
    })

    app.route({ ...route(returnLimitsView), handler: () => targets.limits() })
    app.route({
      ...route(returnLimitsUpdate),
      handler: (req) => targets.limit(actorOf(req), req.body),
    })

    app.get('/.well-known/jwks.json', { config: { page: true } }, async (_req, reply) => {
      const keys = await assertions.keys()
      return reply
        .header('cache-control', 'public, max-age=300')
        .header('content-type', 'application/jwk-set+json')
        .send(JSON.stringify(keys))
    })
  }
