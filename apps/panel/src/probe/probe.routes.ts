import { type DomainCheck, domainCheck, type UpstreamProbe, upstreamProbe } from '@argos/contract'
import type { Actor } from '../audit/actor.ts'
import { type App, actorOf, type Routes, route } from '../http/route.ts'

export interface ProbeRoutesDeps {
  probeUpstream: (actor: Actor, url: string) => Promise<UpstreamProbe>
  checkDomain: (asked: { name: string; hostId?: string | undefined }) => Promise<DomainCheck>
}

export const probeRoutes =
  ({ probeUpstream, checkDomain }: ProbeRoutesDeps): Routes =>
  async (app: App) => {
    app.route({ ...route(upstreamProbe), handler: (req) => probeUpstream(actorOf(req), req.body.url) })
    app.route({ ...route(domainCheck), handler: (req) => checkDomain(req.body) })
  }
