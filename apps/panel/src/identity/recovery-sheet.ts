import type { RecoverySheet as RecoverySheetSchema } from '@argos/contract'
import type { Kysely } from 'kysely'
import type { z } from 'zod'
import type { Actor } from '../audit/actor.ts'
import type { Audit } from '../audit/audit.service.ts'
import type { Clock } from '../clock.ts'
import type { DB } from '../db/schema.ts'
import { AppError } from '../errors.ts'
import { keyFingerprint, sameText } from '../secrets.ts'
import { RECOVERY_SHEET_DONE } from './pending.ts'

type RecoverySheet = z.infer<typeof RecoverySheetSchema>

export interface RecoverySheets {
  view(): Promise<RecoverySheet>
  /** Believes that the key is kept elsewhere from whoever knows how it ends. */
  confirm(actor: Actor, lastFour: string): Promise<RecoverySheet>
}

export function recoverySheets({
  db,
  clock,
  audit,
  masterKey,
  keyLocation,
}: {
  db: Kysely<DB>
  clock: Clock
  audit: Audit
  masterKey: Buffer
  /** Where the key is on this machine, in words. */
  keyLocation: string
}): RecoverySheets {
  const view = async (): Promise<RecoverySheet> => {
    const row = await db
      .selectFrom('meta')
      .select('value')
      .where('key', '=', RECOVERY_SHEET_DONE)
      .executeTakeFirst()
    const doneAt = row === undefined ? null : Number(row.value)
    return {
      keyFingerprint: keyFingerprint(masterKey),
      keyLocation,
      command: './argos recovery-sheet',
      done: doneAt !== null,
      doneAt,
    }
  }
  return {
    view,
    async confirm(actor, lastFour) {
      const typed = lastFour.trim().toLowerCase()
      if (!sameText(typed, masterKey.toString('hex').slice(-4))) {
        throw new AppError('invalid', 'These are not the last four characters of the key.', {
          fields: [{ path: 'lastFour', message: 'Compare them with the sheet.' }],
        })
      }
      await db.transaction().execute(async (trx) => {
        const value = String(clock.now())
        await trx
          .insertInto('meta')
          .values({ key: RECOVERY_SHEET_DONE, value })
          .onConflict((c) => c.column('key').doUpdateSet({ value }))
          .execute()
        await audit.record(trx, actor, {
          action: 'recovery_sheet.confirm',
          subject: { kind: 'key', id: null, name: keyFingerprint(masterKey) },
          words: 'Confirmed that the master key is kept elsewhere',
        })
      })
      return view()
    },
  }
}
