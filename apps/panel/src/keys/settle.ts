import type { FastifyBaseLogger } from 'fastify'
import type { Kysely } from 'kysely'
import type { Audit } from '../audit/audit.service.ts'
import type { Config } from '../config.ts'
import type { DB } from '../db/schema.ts'
import { RECOVERY_SHEET_DONE } from '../identity/pending.ts'
import { checkKey, keyFingerprint, rememberKey } from '../secrets.ts'
import { reseal } from './rotation.ts'

export interface Settling {
  readonly db: Kysely<DB>
  readonly audit: Pick<Audit, 'record'>
  readonly config: Pick<Config, 'masterKey' | 'formerMasterKey'>
  readonly log: Pick<FastifyBaseLogger, 'info' | 'warn' | 'error'>
}

/**
 * What the key of this start means for the database, before anything is sealed or opened. With the former key beside a
 * new one everything is sealed anew first. `read_only`: this is another key, and what the database holds cannot be read.
 */
export async function settleKey(deps: Settling): Promise<'ready' | 'read_only'> {
  const { db, config, log } = deps
  const { masterKey, formerMasterKey: former } = config
  const found = await checkKey(db, masterKey)
  if (found === 'new') await rememberKey(db, masterKey)
  if (found !== 'different') {
    if (former !== null)
      log.warn('all secrets are sealed with ARGOS_MASTER_KEY: ARGOS_FORMER_MASTER_KEY can go')
    return 'ready'
  }
  if (former === null || (await checkKey(db, former)) !== 'same') {
    log.error(
      'ARGOS_MASTER_KEY is not the key this database was made with; put the key of your recovery sheet back. ' +
        'Until then the panel changes nothing',
    )
    return 'read_only'
  }
  await rotate(deps, former)
  return 'ready'
}

async function rotate({ db, audit, config, log }: Settling, former: Buffer): Promise<void> {
  const { masterKey } = config
  const { resealed, broken } = await reseal(db, { key: masterKey, former })
  // Last: as long as the former key is the one that is remembered, a killed panel goes on with this.
  await db.transaction().execute(async (trx) => {
    await rememberKey(trx, masterKey)
    await trx.deleteFrom('meta').where('key', '=', RECOVERY_SHEET_DONE).execute()
    // A half sign-in may hold a token of the provider's under the former key. It lasts five minutes anyway.
    await trx.deleteFrom('login_challenge').execute()
    await audit.record(
      trx,
      { kind: 'system', name: 'environment' },
      {
        action: 'key.rotate',
        subject: { kind: 'key', id: null, name: keyFingerprint(masterKey) },
        words: `Sealed ${resealed === 1 ? 'one secret' : `${resealed} secrets`} with a new master key`,
        before: { fingerprint: keyFingerprint(former) },
        after: { fingerprint: keyFingerprint(masterKey), broken },
      },
    )
  })
  for (const words of broken) log.error(`${words} It stays as it is.`)
  log.info({ resealed }, 'everything is sealed with the new master key; ARGOS_FORMER_MASTER_KEY can go')
}
