import {
  factorPasskeyOptions,
  factorsView,
  loginChallenge,
  loginChallengeView,
  loginPasskey,
  loginPasskeyOptions,
  passkeyAdd,
  passkeyBegin,
  passkeyRemove,
  passkeyRename,
  recoveryCodesMake,
  totpBegin,
  totpConfirm,
  totpDisable,
  userFactorsDisable,
} from '@argos/contract'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { setCookie } from '../http/cookie.ts'
import { actorOf, type Routes, route, sessionOf } from '../http/route.ts'
import type { SignedIn } from '../identity/finish.ts'
import { askedOf, fromOf } from '../identity/from.ts'
import type { Identity } from '../identity/identity.service.ts'
import type { Here } from './account-proof.ts'
import type { Browser, FactorLogin } from './challenges.ts'
import type { Factors } from './factors.service.ts'
import type { OwnPasskeys } from './passkey.service.ts'
import type { Totp } from './totp.service.ts'

interface Deps {
  readonly identity: Pick<Identity, 'me'>
  readonly login: FactorLogin
  readonly factors: Factors
  readonly totp: Totp
  readonly passkeys: OwnPasskeys
}

export const factorRoutes =
  ({ identity, login, factors, totp, passkeys }: Deps): Routes =>
  async (app) => {
    const signedIn = async (req: FastifyRequest, reply: FastifyReply, { token, session }: SignedIn) => {
      setCookie(reply, req.visitor, token)
      return { kind: 'signed_in' as const, me: await identity.me(session, req.visitor) }
    }
    /** The session goes on under a new token, which only the cookie holds. */
    const rotated = <T extends { readonly token: string }>(
      req: FastifyRequest,
      reply: FastifyReply,
      { token, ...answer }: T,
    ): Omit<T, 'token'> => {
      setCookie(reply, req.visitor, token)
      return answer
    }

    app.route({
      ...route(loginChallengeView),
      handler: (req) => login.view(req.body.id, askedOf(req)),
    })
    app.route({
      ...route(loginChallenge),
      handler: async (req, reply) =>
        signedIn(req, reply, await login.finish(req.body.id, req.body.factor, browserOf(req))),
    })
    app.route({
      ...route(loginPasskeyOptions),
      handler: async (req) => ({ passkey: await login.passkeyOptions(askedOf(req)) }),
    })
    app.route({
      ...route(loginPasskey),
      handler: async (req, reply) =>
        signedIn(req, reply, await login.byPasskey(req.body.assertion, browserOf(req))),
    })

    app.route({ ...route(factorsView), handler: (req) => factors.view(sessionOf(req), askedOf(req)) })
    app.route({
      ...route(factorPasskeyOptions),
      handler: async (req) => ({ passkey: await factors.againOptions(sessionOf(req), askedOf(req)) }),
    })
    app.route({
      ...route(totpBegin),
      handler: (req) => totp.begin(sessionOf(req), req.visitor.address),
    })
    app.route({
      ...route(totpConfirm),
      handler: async (req, reply) =>
        rotated(req, reply, await totp.confirm(sessionOf(req), req.body.code, req.visitor.address)),
    })
    app.route({
      ...route(totpDisable),
      handler: async (req, reply) =>
        rotated(req, reply, await totp.disable(sessionOf(req), req.body, hereOf(req))),
    })
    app.route({
      ...route(recoveryCodesMake),
      handler: async (req, reply) =>
        rotated(req, reply, await totp.renewCodes(sessionOf(req), req.body, hereOf(req))),
    })

    app.route({
      ...route(passkeyBegin),
      handler: async (req) => ({ passkey: await passkeys.begin(sessionOf(req), askedOf(req)) }),
    })
    app.route({
      ...route(passkeyAdd),
      handler: async (req, reply) =>
        rotated(req, reply, await passkeys.add(sessionOf(req), req.body, hereOf(req))),
    })
    app.route({
      ...route(passkeyRename),
      handler: (req) => passkeys.rename(sessionOf(req), req.params.id, req.body.name, req.visitor.address),
    })
    app.route({
      ...route(passkeyRemove),
      handler: async (req, reply) =>
        rotated(req, reply, await passkeys.remove(sessionOf(req), req.params.id, req.body, hereOf(req))),
    })
    app.route({
      ...route(userFactorsDisable),
      handler: (req) => factors.disableAll(actorOf(req), req.params.id),
    })
  }

const hereOf = (req: FastifyRequest): Here => ({ asked: askedOf(req), address: req.visitor.address })
const browserOf = (req: FastifyRequest): Browser => ({
  asked: askedOf(req),
  from: fromOf(req),
  replaces: req.visitor.session,
})
