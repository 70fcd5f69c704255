import { healthz, systemStatus } from '@argos/contract'
import { type Routes, route } from '../http/route.ts'
import type { SystemService } from './system.service.ts'

export const systemRoutes =
  ({ system }: { system: SystemService }): Routes =>
  async (app) => {
    app.route({ ...route(healthz), handler: async () => ({ ok: true }) })

    app.route({ ...route(systemStatus), handler: () => system.status() })
  }
