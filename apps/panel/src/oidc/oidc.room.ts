import { secretbox } from '@argos/secretbox'
import type { FastifyBaseLogger } from 'fastify'
import type { Kysely } from 'kysely'
import type { Audit } from '../audit/audit.service.ts'
import type { Clock } from '../clock.ts'
import type { DB } from '../db/schema.ts'
import type { Evictions } from '../gate/evictions.ts'
import type { Outside } from '../gate/places.ts'
import type { GuardedFetch } from '../guard/fetch.ts'
import type { Routes } from '../http/route.ts'
import type { Finish } from '../identity/finish.ts'
import type { Identity } from '../identity/identity.service.ts'
import type { Sessions } from '../identity/sessions.ts'
import { accounts as newAccounts } from './accounts.ts'
import { checkup } from './checkup.ts'
import { mapping } from './mapping.ts'
import { exchange as newExchange } from './oidc.exchange.ts'
import { providerCaller } from './oidc.fetch.ts'
import { oidcLogouts } from './oidc.logout.ts'
import { providers as newProviders } from './oidc.provider.ts'
import { oidcRoutes } from './oidc.routes.ts'
import { oidcService } from './oidc.service.ts'
import { oidcSettings } from './oidc.settings.ts'
import { states as newStates } from './oidc.state.ts'
import { oidcStore } from './oidc.store.ts'

export interface OidcRoomDeps {
  readonly db: Kysely<DB>
  readonly clock: Clock
  readonly audit: Audit
  readonly log: FastifyBaseLogger
  readonly masterKey: Buffer
  readonly fetch: GuardedFetch
  readonly outside: Outside
  readonly sessions: Sessions
  readonly finish: Finish
  readonly identity: Identity
  readonly evictions: Pick<Evictions, 'now'>
}

/** Single sign-on, wired. */
export function oidcRoom(deps: OidcRoomDeps): { readonly routes: Routes } {
  const { db, clock, audit, log, masterKey, outside, sessions, finish, identity, evictions } = deps
  const box = secretbox(masterKey)
  const call = providerCaller(deps.fetch)
  const providers = newProviders({ call, clock })
  const settings = oidcSettings({
    db,
    clock,
    audit,
    box,
    outside,
    evictions,
    forget: () => providers.forget(),
  })
  const exchange = newExchange({ call, clock })
  const states = newStates({ masterKey, clock })
  const accounts = newAccounts({ audit, clock, mapping: mapping({ audit, sessions }) })
  const shared = { db, clock, log, box, settings, providers, exchange, evictions }
  const oidc = oidcService({ ...shared, states, accounts, sessions, finish })
  const logouts = oidcLogouts({ ...shared, audit, identity })
  const check = checkup({ db, audit, call, clock })
  const anyPasskey = () => oidcStore(db).anyPasskey()
  return { routes: oidcRoutes({ oidc, settings, logouts, check, identity, anyPasskey }) }
}
