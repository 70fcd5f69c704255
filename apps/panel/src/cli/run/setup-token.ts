import { systemClock } from '../../clock.ts'
import type { Config } from '../../config.ts'
import { openDatabase, PATIENT_MS } from '../../db/open.ts'
import { issueSetupToken } from '../../identity/setup-tokens.ts'

/** A fresh one-time token for the first administrator, or null when somebody has an account. Older ones end. */
export async function newSetupToken(config: Pick<Config, 'databasePath'>): Promise<string | null> {
  const { db, close } = await openDatabase(config.databasePath, { busyMs: PATIENT_MS })
  try {
    return await issueSetupToken(db, systemClock)
  } finally {
    await close()
  }
}
