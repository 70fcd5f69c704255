import type { EventData } from '@argos/contract'
import type { Transaction } from 'kysely'
import type { Actor } from '../audit/actor.ts'
import type { Audit } from '../audit/audit.service.ts'
import type { Clock } from '../clock.ts'
import type { DB } from '../db/schema.ts'
import { emit } from '../events/outbox.ts'
import type { Evictions } from '../gate/evictions.ts'
import type { Session } from '../http/visitor.ts'
import type { Sessions } from '../identity/sessions.ts'
import { challengeStore } from './challenge.store.ts'
import { hasFactor, type Prover } from './prover.ts'
import { recoveryStore } from './recovery.store.ts'

/** What came of a change: the session goes on under a new token, the others have ended. */
export interface Changed {
  readonly token: string
  readonly atOnce: boolean
}
export interface Change {
  readonly what: EventData<'factor.changed'>['what']
  readonly action: string
  readonly words: string
}
interface Person {
  readonly id: string
  readonly username: string
}
export interface FactorChanges {
  /** Audit row and event, nothing more. */
  record(trx: Transaction<DB>, actor: Actor, person: Person, change: Omit<Change, 'what'>): Promise<void>
  /**
   * Runs `change` in one transaction with what follows from it: the person's other sessions and half sign-ins end, this
   * session gets a new token, recovery codes go with the last factor, and the edge forgets the person before this answers.
   */
  own<T extends object>(
    session: Session,
    address: string,
    run: (finish: (trx: Transaction<DB>, change: Change) => Promise<{ token: string }>) => Promise<T>,
  ): Promise<T & { readonly atOnce: boolean }>
  evict(userId: string): Promise<boolean>
}

export interface FactorChangesDeps {
  readonly clock: Clock
  readonly audit: Audit
  readonly sessions: Pick<Sessions, 'endAllOf' | 'rotate'>
  readonly evictions: Pick<Evictions, 'now'>
  readonly prover: Pick<Prover, 'owned'>
}

export function factorChanges({
  clock,
  audit,
  sessions,
  evictions,
  prover,
}: FactorChangesDeps): FactorChanges {
  const record: FactorChanges['record'] = (trx, actor, { id, username }, { action, words }) =>
    audit.record(trx, actor, { action, subject: { kind: 'user', id, name: username }, words })
  const evict = (userId: string) => evictions.now({ person: userId })
  return {
    record,
    evict,
    async own(session, address, run) {
      const { userId: id, username } = session
      const done = await run(async (trx, change) => {
        const now = clock.now()
        const has = hasFactor(await prover.owned(trx, id, null))
        if (!has) await recoveryStore(trx).drop(id)
        await challengeStore(trx).dropAllOf(id)
        await record(trx, { kind: 'user', id, name: username, address }, { id, username }, change)
        await emit(trx, 'factor.changed', { userId: id, username, what: change.what }, now)
        await sessions.endAllOf(trx, id, session.tokenHash)
        // What was just shown is as good as at a sign-in; without a factor there is nothing that was shown.
        const { token } = await sessions.rotate(trx, session, { factorAt: has ? now : null })
        return { token }
      })
      return { ...done, atOnce: await evict(id) }
    },
  }
}

/** The account as a session knows it. */
export const actorOf = ({ userId, username }: Session, address: string): Actor => ({
  kind: 'user',
  id: userId,
  name: username,
  address,
})
