import type { Factors as FactorsView } from '@argos/contract'
import type { Kysely } from 'kysely'
import type { Actor } from '../audit/actor.ts'
import type { Clock } from '../clock.ts'
import type { DB } from '../db/schema.ts'
import { AppError } from '../errors.ts'
import { emit } from '../events/outbox.ts'
import type { Session } from '../http/visitor.ts'
import { type Asked, personOf } from '../identity/finish.ts'
import type { Sessions } from '../identity/sessions.ts'
import { keepingLastAdmin } from '../people/last-admin.ts'
import { againPurpose } from './account-proof.ts'
import type { FactorBudget } from './budget.ts'
import { challengeStore } from './challenge.store.ts'
import type { FactorChanges } from './changes.ts'
import type { OwnPasskeys } from './passkey.service.ts'
import { passkeyStore } from './passkey.store.ts'
import type { Passkeys } from './passkeys.ts'
import type { Places } from './place.ts'
import { recoveryStore } from './recovery.store.ts'
import { UNCONFIRMED_MS } from './totp.service.ts'
import { totpStore } from './totp.store.ts'

export interface Factors {
  view(session: Session, asked: Asked): Promise<FactorsView>
  /** For `navigator.credentials.get`, when somebody who is signed in is asked once more. */
  againOptions(session: Session, asked: Asked): Promise<Record<string, unknown> | null>
  /** Takes all of somebody's away and ends their sessions; an administrator's own go by their own page. */
  disableAll(actor: Actor, userId: string): Promise<{ totp: boolean; passkeys: number; atOnce: boolean }>
  /** Drops what has run out. */
  tidy(): Promise<void>
}

export interface FactorsDeps {
  readonly db: Kysely<DB>
  readonly clock: Clock
  readonly sessions: Pick<Sessions, 'endAllOf'>
  readonly places: Places
  readonly passkeys: Passkeys
  readonly own: OwnPasskeys
  readonly budget: FactorBudget
  readonly changes: FactorChanges
}

export function factorsService(deps: FactorsDeps): Factors {
  const { db, clock, sessions, places, passkeys, own, budget, changes } = deps
  return {
    async view({ userId }, asked) {
      const app = await totpStore(db).find(userId)
      const place = await places.at(asked)
      const { left, of } = await recoveryStore(db).count(userId)
      return {
        totp: app?.confirmed_at ? { since: app.confirmed_at } : null,
        passkeys: await own.list(userId),
        recoveryCodes: of === 0 ? null : { left, of },
        passkeysHere: {
          possible: place !== null,
          problem: place === null ? await places.problem() : null,
        },
      }
    },

    async againOptions(session, asked) {
      const place = await places.at(asked)
      if (place === null) return null
      return passkeys.askFor({ person: session.userId, purpose: againPurpose(session), place })
    },

    async disableAll(actor, userId) {
      if (actor.kind === 'user' && actor.id === userId)
        throw new AppError('forbidden', 'Turn your own second factors off under “My account”.')
      const removed = await db.transaction().execute(async (trx) => {
        const user = await personOf(trx, userId)
        if (user === undefined) throw new AppError('not_found', 'There is no such person.')
        const totp = await totpStore(trx).drop(userId)
        const count = await keepingLastAdmin(trx, userId, () => passkeyStore(trx).dropAll(userId))
        await recoveryStore(trx).drop(userId)
        await challengeStore(trx).dropAllOf(userId)
        const words = `Took the second factors of ${user.username} away`
        await changes.record(trx, actor, user, { action: 'user.disable_factors', words })
        const { username } = user
        await emit(trx, 'factor.changed', { userId, username, what: 'all_removed' }, clock.now())
        await sessions.endAllOf(trx, userId)
        return { totp, passkeys: count }
      })
      return { ...removed, atOnce: await changes.evict(userId) }
    },

    async tidy() {
      const now = clock.now()
      await db.transaction().execute(async (trx) => {
        await challengeStore(trx).dropExpired(now)
        await totpStore(trx).dropUnconfirmed(now - UNCONFIRMED_MS)
        await budget.tidy(trx)
      })
    },
  }
}
