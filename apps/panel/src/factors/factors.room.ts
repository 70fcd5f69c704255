import { secretbox } from '@argos/secretbox'
import type { Kysely } from 'kysely'
import type { Audit } from '../audit/audit.service.ts'
import type { Clock } from '../clock.ts'
import type { DB } from '../db/schema.ts'
import type { Evictions } from '../gate/evictions.ts'
import type { Routes } from '../http/route.ts'
import { type Finish, finisher } from '../identity/finish.ts'
import type { Identity } from '../identity/identity.service.ts'
import type { Passwords } from '../identity/passwords.ts'
import type { Sessions } from '../identity/sessions.ts'
import type { Worker } from '../workers/worker.ts'
import { type AccountProofs, accountProofs } from './account-proof.ts'
import { factorBudget } from './budget.ts'
import { ceremonies } from './ceremonies.ts'
import { factorLogin, secondFactor } from './challenges.ts'
import { factorChanges } from './changes.ts'
import { factorRoutes } from './factors.routes.ts'
import { factorsService } from './factors.service.ts'
import { passkeyService } from './passkey.service.ts'
import { passkeys as newPasskeys } from './passkeys.ts'
import { panelPlaces } from './place.ts'
import { prover as newProver } from './prover.ts'
import { recoveryCodes } from './recovery.ts'
import { totpService } from './totp.service.ts'

export interface FactorsRoomDeps {
  readonly db: Kysely<DB>
  readonly clock: Clock
  readonly audit: Audit
  readonly masterKey: Buffer
  readonly sessions: Sessions
  readonly evictions: Pick<Evictions, 'now'>
  readonly passwords: Passwords
  /** Where a proxy of the operator's own serves the panel. */
  readonly publicOrigin: string | null
}
export interface FactorsRoom {
  /** Where every way to sign in ends. */
  readonly finish: Finish
  readonly proofs: AccountProofs
  routes(identity: Pick<Identity, 'me'>): Routes
  readonly worker: Worker
}

/** Second factors, wired. */
export function factorsRoom(deps: FactorsRoomDeps): FactorsRoom {
  const { db, clock, audit, masterKey, sessions, evictions, passwords, publicOrigin } = deps
  const box = secretbox(masterKey)
  const places = panelPlaces({ db, publicOrigin })
  const passkeys = newPasskeys({ db, clock, ceremonies: ceremonies({ clock }) })
  const recovery = recoveryCodes({ clock, box })
  const prover = newProver({ clock, box, passkeys, recovery })
  const budget = factorBudget({ clock, audit })
  const finish = finisher({
    db,
    clock,
    audit,
    sessions,
    evictions,
    secondFactor: secondFactor({ clock, places, prover }),
  })
  const proofs = accountProofs({ db, places, prover, passwords, budget })
  const changes = factorChanges({ clock, audit, sessions, evictions, prover })
  const own = passkeyService({ db, clock, places, passkeys, recovery, proofs, changes })
  const totp = totpService({ db, clock, box, places, recovery, proofs, changes })
  const factors = factorsService({ db, clock, sessions, places, passkeys, own, budget, changes })
  const login = factorLogin({ db, clock, places, prover, passkeys, budget, finish })
  return {
    finish,
    proofs,
    routes: (identity) => factorRoutes({ identity, login, factors, totp, passkeys: own }),
    worker: {
      name: 'factors-tidying',
      everyMs: 60_000,
      timeoutMs: 10_000,
      async run() {
        await factors.tidy()
        return {}
      },
    },
  }
}
