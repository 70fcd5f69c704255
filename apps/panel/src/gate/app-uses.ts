import type { Kysely } from 'kysely'
import type { Clock } from '../clock.ts'
import type { DB } from '../db/schema.ts'

const MOST = 10_000

export interface AppUses {
  used(id: string, address: string): void
  /** Writes down what was used since. */
  tidy(): Promise<{ used: number }>
}

/** When app passwords were last used, and from where: in memory until `tidy`, so that a request writes nothing. */
export function appUses({ db, clock }: { db: Kysely<DB>; clock: Clock }): AppUses {
  let uses = new Map<string, { readonly at: number; readonly address: string }>()
  return {
    used(id, address) {
      if (uses.size < MOST || uses.has(id)) uses.set(id, { at: clock.now(), address })
    },
    async tidy() {
      const written = uses
      uses = new Map()
      if (written.size === 0) return { used: 0 }
      await db.transaction().execute(async (trx) => {
        for (const [id, { at, address }] of written)
          await trx
            .updateTable('app_password')
            .set({ last_used_at: at, last_address: address })
            .where('id', '=', id)
            .execute()
      })
      return { used: written.size }
    },
  }
}
