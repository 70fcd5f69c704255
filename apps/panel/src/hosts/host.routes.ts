import {
  hostBulk,
  hostClone,
  hostCreate,
  hostDelete,
  hostList,
  hostPreview,
  hostUpdate,
  hostView,
} from '@argos/contract'
import type { Previewer } from '../changes/preview.service.ts'
import { type App, actorOf, type Routes, route } from '../http/route.ts'
import type { HostService } from './host.service.ts'

export const hostRoutes =
  ({ hosts, preview }: { hosts: HostService; preview: Previewer }): Routes =>
  async (app: App) => {
    app.route({ ...route(hostList), handler: (req) => hosts.list(req.query) })
    app.route({ ...route(hostView), handler: (req) => hosts.view(req.params.id) })
    app.route({ ...route(hostCreate), handler: (req) => hosts.create(actorOf(req), req.body) })
    app.route({ ...route(hostPreview), handler: (req) => preview.host(req.body) })
    app.route({
      ...route(hostUpdate),
      handler: (req) => hosts.update(actorOf(req), req.params.id, req.body, req.query.confirmS),
    })
    app.route({
      ...route(hostClone),
      handler: (req) => hosts.clone(actorOf(req), req.params.id, req.body.domains),
    })
    app.route({
      ...route(hostDelete),
      handler: (req) => hosts.remove(actorOf(req), req.params.id, req.query.confirmS),
    })
    app.route({
      ...route(hostBulk),
      handler: (req) => hosts.bulk(actorOf(req), req.body, req.query.confirmS),
    })
  }
