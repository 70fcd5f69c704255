import type { Server } from 'node:http'
import type { FastifyBaseLogger } from 'fastify'
import type { Kysely } from 'kysely'
import type { Audit } from '../audit/audit.service.ts'
import type { Clock } from '../clock.ts'
import type { Config } from '../config.ts'
import type { DB } from '../db/schema.ts'
import type { Routes } from '../http/route.ts'
import type { Sessions } from '../identity/sessions.ts'
import type { Worker } from '../workers/worker.ts'
import { appUses } from './app-uses.ts'
import { assertedFacts } from './asserted.ts'
import { assertionService } from './assertions.ts'
import { atProxy, authorizeService } from './authorize.service.ts'
import { edgeSessionService } from './edge-session.service.ts'
import type { EvictionsRoom } from './evictions.ts'
import type { FactsCache } from './facts.cache.ts'
import { factsService } from './facts.service.ts'
import { forwardServer } from './forward.server.ts'
import { forwardJudge } from './forward.verdict.ts'
import { gateRoutes } from './gate.routes.ts'
import { gateServer } from './gate.server.ts'
import { guesses as newGuesses } from './guesses.ts'
import { doorStore } from './host-door.store.ts'
import { outsideOf } from './places.ts'
import { type ReturnTargets, returnTargets } from './targets.ts'
import { tickets as newTickets } from './tickets.ts'

export interface GateDeps {
  readonly db: Kysely<DB>
  readonly clock: Clock
  readonly audit: Audit
  readonly sessions: Sessions
  readonly config: Config
  readonly log: FastifyBaseLogger
  readonly cache: FactsCache
  readonly evictions: EvictionsRoom
  readonly readOnly: boolean
}
export interface GateRoom {
  readonly routes: Routes
  readonly workers: readonly Worker[]
  readonly targets: ReturnTargets
  /** Answers the edge; it is not listening yet. */
  readonly server: Server
  /** Answers proxies other than ours, when there are any; neither is it listening. */
  readonly forward: Server | null
}

/** The panel's side of the gate, wired. */
export function gateRoom({
  db,
  clock,
  audit,
  sessions,
  config,
  log,
  cache,
  evictions,
  readOnly,
}: GateDeps): GateRoom {
  const guesses = newGuesses(clock)
  const uses = appUses({ db, clock })
  const tickets = newTickets(clock)
  const outside = outsideOf(config)
  const targets = returnTargets({ db, audit, outside })
  const assertions = assertionService({ db, clock, masterKey: config.masterKey, readOnly })
  const plain = factsService({ db, clock, sessions, cache, guesses, uses, log })
  const facts = assertedFacts({ db, clock, facts: plain, assertions, outside })
  const edgeSessions = edgeSessionService({ db, clock, audit, sessions, tickets, guesses, evictions })
  const authorizing = authorizeService({ db, clock, tickets, outside, targets })

  const tidying: Worker = {
    name: 'gate-tidying',
    everyMs: 60_000,
    timeoutMs: 10_000,
    async run() {
      await edgeSessions.tidy()
      return { remembered: cache.size, tickets: tickets.size, ...(await uses.tidy()) }
    },
  }
  return {
    routes: gateRoutes({ authorizing, assertions, targets }),
    workers: [evictions.worker, tidying],
    targets,
    server: gateServer({ facts, edgeSessions, log }),
    forward: config.forwardAuth
      ? forwardServer({
          ...{ judge: forwardJudge({ db, clock, facts }), edgeSessions, log },
          secret: config.forwardAuth.secret,
          login: async (name) => {
            const origin = outside.panelOrigin(await doorStore(db).panelDomain())
            const there = outside.originAtProxy(name)
            return origin === null || there === null ? null : { origin, name: atProxy(there) }
          },
        })
      : null,
  }
}
