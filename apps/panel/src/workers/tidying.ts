import type { LoginLimiter } from '../identity/login-limiter.ts'
import type { Sessions } from '../identity/sessions.ts'
import type { Worker } from './worker.ts'

/** Writes down when sessions were last used, and drops sessions, failures and bans that have run out. */
export const tidying = ({
  sessions,
  limiter,
}: {
  sessions: Pick<Sessions, 'tidy'>
  limiter: Pick<LoginLimiter, 'tidy'>
}): Worker => ({
  name: 'tidying',
  everyMs: 60_000,
  timeoutMs: 10_000,
  async run() {
    const { used } = await sessions.tidy()
    await limiter.tidy()
    return { sessionsUsed: used }
  },
})
