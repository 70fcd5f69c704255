import { settingsUpdate, settingsView } from '@argos/contract'
import { actorOf, type Routes, route } from '../http/route.ts'
import type { SettingsService } from './settings.service.ts'

export const settingsRoutes =
  ({ settings }: { settings: SettingsService }): Routes =>
  async (app) => {
    app.route({ ...route(settingsView), handler: () => settings.view() })

    app.route({
      ...route(settingsUpdate),
      handler: (req) => settings.update(actorOf(req), req.body, req.query.confirmS),
    })
  }
