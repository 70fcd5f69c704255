import type { AccountProof, FactorProof } from '@argos/contract'
import type { Kysely, Transaction } from 'kysely'
import type { DB } from '../db/schema.ts'
import { AppError } from '../errors.ts'
import type { Session } from '../http/visitor.ts'
import { type Asked, accountOf } from '../identity/finish.ts'
import type { Passwords } from '../identity/passwords.ts'
import { type FactorBudget, tooManyCodes } from './budget.ts'
import { challengeStore } from './challenge.store.ts'
import type { Places } from './place.ts'
import { hasFactor, type Prepared, type Prover } from './prover.ts'
import { wrongProof } from './words.ts'

export interface AccountProofs {
  /** Shows the second factor once more; throws when it is wrong. For a step-up. */
  factor(session: Session, proof: FactorProof, from: Here): Promise<void>
  /**
   * Acts once the factor is right, and the password of an account that has one: both in the transaction of the act, so
   * that what was proven is not older than what is done.
   */
  act<T>(
    session: Session,
    proof: AccountProof,
    from: Here,
    act: (trx: Transaction<DB>, user: { id: string; username: string }) => Promise<T>,
  ): Promise<T>
}
export interface Here {
  readonly asked: Asked
  readonly address: string
}

export interface AccountProofDeps {
  readonly db: Kysely<DB>
  readonly places: Places
  readonly prover: Prover
  readonly passwords: Passwords
  readonly budget: FactorBudget
}

/** What a passkey signs for when somebody who is signed in is asked once more. */
export const againPurpose = ({ id }: Pick<Session, 'id'>): string => `again ${id}`

export function accountProofs({ db, places, prover, passwords, budget }: AccountProofDeps): AccountProofs {
  const person = async (trx: Kysely<DB>, { userId }: Session) => {
    const user = await accountOf(trx, userId)
    if (user === undefined) throw new AppError('unauthenticated', 'Sign in first.')
    return user
  }
  const prove = async <T>(
    session: Session,
    { factor, password }: { factor: FactorProof; password: string | null },
    { asked, address }: Here,
    act: (trx: Transaction<DB>, user: { id: string; username: string }) => Promise<T>,
  ): Promise<T> => {
    const place = await places.at(asked)
    const before = await person(db, session)
    if (!hasFactor(await prover.owned(db, before.id, place)))
      throw new AppError('conflict', 'Your account has no second factor.')
    // Guesses count before they are judged: a hundred at once are five.
    const guesses = password !== null || factor.method !== 'passkey'
    const guess = guesses ? await db.transaction().execute((trx) => budget.take(trx, before, address)) : null
    const knows = password === null || (await passwords.verify(password, before.password_hash))
    const prepared = await prover.prepare(before.id, factor, againPurpose(session), place)
    const done = await db.transaction().execute(async (trx) => {
      const user = await person(trx, session)
      const same = user.password_hash === before.password_hash
      if (!knows || !same) return refusal(trx, 'password')
      if (!(await prover.check(trx, user, prepared))) return refusal(trx, prepared)
      await guess?.right(trx)
      return { value: await act(trx, user) }
    })
    if ('refused' in done) throw done.refused
    return done.value

    async function refusal(trx: Transaction<DB>, wrong: 'password' | Prepared) {
      const waitMs = guess ? await guess.failed(trx) : 0
      if (waitMs > 0) {
        await challengeStore(trx).dropAllOf(session.userId)
        return { refused: tooManyCodes(waitMs) }
      }
      return { refused: wrong === 'password' ? wrongPassword() : wrongProof(wrong.method) }
    }
  }
  return {
    factor: (session, factor, from) =>
      prove(session, { factor, password: null }, from, async () => undefined),
    async act(session, { factor, password }, from, act) {
      const { password_hash } = await person(db, session)
      // Who signs in elsewhere has none to show.
      const asked = password_hash === '' ? null : (password ?? '')
      return prove(session, { factor, password: asked }, from, act)
    },
  }
}

const wrongPassword = () => {
  const message = 'This is not your password.'
  return new AppError('invalid', message, { fields: [{ path: 'password', message }] })
}
