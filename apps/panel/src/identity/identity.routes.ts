import {
  login,
  logout,
  meView,
  recoverySheetConfirm,
  recoverySheetView,
  setupCreate,
  setupView,
} from '@argos/contract'
import { clearCookie, setCookie } from '../http/cookie.ts'
import { actorOf, type Routes, route, sessionOf } from '../http/route.ts'
import { askedOf, fromOf } from './from.ts'
import type { Identity } from './identity.service.ts'
import type { RecoverySheets } from './recovery-sheet.ts'

interface Deps {
  readonly identity: Identity
  readonly sheets: RecoverySheets
}

export const identityRoutes =
  ({ identity, sheets }: Deps): Routes =>
  async (app) => {
    app.route({
      ...route(setupView),
      handler: async (req) => {
        const { token } = req.query
        const needed = await identity.setupNeeded()
        return { needed, tokenValid: token === undefined ? null : await identity.setupTokenFits(token) }
      },
    })

    app.route({
      ...route(setupCreate),
      handler: async (req, reply) => {
        const { token, session } = await identity.setup(req.body, fromOf(req))
        setCookie(reply, req.visitor, token)
        return reply.code(201).send(await identity.me(session, req.visitor))
      },
    })

    app.route({
      ...route(login),
      handler: async (req, reply) => {
        const { body, visitor } = req
        const done = await identity.login(body, fromOf(req), visitor.session, askedOf(req))
        if (done.kind === 'challenge') return done
        setCookie(reply, visitor, done.token)
        return { kind: 'signed_in' as const, me: await identity.me(done.session, visitor) }
      },
    })

    app.route({
      ...route(logout),
      handler: async (req, reply) => {
        const { session, address } = req.visitor
        if (session) await identity.logout(session, address)
        clearCookie(reply, req.visitor)
        return reply.code(204).send()
      },
    })

    app.route({ ...route(meView), handler: (req) => identity.me(sessionOf(req), req.visitor) })

    app.route({ ...route(recoverySheetView), handler: () => sheets.view() })

    app.route({
      ...route(recoverySheetConfirm),
      handler: (req) => sheets.confirm(actorOf(req), req.body.lastFour),
    })
  }
