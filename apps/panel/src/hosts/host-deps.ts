import type { HostSpec } from '@argos/caddy'
import type { HostInput } from '@argos/contract'
import type { Kysely } from 'kysely'
import type { Apply } from '../apply/apply.types.ts'
import type { Commit } from '../changes/commit.ts'
import type { Clock } from '../clock.ts'
import type { DB } from '../db/schema.ts'
import { AppError } from '../errors.ts'
import type { PoolService } from '../pools/pool.service.ts'
import { hostStore, type SavedHost } from './host.store.ts'

export interface HostDeps {
  db: Kysely<DB>
  clock: Clock
  apply: Apply
  commit: Commit
  pools: PoolService
}

export async function foundHost(db: Kysely<DB>, id: string): Promise<SavedHost> {
  const host = await hostStore(db).get(id)
  if (!host) throw new AppError('not_found', 'There is no such host. It may have been deleted.')
  return host
}

export const hostSpec = (id: string, input: HostInput): HostSpec => ({
  id,
  domains: input.domains,
  enabled: input.enabled,
  tls: input.tls,
  access: input.access,
  poolId: input.poolId,
})

export const subjectOf = (id: string, domains: readonly string[]) => ({
  kind: 'host',
  id,
  name: domains[0] ?? id,
})
