import type { AccountProof, Passkey, PasskeyAttestation } from '@argos/contract'
import type { Kysely } from 'kysely'
import type { Clock } from '../clock.ts'
import type { DB } from '../db/schema.ts'
import { AppError } from '../errors.ts'
import type { Session } from '../http/visitor.ts'
import { newId } from '../id.ts'
import { type Asked, accountOf } from '../identity/finish.ts'
import { keepingLastAdmin } from '../people/last-admin.ts'
import type { AccountProofs, Here } from './account-proof.ts'
import { actorOf, type Changed, type FactorChanges } from './changes.ts'
import { type PasskeyRow, passkeyStore } from './passkey.store.ts'
import type { Passkeys } from './passkeys.ts'
import type { Place, Places } from './place.ts'
import type { Recovery } from './recovery.ts'

const MOST_PASSKEYS = 20

export interface OwnPasskeys {
  list(userId: string): Promise<Passkey[]>
  begin(session: Session, asked: Asked): Promise<Record<string, unknown>>
  add(
    session: Session,
    input: { readonly name: string; readonly attestation: PasskeyAttestation },
    here: Here,
  ): Promise<Changed & { readonly passkey: Passkey; readonly recoveryCodes: string[] | null }>
  rename(session: Session, id: string, name: string, address: string): Promise<Passkey>
  remove(session: Session, id: string, proof: AccountProof, here: Here): Promise<Changed>
}

export interface PasskeyDeps {
  readonly db: Kysely<DB>
  readonly clock: Clock
  readonly places: Places
  readonly passkeys: Passkeys
  readonly recovery: Recovery
  readonly proofs: AccountProofs
  readonly changes: FactorChanges
}

export function passkeyService({
  db,
  clock,
  places,
  passkeys,
  recovery,
  proofs,
  changes,
}: PasskeyDeps): OwnPasskeys {
  const placeAt = async (asked: Asked): Promise<Place> => {
    const place = await places.at(asked)
    if (place === null) throw new AppError('conflict', await places.problem())
    return place
  }
  return {
    list: async (userId) => (await passkeyStore(db).all(userId)).map(viewOf),

    async begin(session, asked) {
      const place = await placeAt(asked)
      const user = await accountOf(db, session.userId)
      if (user === undefined) throw new AppError('unauthenticated', 'Sign in first.')
      const { id, username, display_name: displayName } = user
      return passkeys.invite({ id, username, displayName }, addPurpose(session), place)
    },

    async add(session, { name, attestation }, { asked, address }) {
      const place = await placeAt(asked)
      const made = await passkeys.attested(attestation, addPurpose(session), place)
      if (made === null)
        throw new AppError('invalid', 'The passkey was not accepted, or took too long. Begin again.')
      const { credentialId, publicKey, counter, transports, backedUp } = made
      return changes.own(session, address, (finish) =>
        db.transaction().execute(async (trx) => {
          const store = passkeyStore(trx)
          if ((await store.all(session.userId)).length >= MOST_PASSKEYS)
            throw new AppError('conflict', `You have ${MOST_PASSKEYS} passkeys. Remove one first.`)
          if (await store.byCredential(credentialId))
            throw new AppError('conflict', 'This passkey is added already.')
          const row: PasskeyRow = {
            id: newId('k'),
            credential_id: credentialId,
            user_id: session.userId,
            rp_id: place.rpId,
            name,
            public_key: publicKey,
            counter,
            transports: JSON.stringify(transports),
            backed_up: backedUp ? 1 : 0,
            created_at: clock.now(),
            last_used_at: null,
          }
          await store.insert(row)
          const recoveryCodes = await recovery.ensure(trx, session.userId)
          const change = { what: 'passkey_added', action: 'passkey.add', words: `Added the passkey ${name}` }
          return {
            passkey: viewOf(row),
            recoveryCodes,
            ...(await finish(trx, { ...change, what: 'passkey_added' })),
          }
        }),
      )
    },

    rename: (session, id, name, address) =>
      db.transaction().execute(async (trx) => {
        const store = passkeyStore(trx)
        const row = await store.find(session.userId, id)
        if (row === undefined) throw noPasskey()
        await store.rename(session.userId, id, name)
        const person = { id: session.userId, username: session.username }
        const words = `Renamed the passkey ${row.name} to ${name}`
        await changes.record(trx, actorOf(session, address), person, { action: 'passkey.rename', words })
        return viewOf({ ...row, name })
      }),

    async remove(session, id, proof, here) {
      // Before anything is proven: a code is worth more than a slip.
      if (!(await passkeyStore(db).find(session.userId, id))) throw noPasskey()
      return changes.own(session, here.address, (finish) =>
        proofs.act(session, proof, here, async (trx) => {
          const row = await passkeyStore(trx).find(session.userId, id)
          if (row === undefined) throw noPasskey()
          await keepingLastAdmin(trx, session.userId, () => passkeyStore(trx).drop(session.userId, id))
          const words = `Removed the passkey ${row.name}`
          return finish(trx, { what: 'passkey_removed', action: 'passkey.remove', words })
        }),
      )
    },
  }
}

const addPurpose = ({ id }: Session) => `add ${id}`
const noPasskey = () => new AppError('not_found', 'There is no such passkey. Load the page again.')

const viewOf = (row: PasskeyRow): Passkey => ({
  id: row.id,
  name: row.name,
  createdAt: row.created_at,
  lastUsedAt: row.last_used_at,
  backedUp: row.backed_up === 1,
})
