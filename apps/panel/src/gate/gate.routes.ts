import { authorize } from '@argos/contract'
import { type Routes, route, sessionOf } from '../http/route.ts'
import type { Assertions } from './assertions.ts'
import type { Authorize } from './authorize.service.ts'

interface Deps {
  readonly authorizing: Authorize
  readonly assertions: Assertions
}

export const gateRoutes =
  ({ authorizing, assertions }: Deps): Routes =>
  async (app) => {
    app.route({
      ...route(authorize),
      handler: (req) => authorizing.authorize(sessionOf(req), req.body),
    })

    app.get('/.well-known/jwks.json', { config: { page: true } }, async (_req, reply) => {
      const keys = await assertions.keys()
      return reply
        .header('cache-control', 'public, max-age=300')
        .header('content-type', 'application/jwk-set+json')
        .send(JSON.stringify(keys))
    })
  }
