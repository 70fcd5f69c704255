import type { AccountProof } from '@argos/contract'
import type { Secretbox } from '@argos/secretbox'
import type { Kysely } from 'kysely'
import type { Clock } from '../clock.ts'
import type { DB } from '../db/schema.ts'
import { AppError } from '../errors.ts'
import type { Session } from '../http/visitor.ts'
import type { AccountProofs, Here } from './account-proof.ts'
import { actorOf, type Changed, type FactorChanges } from './changes.ts'
import type { Places } from './place.ts'
import { totpPlace } from './prover.ts'
import type { Recovery } from './recovery.ts'
import { totpStore } from './totp.store.ts'
import { newTotpSecret, stepOf, totpUri } from './totp.ts'
import { wrongProof } from './words.ts'

/** How long a secret waits for its first code. */
export const UNCONFIRMED_MS = 60 * 60_000

export interface Totp {
  /** A secret that counts for nothing yet. */
  begin(session: Session, address: string): Promise<{ secret: string; uri: string }>
  confirm(
    session: Session,
    code: string,
    address: string,
  ): Promise<Changed & { readonly recoveryCodes: string[] | null }>
  disable(session: Session, proof: AccountProof, here: Here): Promise<Changed>
  renewCodes(
    session: Session,
    proof: AccountProof,
    here: Here,
  ): Promise<Changed & { readonly recoveryCodes: string[] }>
}

export interface TotpDeps {
  readonly db: Kysely<DB>
  readonly clock: Clock
  readonly box: Pick<Secretbox, 'seal' | 'open'>
  readonly places: Places
  readonly recovery: Recovery
  readonly proofs: AccountProofs
  readonly changes: FactorChanges
}

export function totpService({ db, clock, box, places, recovery, proofs, changes }: TotpDeps): Totp {
  return {
    async begin(session, address) {
      const { userId: id, username } = session
      const issuer = await places.issuer()
      const secret = newTotpSecret()
      await db.transaction().execute(async (trx) => {
        const store = totpStore(trx)
        if ((await store.find(id))?.confirmed_at) throw isOn()
        await store.begin(id, box.seal(totpPlace(id), secret), clock.now())
        await changes.record(
          trx,
          actorOf(session, address),
          { id, username },
          { action: 'totp.begin', words: 'Began to set up an authenticator app' },
        )
      })
      return { secret, uri: totpUri(issuer, username, secret) }
    },

    confirm: (session, code, address) =>
      changes.own(session, address, (finish) =>
        db.transaction().execute(async (trx) => {
          const { userId } = session
          const store = totpStore(trx)
          const row = await store.find(userId)
          if (row?.confirmed_at) throw isOn()
          const now = clock.now()
          if (row === undefined || now - row.created_at >= UNCONFIRMED_MS)
            throw new AppError('conflict', 'This secret has run out. Begin again.')
          const step = stepOf(box.open(totpPlace(userId), row.secret), code, now, null)
          if (step === null) throw wrongProof('totp')
          if (!(await store.confirm(userId, row.secret, step, now))) throw isOn()
          const codes = await recovery.ensure(trx, userId)
          const words = 'Turned an authenticator app on as second factor'
          return {
            recoveryCodes: codes,
            ...(await finish(trx, { what: 'totp_added', action: 'totp.enable', words })),
          }
        }),
      ),

    disable: (session, proof, here) =>
      changes.own(session, here.address, (finish) =>
        proofs.act(session, proof, here, async (trx, { id }) => {
          if (!(await totpStore(trx).find(id))?.confirmed_at)
            throw new AppError('conflict', 'There is no authenticator app to turn off.')
          await totpStore(trx).drop(id)
          const words = 'Turned the authenticator app off'
          return finish(trx, { what: 'totp_removed', action: 'totp.disable', words })
        }),
      ),

    renewCodes: (session, proof, here) =>
      changes.own(session, here.address, (finish) =>
        proofs.act(session, proof, here, async (trx, { id }) => {
          const codes = await recovery.renew(trx, id)
          const words = 'Made ten new recovery codes; the old ones ended'
          const change = { what: 'recovery_codes_renewed', action: 'recovery_codes.renew', words } as const
          return { recoveryCodes: codes, ...(await finish(trx, change)) }
        }),
      ),
  }
}

const isOn = () =>
  new AppError('conflict', 'An authenticator app is set up already. Turn it off before you set up another.')
