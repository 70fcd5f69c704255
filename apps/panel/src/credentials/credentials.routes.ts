import {
  apiTokenCreate,
  apiTokenDelete,
  apiTokenList,
  appPasswordCreate,
  appPasswordDelete,
  appPasswordList,
  guestLinkCreate,
  guestLinkDelete,
  guestLinkList,
  portalView,
} from '@argos/contract'
import { actorOf, type Routes, route, sessionOf } from '../http/route.ts'
import type { ApiTokens } from './api-token.service.ts'
import type { AppPasswords } from './app-password.service.ts'
import type { GuestLinks } from './guest-link.service.ts'
import type { Portal } from './portal.service.ts'

interface Deps {
  readonly appPasswords: AppPasswords
  readonly guestLinks: GuestLinks
  readonly apiTokens: ApiTokens
  readonly portal: Portal
}

export const credentialRoutes =
  ({ appPasswords, guestLinks, apiTokens, portal }: Deps): Routes =>
  async (app) => {
    app.route({ ...route(appPasswordList), handler: (req) => appPasswords.list(sessionOf(req)) })
    app.route({
      ...route(appPasswordCreate),
      handler: (req) => appPasswords.create(sessionOf(req), actorOf(req), req.body),
    })
    app.route({
      ...route(appPasswordDelete),
      handler: (req) => appPasswords.remove(sessionOf(req), actorOf(req), req.params.id),
    })
    app.route({ ...route(guestLinkList), handler: (req) => guestLinks.list(req.params.id) })
    app.route({
      ...route(guestLinkCreate),
      handler: (req) => guestLinks.create(actorOf(req), req.params.id, req.body),
    })
    app.route({
      ...route(guestLinkDelete),
      handler: (req) => guestLinks.remove(actorOf(req), req.params.id),
    })
    app.route({ ...route(apiTokenList), handler: (req) => apiTokens.list(sessionOf(req)) })
    app.route({
      ...route(apiTokenCreate),
      handler: (req) => apiTokens.create(sessionOf(req), actorOf(req), req.body),
    })
    app.route({
      ...route(apiTokenDelete),
      handler: async (req, reply) => {
        await apiTokens.remove(sessionOf(req), actorOf(req), req.params.id)
        return reply.code(204).send()
      },
    })
    app.route({
      ...route(portalView),
      handler: async (req) => ({ apps: await portal.apps(sessionOf(req).userId) }),
    })
  }
