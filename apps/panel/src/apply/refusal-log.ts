import type { FastifyBaseLogger } from 'fastify'
import type { Passed } from './reconcile.ts'

const LINES = 20

/** What the edge would not take, in its own words, for whoever reads the log. Each refusal once, not at every pass. */
export function logRefusals(
  log: Pick<FastifyBaseLogger, 'error'>,
  { generation, fresh, refusedBase }: Pick<Passed, 'generation' | 'fresh' | 'refusedBase'>,
): void {
  if (refusedBase !== null)
    log.error({ generation, reason: refusedBase }, 'the edge refused its listeners, certificates or logs')
  for (const { kind, id, message, field } of fresh.slice(0, LINES))
    log.error(
      { generation, [kind]: id, field, reason: message },
      `the edge does not serve a ${kind} as saved`,
    )
  if (fresh.length > LINES)
    log.error({ generation, more: fresh.length - LINES }, 'and so on; the page of each has its reason')
}
