import { isIP } from 'node:net'
import { networkInterfaces } from 'node:os'
import { edgeClient } from '@argos/caddy-admin'
import type { FastifyBaseLogger } from 'fastify'
import { clientSight } from './access/client-sight.ts'
import { policyRoutes } from './access/policy.routes.ts'
import { policyService } from './access/policy.service.ts'
import { policyTester } from './access/tester.ts'
import { type ApplyRoom, applyRoom } from './apply/apply.service.ts'
import { readDesired } from './apply/desired.ts'
import { heldDrift } from './apply/drift-held.ts'
import { edgeVisitor } from './apply/visit.ts'
import { auditRoutes } from './audit/audit.routes.ts'
import { auditService } from './audit/audit.service.ts'
import { changesService } from './changes/changes.service.ts'
import { committer } from './changes/commit.ts'
import { pendingRoutes } from './changes/pending.routes.ts'
import { pendingService } from './changes/pending.service.ts'
import { previewer } from './changes/preview.service.ts'
import { revisionRoutes } from './changes/revisions.routes.ts'
import { undoWrites } from './changes/undo.ts'
import type { Clock } from './clock.ts'
import { type Config, hostOf, splitAddress } from './config.ts'
import { type ApiTokens, apiTokens } from './credentials/api-token.service.ts'
import { appPasswords } from './credentials/app-password.service.ts'
import { credentialRoutes } from './credentials/credentials.routes.ts'
import { grantsOf } from './credentials/grants.ts'
import { guestLinks } from './credentials/guest-link.service.ts'
import { portal } from './credentials/portal.service.ts'
import type { Database } from './db/open.ts'
import { driftRoutes } from './drift/drift.routes.ts'
import { driftService } from './drift/drift.service.ts'
import { factorsRoom } from './factors/factors.room.ts'
import { type EvictionsRoom, evictionsRoom } from './gate/evictions.ts'
import { factsCache } from './gate/facts.cache.ts'
import { type GateRoom, gateRoom } from './gate/gate.room.ts'
import { outsideOf } from './gate/places.ts'
import { parseNetworks } from './guard/address.ts'
import { guardedFetch } from './guard/fetch.ts'
import { interfaceAddresses, type OwnListener, ownPlaces } from './guard/places.ts'
import { systemResolve } from './guard/resolve.ts'
import { guardedUpgrade } from './guard/upgrade.ts'
import { upstreamGuard } from './guard/upstream.ts'
import { hostRoutes } from './hosts/host.routes.ts'
import { hostService } from './hosts/host.service.ts'
import { type Proofs, proofService } from './http/proof.ts'
import type { Routes } from './http/route.ts'
import { accountLimiter } from './identity/account-limiter.ts'
import { identityRoutes } from './identity/identity.routes.ts'
import { type Identity, identityService } from './identity/identity.service.ts'
import { type LoginLimiter, loginLimiter } from './identity/login-limiter.ts'
import { type Passwords, passwords as realPasswords } from './identity/passwords.ts'
import { recoverySheets } from './identity/recovery-sheet.ts'
import { type Sessions, sessionService } from './identity/sessions.ts'
import { oidcRoom } from './oidc/oidc.room.ts'
import { peopleRoom } from './people/people.room.ts'
import { poolRoutes } from './pools/pool.routes.ts'
import { poolService } from './pools/pool.service.ts'
import { poolCheck } from './pools/pool-check.ts'
import { domainChecker } from './probe/domain-check.ts'
import { probeRoutes } from './probe/probe.routes.ts'
import { upstreamProber } from './probe/upstream-probe.ts'
import { settingsRoutes } from './settings/settings.routes.ts'
import { settingsService } from './settings/settings.service.ts'
import { systemRoutes } from './system/system.routes.ts'
import { systemService } from './system/system.service.ts'
import { viewRoutes } from './views/views.routes.ts'
import { viewService } from './views/views.service.ts'
import { type Driver, workerDriver } from './workers/driver.ts'
import { tidying } from './workers/tidying.ts'
import type { Worker } from './workers/worker.ts'

export interface Surroundings {
  readonly config: Config
  readonly database: Database
  readonly clock: Clock
  readonly log: FastifyBaseLogger
  readonly version: string
  /** The key is not the one the database was made with. */
  readonly readOnly?: boolean
  /** Tests hash cheaply. */
  readonly passwords?: Passwords
}
export interface Panel {
  readonly features: readonly Routes[]
  readonly workers: readonly Worker[]
  readonly driver: Driver
  readonly identity: Identity
  readonly sessions: Sessions
  readonly proofs: Proofs
  readonly tokens: ApiTokens
  readonly limiter: LoginLimiter
  readonly apply: ApplyRoom
  readonly gate: GateRoom
  readonly evictions: EvictionsRoom
  close(): void
}

/** Everything the panel is made of, wired once, by hand. Starts nothing. */
export function compose({
  config,
  database,
  clock,
  log,
  version,
  readOnly = false,
  passwords = realPasswords(),
}: Surroundings): Panel {
  const { db } = database
  const { masterKey } = config
  const audit = auditService({ db, clock })
  const driver = workerDriver({ log, clock })

  const edge = edgeClient(config.edgeSocket)
  const cache = factsCache(clock)
  const evictions = evictionsRoom({ db, edge, cache, log })
  const sessions = sessionService({ db, clock, masterKey })
  const proofs = proofService({ masterKey, clock })
  const limiter = loginLimiter({ db, clock, audit })
  const accounts = accountLimiter({ db, clock })
  const publicOrigin = config.panelMode === 'behind_caddy' ? new URL(config.publicAddress ?? '').origin : null
  const second = factorsRoom({
    db,
    clock,
    audit,
    masterKey,
    sessions,
    evictions,
    passwords,
    publicOrigin,
  })
  const { finish } = second
  const identity = identityService({
    db,
    clock,
    audit,
    sessions,
    passwords,
    limiter,
    accounts,
    evictions,
    finish,
    readOnly,
  })
  const people = peopleRoom({
    db,
    clock,
    audit,
    sessions,
    passwords,
    accounts,
    evictions,
    finish,
    identity,
    proveFactor: second.proofs.factor,
  })
  const sheets = recoverySheets({ db, clock, audit, masterKey, keyLocation })

  const { edgeDir: dataDir, logDir, sharedDir, panelSocket, ports, bind, panelBind, trustedProxies } = config
  const publicHosts = config.publicAddress === null ? [] : [hostOf(config.publicAddress)]
  const panelSubjects = subjectsOf(panelBind, publicHosts)
  const edgePlaces = { dataDir, logDir, sharedDir, panelSocket, ports, bind, panelBind, panelSubjects }
  const places = { ...edgePlaces, trustedProxies, gate: gatePlaces(config) }
  const visit = edgeVisitor({ bind: config.edgeAddress ?? bind })
  const room = applyRoom({ db, edge, clock, log, places, audit, visit })
  const { apply } = room

  const own = ownPlaces({
    listeners: listenersOf(config),
    addresses: () => [...interfaceAddresses(), ...publicHosts.filter((host) => isIP(host) !== 0)],
  })
  const resolve = systemResolve
  const checkUpstream = upstreamGuard({ own, resolve })
  const outward = { own, resolve, allow: [] }
  const commit = committer({ db, clock, audit, apply })
  const check = poolCheck(checkUpstream)
  const pools = poolService({ db, clock, apply, commit, check })
  const hosts = hostService({ db, clock, apply, commit, pools })
  const probeUpstream = upstreamProber({
    db,
    audit,
    fetch: guardedFetch(outward),
    upgrade: guardedUpgrade(outward),
    checkUpstream,
  })
  const checkDomain = domainChecker({ own, resolve, ownerOf: hosts.ownerOf })
  const settings = settingsService({ db, apply, commit, checkUpstream, desired: readDesired })
  const sight = clientSight({ logDir, contained: config.edgeAddress !== null })
  const policies = policyService({ db, clock, apply, commit, sight })
  const tester = policyTester({ db, clock, hostAt: hosts.at })
  const undo = undoWrites({ clock, check, policies, settings })
  const preview = previewer({ db, apply, hosts, pools, policies, settings, undo })
  const changes = changesService({ db, pools, commit, writes: undo })
  const pending = pendingService({ db, clock, audit, apply, control: room.pending })
  const held = heldDrift({ db, edge, clock })
  const drift = driftService({ db, held, clock, commit, check, hosts, pools, policies, settings })
  const gate = gateRoom({ db, clock, audit, sessions, config, log, cache, evictions, readOnly })
  const outside = outsideOf(config)
  // A provider may well be published by this very edge; the panel itself is none.
  const behindEdge = ownPlaces({ listeners: listenersOf(config).filter((l) => l.port !== ports.https) })
  const called = { own: behindEdge, resolve, allow: parseNetworks(config.callNetworks) }
  const fetch = guardedFetch(called)
  const oidc = oidcRoom({
    ...{ db, clock, audit, log, masterKey, fetch, outside, sessions, finish, identity, evictions },
  })
  const tokens = apiTokens({ db, clock, audit })
  const grants = grantsOf({ db, clock })
  const httpsPort = ports.https
  const guests = guestLinks({ db, clock, audit, hosts, evictions, httpsPort })
  const system = systemService({ config, database, apply, driver, version, startedAt: clock.now() })

  return {
    features: [
      identityRoutes({ identity, sheets }),
      second.routes(identity),
      oidc.routes,
      ...people.routes,
      hostRoutes({ hosts, preview }),
      poolRoutes({ pools }),
      policyRoutes({ policies, preview, tester }),
      probeRoutes({ probeUpstream, checkDomain }),
      revisionRoutes({ db, changes, preview }),
      pendingRoutes({ pending }),
      driftRoutes({ drift }),
      auditRoutes({ audit }),
      settingsRoutes({ settings }),
      systemRoutes({ system }),
      viewRoutes({ views: viewService({ db }) }),
      gate.routes,
      credentialRoutes({
        appPasswords: appPasswords({ db, clock, audit, grants, evictions, httpsPort }),
        guestLinks: guests,
        apiTokens: tokens,
        portal: portal({ grants, apply, httpsPort }),
      }),
    ],
    workers: [
      ...room.workers,
      second.worker,
      ...gate.workers,
      tidying({ db, clock, sessions, limiter, guests, people }),
    ],
    driver,
    identity,
    sessions,
    proofs,
    tokens,
    limiter,
    apply: room,
    gate,
    evictions,
    close: () => edge.close(),
  }
}

const keyLocation = 'ARGOS_MASTER_KEY in .env beside `argos`, or where ARGOS_MASTER_KEY_FILE points'

/** Whom the edge's gate asks, and where it sends people to sign in. */
const gatePlaces = (config: Config) => ({
  socket: config.gateSocket,
  port: config.panelMode === 'behind_caddy' ? 443 : config.ports.https,
  without: outsideOf(config).panelOrigin('') ?? '',
})

/** Where a call would end at Argos itself. */
function listenersOf({ ports, bind, panelBind, insecureHttp, listen, forwardAuth }: Config): OwnListener[] {
  const forward = forwardAuth ? splitAddress(forwardAuth.listen) : null
  const plain = insecureHttp ? splitAddress(listen) : null
  return [
    { address: bind, port: ports.http },
    { address: bind, port: ports.https },
    { address: panelBind, port: ports.panel },
    ...(plain ? [{ address: plain.host, port: plain.port }] : []),
    // No host leads there: it tells who may open what (FA-12).
    ...(forward ? [{ address: forward.host, port: forward.port }] : []),
  ]
}

/** Names and addresses on which the panel is reached without a domain, loopback first. */
function subjectsOf(panelBind: string, publicHosts: readonly string[]): string[] {
  const everywhere = ['', '0.0.0.0', '::'].includes(panelBind)
  const addresses = everywhere
    ? Object.values(networkInterfaces())
        .flatMap((list) => list ?? [])
        // A link-local address needs its zone, which no certificate can name.
        .filter(({ internal, address }) => !internal && !address.startsWith('fe80:'))
        .map(({ address }) => address)
        .sort()
    : [panelBind]
  return [...new Set(['127.0.0.1', 'localhost', '::1', ...addresses, ...publicHosts])]
}
