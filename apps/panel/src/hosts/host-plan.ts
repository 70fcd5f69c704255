import type { HostCreate, HostInput, PoolInput } from '@argos/contract'
import type { Kysely } from 'kysely'
import { refuseUnknownPolicies } from '../access/access-check.ts'
import type { CheckRefusal } from '../apply/apply.types.ts'
import type { DB } from '../db/schema.ts'
import { AppError } from '../errors.ts'
import type { PoolService } from '../pools/pool.service.ts'
import { apiPath, type FieldOf, poolField } from '../pools/would-be.ts'
import { refuseTakenNames } from './names.ts'

/** A host that is to be, under the id it will have. */
export interface Planned {
  readonly id: string
  readonly input: HostInput
  /** The pool it brings, or null when it names one that is there. */
  readonly ownPool: PoolInput | null
}

/** Where in a body the host stands, and where its pool's id does. */
export interface BodyPaths {
  readonly path?: string
  readonly poolPath?: string
}

/** Splits a body into the host and the pool it brings. `poolId` is the id that pool will have. */
export function plannedHost(id: string, poolId: string, { upstream, ...host }: HostCreate): Planned {
  if ('pool' in upstream) return { id, input: { ...host, poolId }, ownPool: upstream.pool }
  return { id, input: { ...host, poolId: upstream.poolId }, ownPool: null }
}

/**
 * The rules that need the database, asked twice: before the edge is, and again in the transaction that writes. Answers
 * with the pool as it will be.
 */
export async function refuseImpossible(
  db: Kysely<DB>,
  pools: PoolService,
  { id, input, ownPool }: Planned,
  { path = '', poolPath = 'upstream.poolId' }: BodyPaths = {},
): Promise<PoolInput> {
  await refuseTakenNames(db, { domains: input.domains, hostId: id, path })
  await refuseUnknownPolicies(db, input.access, path)
  if (ownPool) return ownPool
  const pool = await pools.within(db).get(input.poolId)
  if (pool) return pool
  const message = 'There is no such pool. Choose another one; it may have been deleted.'
  throw new AppError('invalid', message, { fields: [{ path: `${path}${poolPath}`, message }] })
}

/** Where in the body a refused host or pool went wrong. */
export const bodyField =
  ({ ownPool }: Pick<Planned, 'ownPool'>, poolPath: 'poolId' | 'upstream.poolId'): FieldOf =>
  (refusal: CheckRefusal) => {
    if (refusal.kind === 'pool') {
      if (!ownPool) return poolPath
      const field = poolField(refusal.field)
      return field === null ? 'upstream.pool' : `upstream.pool.${field}`
    }
    if (refusal.field === null) return null
    return refusal.field === 'poolId' ? poolPath : apiPath(refusal.field)
  }
