import type { Kysely } from 'kysely'
import type { Clock } from '../clock.ts'
import type { DB } from '../db/schema.ts'
import { hashToken, newToken } from '../secrets.ts'
import { userStore } from './user.store.ts'

const VALID_MS = 24 * 60 * 60_000

/** Makes the one-time token of the first administrator; older ones end with it. Null once anybody has an account. */
export const issueSetupToken = (db: Kysely<DB>, clock: Clock): Promise<string | null> =>
  db.transaction().execute(async (trx) => {
    const store = userStore(trx)
    if (await store.any()) return null
    const token = newToken()
    const now = clock.now()
    await store.replaceSetupToken(hashToken(token), now, now + VALID_MS)
    return token
  })
