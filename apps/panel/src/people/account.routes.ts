import {
  invitationAccept,
  invitationOpen,
  meUpdate,
  passwordChange,
  resetFinish,
  resetOpen,
  sessionEnd,
  sessionEndOthers,
  sessionList,
  stepUp,
} from '@argos/contract'
import { setCookie } from '../http/cookie.ts'
import { type Routes, route, sessionOf } from '../http/route.ts'
import { askedOf, fromOf } from '../identity/from.ts'
import type { Identity } from '../identity/identity.service.ts'
import type { Account } from './account.service.ts'
import type { Invitations } from './invitations.service.ts'
import type { OwnPasswords } from './passwords.service.ts'

export interface AccountRoutesDeps {
  readonly identity: Pick<Identity, 'me'>
  readonly account: Account
  readonly invitations: Invitations
  readonly passwords: OwnPasswords
}

/** What people do with their own account, and with links that make or open one. */
export const accountRoutes =
  ({ identity, account, invitations, passwords }: AccountRoutesDeps): Routes =>
  async (app) => {
    app.route({ ...route(invitationOpen), handler: (req) => invitations.look(req.body.token) })
    app.route({
      ...route(invitationAccept),
      handler: async (req, reply) => {
        const done = await invitations.accept(req.body, fromOf(req), req.visitor.session)
        setCookie(reply, req.visitor, done.token)
        return reply.code(201).send(await identity.me(done.session, req.visitor))
      },
    })
    app.route({ ...route(resetOpen), handler: (req) => passwords.look(req.body.token) })
    app.route({
      ...route(resetFinish),
      handler: (req) => passwords.reset(req.body, req.visitor.address),
    })

    app.route({ ...route(sessionList), handler: (req) => account.sessions(sessionOf(req)) })
    app.route({
      ...route(sessionEnd),
      handler: (req) => account.endSession(sessionOf(req), req.params.id, req.visitor.address),
    })
    app.route({
      ...route(sessionEndOthers),
      handler: (req) => account.endOthers(sessionOf(req), req.visitor.address),
    })
    app.route({
      ...route(meUpdate),
      handler: async (req) => {
        await account.rename(sessionOf(req), req.body.displayName, req.visitor.address)
        return identity.me(sessionOf(req), req.visitor)
      },
    })
    app.route({
      ...route(passwordChange),
      handler: async (req, reply) => {
        const done = await passwords.change(sessionOf(req), req.body, fromOf(req))
        setCookie(reply, req.visitor, done.token)
        return { me: await identity.me(done.session, req.visitor), atOnce: done.atOnce }
      },
    })
    app.route({
      ...route(stepUp),
      handler: async (req, reply) => {
        const here = { asked: askedOf(req), address: req.visitor.address }
        const done = await account.stepUp(sessionOf(req), req.body, here)
        setCookie(reply, req.visitor, done.token)
        return identity.me(done.session, req.visitor)
      },
    })
  }
