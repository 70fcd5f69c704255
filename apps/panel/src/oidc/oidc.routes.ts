import {
  oidcBackchannelLogout,
  oidcCallback,
  oidcLinkView,
  oidcLogout,
  oidcSettingsUpdate,
  oidcSettingsView,
  oidcStart,
  oidcSwitch,
  oidcTest,
  oidcUnlink,
  signInMethods,
} from '@argos/contract'
import type { FastifyRequest } from 'fastify'
import { AppError } from '../errors.ts'
import { clearCookie, setCookie } from '../http/cookie.ts'
import { type App, actorOf, type Routes, route, sessionOf } from '../http/route.ts'
import { askedOf, fromOf } from '../identity/from.ts'
import type { Identity } from '../identity/identity.service.ts'
import type { Checkup } from './checkup.ts'
import { clearStateCookie, setStateCookie, stateCookieOf } from './oidc.cookie.ts'
import type { OidcLogouts } from './oidc.logout.ts'
import type { Browser, Oidc } from './oidc.service.ts'
import { addressesAt, type OidcSettingsService } from './oidc.settings.ts'

const FORM_BYTES = 32 * 1024

export interface OidcRoutesDeps {
  readonly oidc: Oidc
  readonly settings: OidcSettingsService
  readonly logouts: OidcLogouts
  readonly check: Checkup
  readonly identity: Pick<Identity, 'me'>
  readonly anyPasskey: () => Promise<boolean>
}

export const oidcRoutes =
  ({ oidc, settings, logouts, check, identity, anyPasskey }: OidcRoutesDeps): Routes =>
  async (app) => {
    app.route({ ...route(oidcSettingsView), handler: () => settings.view() })
    app.route({ ...route(oidcSettingsUpdate), handler: (req) => settings.update(actorOf(req), req.body) })
    app.route({ ...route(oidcSwitch), handler: (req) => settings.switch(actorOf(req), req.body.enabled) })
    app.route({
      ...route(oidcTest),
      handler: async (req) => {
        const { settings: asked, clientSecret } = req.body
        const origin = await settings.origin()
        // The stored secret goes to the provider it is for, and to no other that somebody types in.
        const { settings: saved } = await settings.read()
        const kept = saved.issuer === asked.issuer && saved.clientId === asked.clientId
        const secret = clientSecret !== undefined ? clientSecret : kept ? await settings.secret() : null
        return check(actorOf(req), {
          settings: asked,
          secret,
          redirect: origin === null ? null : addressesAt(origin).redirect,
        })
      },
    })

    app.route({
      ...route(signInMethods),
      handler: async () => {
        const offered = await oidc.offered()
        return {
          methods: [
            { kind: 'password' as const },
            ...((await anyPasskey()) ? [{ kind: 'passkey' as const }] : []),
            ...(offered === null ? [] : [{ kind: 'oidc' as const, ...offered }]),
          ],
        }
      },
    })
    app.route({
      ...route(oidcStart),
      handler: async (req, reply) => {
        const { url, cookie } = await oidc.start(req.body, browserOf(req))
        setStateCookie(reply, req.visitor, cookie)
        return { url }
      },
    })
    app.route({
      ...route(oidcCallback),
      handler: async (req, reply) => {
        const cookie = stateCookieOf(req)
        clearStateCookie(reply, req.visitor)
        const { purpose, authorize, ...done } = await oidc.callback(req.body, cookie, browserOf(req))
        if (done.kind === 'challenge') return { ...done, authorize }
        setCookie(reply, req.visitor, done.token)
        return { kind: done.kind, me: await identity.me(done.session, req.visitor), purpose, authorize }
      },
    })

    app.route({
      ...route(oidcLogout),
      handler: async (req, reply) => {
        const url = await logouts.own(sessionOf(req), req.visitor.address)
        clearCookie(reply, req.visitor)
        return { url }
      },
    })
    app.route({ ...route(oidcLinkView), handler: async (req) => ({ link: await oidc.link(sessionOf(req)) }) })
    app.route({
      ...route(oidcUnlink),
      handler: async (req, reply) => {
        await oidc.unlink(sessionOf(req), req.visitor.address)
        return reply.code(204).send()
      },
    })

    await app.register(async (inner) => {
      takesForms(inner as App)
      ;(inner as App).route({
        ...route(oidcBackchannelLogout),
        handler: async (req) => {
          await logouts.backchannel(req.body.logout_token)
          return { ok: true as const }
        },
      })
    })
  }

/** The one form anything here takes: what a provider's server sends, as the specification has it. */
function takesForms(app: App): void {
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string', bodyLimit: FORM_BYTES },
    async ({ headers }: FastifyRequest, body: string) => {
      // A provider's server is no browser; what a page can make one send is not read (CS-04).
      if (headers.origin !== undefined || headers['sec-fetch-site'] !== undefined)
        throw new AppError('unsupported_media_type', 'Send JSON, as application/json.')
      return { logout_token: new URLSearchParams(body).get('logout_token') ?? '' }
    },
  )
}

const browserOf = (req: FastifyRequest): Browser => ({
  asked: askedOf(req),
  from: fromOf(req),
  session: req.visitor.session,
})
