import { hiddenClients, type Seen, seenAt } from '../../access/client-sight.ts'
import type { Config } from '../../config.ts'
import { type Finding, ok, warning } from './finding.ts'

/** Whether visitors have addresses of their own at the edge: policies by network, limits and bans go by them. */
export const clients = async ({ logDir, edgeAddress }: Config): Promise<Finding> =>
  clientsSeen(await seenAt(logDir, edgeAddress !== null))

export function clientsSeen(seen: Seen): Finding {
  const hidden = seen.clients.length === 0 ? null : hiddenClients(seen)
  if (hidden !== null)
    return warning(
      'Client addresses',
      hidden.replace(/: a network would.*$/s, ''),
      'Policies cannot go by networks until visitors have addresses of their own: docs/policies.md, “Networks”.',
    )
  const n = new Set(seen.clients).size
  return ok('Client addresses', n === 0 ? 'no visitor was seen yet' : `${n} different ones of late`)
}
