import type { Kysely } from 'kysely'
import type { Clock } from '../clock.ts'
import type { DB } from '../db/schema.ts'
import { tidyOutbox } from '../events/outbox.ts'
import type { LoginLimiter } from '../identity/login-limiter.ts'
import type { Sessions } from '../identity/sessions.ts'
import type { Worker } from './worker.ts'

/** Writes down when sessions were last used, and drops sessions, failures, bans and events that have run out. */
export const tidying = ({
  db,
  clock,
  sessions,
  limiter,
}: {
  db: Kysely<DB>
  clock: Clock
  sessions: Pick<Sessions, 'tidy'>
  limiter: Pick<LoginLimiter, 'tidy'>
}): Worker => ({
  name: 'tidying',
  everyMs: 60_000,
  timeoutMs: 10_000,
  async run() {
    const { used } = await sessions.tidy()
    await limiter.tidy()
    return { sessionsUsed: used, eventsDropped: await tidyOutbox(db, clock.now()) }
  },
})
