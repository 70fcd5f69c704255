import { auditList, auditVerify } from '@argos/contract'
import { type Routes, route } from '../http/route.ts'
import type { Audit } from './audit.service.ts'

export const auditRoutes =
  ({ audit }: { audit: Audit }): Routes =>
  async (app) => {
    app.route({ ...route(auditList), handler: (req) => audit.list(req.query) })

    app.route({ ...route(auditVerify), handler: () => audit.verify() })
  }
