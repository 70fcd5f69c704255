import type { FactorProof, SessionView, StepUp } from '@argos/contract'
import type { Kysely, Transaction } from 'kysely'
import type { Audit } from '../audit/audit.service.ts'
import type { Clock } from '../clock.ts'
import type { DB } from '../db/schema.ts'
import { AppError } from '../errors.ts'
import type { Evictions } from '../gate/evictions.ts'
import type { Session } from '../http/visitor.ts'
import type { Asked, SignedIn } from '../identity/finish.ts'
import type { OwnSession, Sessions } from '../identity/sessions.ts'
import type { OwnPasswords } from './passwords.service.ts'
import { peopleStore } from './people.store.ts'

interface Here {
  readonly asked: Asked
  readonly address: string
}
export interface Account {
  sessions(session: Session): Promise<{ sessions: SessionView[] }>
  endSession(session: Session, id: string, address: string): Promise<{ atOnce: boolean }>
  endOthers(session: Session, address: string): Promise<{ ended: number; atOnce: boolean }>
  rename(session: Session, displayName: string, address: string): Promise<void>
  /** What asks for a fresh proof is open for ten minutes; the session goes on under a new token. */
  stepUp(session: Session, proof: StepUp, from: Here): Promise<SignedIn>
}
export interface AccountDeps {
  readonly db: Kysely<DB>
  readonly clock: Clock
  readonly audit: Audit
  readonly sessions: Sessions
  readonly passwords: Pick<OwnPasswords, 'prove'>
  /** Throws when it is wrong. */
  readonly proveFactor: (session: Session, proof: FactorProof, from: Here) => Promise<void>
  readonly evictions: Pick<Evictions, 'now'>
}

export function accountService(deps: AccountDeps): Account {
  const { db, clock, audit, sessions, passwords, proveFactor, evictions } = deps
  const record = (trx: Transaction<DB>, session: Session, address: string, action: string, words: string) => {
    const { userId: id, username: name } = session
    return audit.record(
      trx,
      { kind: 'user', id, name, address },
      { action, subject: { kind: 'user', id, name }, words },
    )
  }
  return {
    async sessions(session) {
      const own = await sessions.listOf(session.userId)
      return { sessions: own.map((row) => shown(row, session.id)) }
    },

    async endSession(session, id, address) {
      await db.transaction().execute(async (trx) => {
        if (!(await sessions.endOne(trx, session.userId, id)))
          throw new AppError('not_found', 'There is no such session of yours. It may have ended.')
        await record(trx, session, address, 'session.end', 'Ended one of their sessions')
      })
      return { atOnce: await evictions.now({ session: id }) }
    },

    async endOthers(session, address) {
      const ended = await db.transaction().execute(async (trx) => {
        const ids = await sessions.endAllOf(trx, session.userId, session.tokenHash)
        await record(trx, session, address, 'session.end_others', 'Ended all of their other sessions')
        return ids
      })
      const atOnce = await evictions.now(...ended.map((id) => ({ session: id })))
      return { ended: ended.length, atOnce }
    },

    rename: (session, displayName, address) =>
      db.transaction().execute(async (trx) => {
        await peopleStore(trx).update(session.userId, { display_name: displayName })
        await record(trx, session, address, 'user.rename', `Is called ${displayName || 'nothing else'} now`)
      }),

    async stepUp(session, proof, from) {
      if (proof.method === 'password') await passwords.prove(session, proof.password)
      else await proveFactor(session, proof, from)
      const { token, ...next } = await db.transaction().execute(async (trx) => {
        const now = clock.now()
        const factor = proof.method === 'password' ? {} : { factorAt: now }
        const rotated = await sessions.rotate(trx, session, { authAt: now, ...factor })
        await record(trx, session, from.address, 'session.step_up', 'Proved once more who they are')
        return rotated
      })
      return { token, session: next }
    },
  }
}

const shown = (row: OwnSession, current: string): SessionView => ({
  id: row.id,
  current: row.id === current,
  method: row.method,
  address: row.address,
  userAgent: row.user_agent,
  createdAt: row.created_at,
  lastSeenAt: row.lastSeenAt,
  expiresAt: row.expires_at,
  authAt: row.auth_at,
  factorAt: row.factor_at,
})
