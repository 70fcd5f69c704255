import type { Kysely } from 'kysely'
import type { Actor } from '../audit/actor.ts'
import type { Audit } from '../audit/audit.service.ts'
import type { DB } from '../db/schema.ts'
import type { Evictions } from '../gate/evictions.ts'
import { readSessionHours } from '../identity/session-limits.ts'
import type { Sessions } from '../identity/sessions.ts'

export interface Limits {
  view(): Promise<{ hours: number }>
  update(actor: Actor, hours: number): Promise<{ hours: number }>
}

/** How long sessions last. */
export function limitsService({
  db,
  audit,
  sessions,
  evictions,
}: {
  db: Kysely<DB>
  audit: Audit
  sessions: Pick<Sessions, 'limitTo'>
  evictions: Pick<Evictions, 'now'>
}): Limits {
  const words = (hours: number) => (hours === 1 ? 'an hour' : `${hours} hours`)
  return {
    view: async () => ({ hours: await readSessionHours(db) }),
    async update(actor, hours) {
      const before = await db.transaction().execute(async (trx) => {
        const was = await readSessionHours(trx)
        if (was === hours) return was
        await sessions.limitTo(trx, hours)
        await audit.record(trx, actor, {
          action: 'settings.sessions',
          subject: { kind: 'settings', id: null, name: 'sessions' },
          words: `Sessions last ${words(hours)}, no more ${words(was)}`,
          before: { hours: was },
          after: { hours },
        })
        return was
      })
      // Those that are over by now are so at every host, too.
      if (hours < before) await evictions.now({ all: true })
      return { hours }
    },
  }
}
