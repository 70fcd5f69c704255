import type { Secretbox } from '@argos/secretbox'
import type { Transaction } from 'kysely'
import type { Clock } from '../clock.ts'
import type { DB } from '../db/schema.ts'
import { recoveryStore } from './recovery.store.ts'
import { newRecoveryCodes, recoveryHash, sameHash } from './recovery-codes.ts'

export interface Recovery {
  /** Ten new ones in the place of all that were. */
  renew(trx: Transaction<DB>, userId: string): Promise<string[]>
  /** The same for whoever has none yet; null when there are. */
  ensure(trx: Transaction<DB>, userId: string): Promise<string[] | null>
  /** Uses a code up. False when it is none of theirs, or was used. */
  use(trx: Transaction<DB>, userId: string, typed: string): Promise<boolean>
}

export function recoveryCodes({
  clock,
  box,
}: {
  clock: Clock
  box: Pick<Secretbox, 'seal' | 'open'>
}): Recovery {
  const renew: Recovery['renew'] = async (trx, userId) => {
    const codes = newRecoveryCodes()
    const sealed = codes.map((code, position) =>
      box.seal(placeOf(userId, position), recoveryHash(code) ?? ''),
    )
    const store = recoveryStore(trx)
    await store.drop(userId)
    await store.insert(userId, sealed)
    return codes
  }
  return {
    renew,
    ensure: async (trx, userId) =>
      (await recoveryStore(trx).count(userId)).of > 0 ? null : renew(trx, userId),
    async use(trx, userId, typed) {
      const hash = recoveryHash(typed)
      if (hash === null) return false
      const store = recoveryStore(trx)
      const unused = await store.unused(userId)
      const [found] = unused.filter((row) =>
        sameHash(box.open(placeOf(userId, row.position), row.hash), hash),
      )
      return found !== undefined && store.use(userId, found.position, found.hash, clock.now())
    },
  }
}

const placeOf = (userId: string, position: number) => ({
  table: 'recovery_code',
  column: 'hash',
  row: `${userId}:${position}`,
})
