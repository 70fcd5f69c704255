import type { FactorMethod, FactorProof } from '@argos/contract'
import { SealBroken, type Secretbox } from '@argos/secretbox'
import type { Kysely, Transaction } from 'kysely'
import type { Clock } from '../clock.ts'
import type { DB } from '../db/schema.ts'
import { AppError } from '../errors.ts'
import { emit } from '../events/outbox.ts'
import { passkeyStore } from './passkey.store.ts'
import type { Asserted, Passkeys } from './passkeys.ts'
import type { Place } from './place.ts'
import { recoveryStore } from './recovery.store.ts'
import type { Recovery } from './recovery.ts'
import { totpStore } from './totp.store.ts'
import { stepOf } from './totp.ts'

/** A proof, as far as it can be judged before the transaction: signatures are, codes are not. */
export type Prepared =
  | { readonly method: 'totp' | 'recovery'; readonly code: string }
  | { readonly method: 'passkey'; readonly asserted: Asserted | null }

export interface Owned {
  readonly totp: boolean
  readonly passkeys: number
  /** Passkeys that work at the place that was asked about. */
  readonly here: number
  readonly codesLeft: number
}
export interface Prover {
  owned(db: Kysely<DB>, userId: string, place: Place | null): Promise<Owned>
  prepare(userId: string, proof: FactorProof, purpose: string, place: Place | null): Promise<Prepared>
  /** Whether it is right, and now used up. */
  check(
    trx: Transaction<DB>,
    user: { readonly id: string; readonly username: string },
    prepared: Prepared,
  ): Promise<boolean>
}

export const hasFactor = ({ totp, passkeys }: Owned): boolean => totp || passkeys > 0
/** What can be asked for here, the handiest first. */
export const methodsOf = ({ totp, here, codesLeft }: Owned): FactorMethod[] => [
  ...(here > 0 ? (['passkey'] as const) : []),
  ...(totp ? (['totp'] as const) : []),
  ...(codesLeft > 0 ? (['recovery'] as const) : []),
]

export const totpPlace = (userId: string) => ({ table: 'totp', column: 'secret', row: userId })

export function prover({
  clock,
  box,
  passkeys,
  recovery,
}: {
  clock: Clock
  box: Pick<Secretbox, 'open'>
  passkeys: Passkeys
  recovery: Recovery
}): Prover {
  const totp = async (trx: Transaction<DB>, userId: string, code: string): Promise<boolean> => {
    const store = totpStore(trx)
    const row = await store.find(userId)
    if (row === undefined || row.confirmed_at === null) return false
    const step = stepOf(box.open(totpPlace(userId), row.secret), code, clock.now(), row.last_step)
    return step !== null && store.useStep(userId, row.secret, step)
  }
  return {
    async owned(db, userId, place) {
      const keys = await passkeyStore(db).all(userId)
      const app = await totpStore(db).find(userId)
      return {
        totp: app !== undefined && app.confirmed_at !== null,
        passkeys: keys.length,
        here: place === null ? 0 : keys.filter((key) => key.rp_id === place.rpId).length,
        codesLeft: (await recoveryStore(db).count(userId)).left,
      }
    },

    async prepare(userId, proof, purpose, place) {
      if (proof.method !== 'passkey') return proof
      const { assertion } = proof
      const asserted =
        place === null ? null : await passkeys.verify(assertion, { person: userId, purpose, place })
      return { method: 'passkey', asserted }
    },

    async check(trx, { id: userId, username }, prepared) {
      if (prepared.method === 'passkey') {
        const { asserted } = prepared
        return asserted?.passkey.user_id === userId && passkeys.consume(trx, asserted)
      }
      if (prepared.method === 'totp') return totp(trx, userId, prepared.code).catch(withoutKey)
      if (!(await recovery.use(trx, userId, prepared.code).catch(withoutKey))) return false
      await emit(trx, 'factor.changed', { userId, username, what: 'recovery_code_used' }, clock.now())
      return true
    },
  }
}

/** With another master key no code can be judged. Passkeys need none. */
function withoutKey(err: unknown): never {
  if (!(err instanceof SealBroken) || err.reason !== 'key') throw err
  throw new AppError(
    'read_only',
    'Codes cannot be checked: ARGOS_MASTER_KEY is not the key this database was made with. Put the key of your recovery sheet back.',
  )
}
