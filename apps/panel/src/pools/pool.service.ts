import type { Pool, PoolInput, Saved } from '@argos/contract'
import type { Kysely } from 'kysely'
import type { Apply } from '../apply/apply.types.ts'
import type { Actor } from '../audit/actor.ts'
import type { Commit, How, Write } from '../changes/commit.ts'
import type { Clock } from '../clock.ts'
import type { DB } from '../db/schema.ts'
import { placeOf } from '../guard/url.ts'
import { newId } from '../id.ts'
import { type PoolUser, poolStore, type SavedPool } from './pool.store.ts'
import type { PoolCheck } from './pool-check.ts'
import { settingsOf } from './pool-settings.ts'
import { foundPool, poolWrites, stale } from './pool-writes.ts'
import { askEdge, poolField, poolSpec, refuseRejected } from './would-be.ts'

export interface PoolDeps {
  db: Kysely<DB>
  clock: Clock
  apply: Apply
  commit: Commit
  check: PoolCheck
}
export type PoolService = ReturnType<typeof poolService>
type Written = { pool: Pool; saved: Saved }

export function poolService({ db, clock, apply, commit, check }: PoolDeps) {
  const writes = poolWrites({ clock })
  const view = async (id: string): Promise<Pool> => {
    const pool = await foundPool(db, id)
    return poolView(pool, await poolStore(db).users(id), apply)
  }
  const written = async (actor: Actor, id: string, write: Write, how: How): Promise<Written> => {
    const saved = await commit(actor, write, how)
    return { pool: await view(id), saved }
  }
  const askAbout = async (id: string, input: PoolInput) =>
    refuseRejected(await askEdge({ apply, db }, { pools: [poolSpec(id, input)] }), (r) => poolField(r.field))

  return {
    check,
    view,
    writes,
    async list(): Promise<Pool[]> {
      const [pools, users] = await Promise.all([poolStore(db).list(), poolStore(db).users()])
      const byPool = Map.groupBy(users, (u) => u.poolId)
      return pools.map((pool) => poolView(pool, byPool.get(pool.id) ?? [], apply))
    },

    async create(actor: Actor, input: PoolInput): Promise<Written> {
      const id = newId('p')
      await check(input, '')
      const asked = await askAbout(id, input)
      return written(actor, id, writes.insert(id, input), { asked })
    },

    async update(
      actor: Actor,
      id: string,
      { version, ...input }: PoolInput & { version: number },
      confirmS?: number,
    ): Promise<Written> {
      const known = await foundPool(db, id)
      if (known.version !== version) throw stale(known.name)
      await check(input, '')
      const asked = await askAbout(id, input)
      return written(actor, id, writes.update(id, version, input), { asked, confirmS })
    },

    async remove(actor: Actor, id: string, confirmS?: number): Promise<{ saved: Saved }> {
      return { saved: await commit(actor, writes.remove(id), { confirmS }) }
    },

    /** For hosts, which bring and take their pool along in their own transaction. */
    within: (trx: Kysely<DB>) => ({
      get: (id: string) => poolStore(trx).get(id),
      all: () => poolStore(trx).list(),
      some: (ids: readonly string[]) => poolStore(trx).some(ids),
      users: (id: string) => poolStore(trx).users(id),
      insert: (id: string, input: PoolInput) => poolStore(trx).insert(id, input, clock.now()),
      /** The pool that went, or null because something uses it. */
      async removeUnused(id: string): Promise<SavedPool | null> {
        const pool = await poolStore(trx).get(id)
        if (!pool || (await poolStore(trx).users(id)).length > 0) return null
        await poolStore(trx).remove(id)
        return pool
      },
    }),
  }
}

function poolView(pool: SavedPool, users: readonly PoolUser[], apply: Pick<Apply, 'targetHealth'>): Pool {
  const { id, version, createdAt, updatedAt } = pool
  const health = apply.targetHealth(id)
  return {
    ...settingsOf(pool),
    id,
    version,
    createdAt,
    updatedAt,
    targets: pool.targets.map((t) => ({ ...t, health: health[placeOf(t.address, t.port)] ?? null })),
    hosts: users.map((u) => ({ id: u.id, name: u.name })),
  }
}
