import type { Kysely } from 'kysely'
import type { Clock } from '../clock.ts'
import type { GuestLinks } from '../credentials/guest-link.service.ts'
import type { DB } from '../db/schema.ts'
import { tidyOutbox } from '../events/outbox.ts'
import type { LoginLimiter } from '../identity/login-limiter.ts'
import type { Sessions } from '../identity/sessions.ts'
import type { PeopleRoom } from '../people/people.room.ts'
import type { Worker } from './worker.ts'

/** Writes down when sessions were last used, and drops sessions, failures, bans, links and events that have run out. */
export const tidying = ({
  db,
  clock,
  sessions,
  limiter,
  guests,
  people,
}: {
  db: Kysely<DB>
  clock: Clock
  sessions: Pick<Sessions, 'tidy'>
  limiter: Pick<LoginLimiter, 'tidy'>
  guests: Pick<GuestLinks, 'tidy'>
  people: Pick<PeopleRoom, 'tidy'>
}): Worker => ({
  name: 'tidying',
  everyMs: 60_000,
  timeoutMs: 10_000,
  async run() {
    const { used } = await sessions.tidy()
    await limiter.tidy()
    await guests.tidy()
    await people.tidy()
    return { sessionsUsed: used, eventsDropped: await tidyOutbox(db, clock.now()) }
  },
})
