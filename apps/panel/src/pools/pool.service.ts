import { type Pool, PoolInput, type Saved } from '@argos/contract'
import type { Kysely, Transaction } from 'kysely'
import type { Apply, Checked } from '../apply/apply.types.ts'
import { savedGeneration } from '../apply/desired.ts'
import { savedAs } from '../apply/saved.ts'
import type { Actor } from '../audit/actor.ts'
import type { Audit } from '../audit/audit.service.ts'
import { recordChange } from '../changes/changes.store.ts'
import type { Clock } from '../clock.ts'
import type { DB } from '../db/schema.ts'
import { AppError } from '../errors.ts'
import { placeOf } from '../guard/url.ts'
import { newId } from '../id.ts'
import { type PoolUser, poolStore, type SavedPool } from './pool.store.ts'
import type { PoolCheck } from './pool-check.ts'
import { askEdge, poolField, poolSpec, refuseRejected } from './would-be.ts'

export interface PoolDeps {
  db: Kysely<DB>
  clock: Clock
  audit: Pick<Audit, 'record'>
  apply: Apply
  check: PoolCheck
}
export type PoolService = ReturnType<typeof poolService>
type Write = { pool: Pool; saved: Saved }

export function poolService({ db, clock, audit, apply, check }: PoolDeps) {
  const view = async (id: string): Promise<Pool> => {
    const pool = await found(db, id)
    return poolView(pool, await poolStore(db).users(id), apply)
  }
  const settled = async (id: string, generation: number, asked: Checked): Promise<Write> => {
    const saved = await savedAs(apply, generation, { asked })
    return { pool: await view(id), saved }
  }
  const askAbout = async (id: string, input: PoolInput) =>
    refuseRejected(await askEdge({ apply, db }, { pools: [poolSpec(id, input)] }), (r) => poolField(r.field))

  return {
    check,
    view,
    async list(): Promise<Pool[]> {
      const [pools, users] = await Promise.all([poolStore(db).list(), poolStore(db).users()])
      const byPool = Map.groupBy(users, (u) => u.poolId)
      return pools.map((pool) => poolView(pool, byPool.get(pool.id) ?? [], apply))
    },

    async create(actor: Actor, input: PoolInput): Promise<Write> {
      const id = newId('p')
      await check(input, '')
      const asked = await askAbout(id, input)
      const generation = await db.transaction().execute(async (trx) => {
        await poolStore(trx).insert(id, input, clock.now())
        const words = `Added the pool ${input.name}`
        const subject = { kind: 'pool', id, name: input.name }
        await audit.record(trx, actor, { action: 'pool.create', subject, words, after: input })
        return recordChange(trx, actor, { words: [words], hosts: [] }, clock.now())
      })
      return settled(id, generation, asked)
    },

    async update(
      actor: Actor,
      id: string,
      { version, ...input }: PoolInput & { version: number },
    ): Promise<Write> {
      const known = await found(db, id)
      if (known.version !== version) throw stale(known.name)
      await check(input, '')
      const asked = await askAbout(id, input)
      const generation = await db.transaction().execute(async (trx) => {
        const before = await found(trx, id)
        if (before.version !== version) throw stale(before.name)
        if (sameSettings(before, input)) return null
        if (!(await poolStore(trx).update(id, version, input, clock.now()))) throw stale(before.name)
        const users = await poolStore(trx).users(id)
        const words = wordsOf(before, input)
        const subject = { kind: 'pool', id, name: input.name }
        await audit.record(trx, actor, {
          action: 'pool.update',
          subject,
          words,
          before: settingsOf(before),
          after: input,
        })
        return recordChange(trx, actor, { words: [words], hosts: users.map((u) => u.id) }, clock.now())
      })
      return settled(id, generation ?? (await savedGeneration(db)), asked)
    },

    async remove(actor: Actor, id: string): Promise<{ saved: Saved }> {
      const generation = await db.transaction().execute(async (trx) => {
        const pool = await found(trx, id)
        const [user, ...others] = await poolStore(trx).users(id)
        if (user)
          throw new AppError(
            'conflict',
            `${pool.name} is used by ${user.name}${others.length > 0 ? ` and ${others.length} more` : ''}. Give ${others.length > 0 ? 'them' : 'it'} another pool first.`,
          )
        await poolStore(trx).remove(id)
        const words = `Deleted the pool ${pool.name}`
        const subject = { kind: 'pool', id, name: pool.name }
        await audit.record(trx, actor, { action: 'pool.delete', subject, words, before: settingsOf(pool) })
        return recordChange(trx, actor, { words: [words], hosts: [] }, clock.now())
      })
      return { saved: await savedAs(apply, generation) }
    },

    /** For hosts, which bring and take their pool along in their own transaction. */
    within: (trx: Kysely<DB>) => ({
      get: (id: string) => poolStore(trx).get(id),
      all: () => poolStore(trx).list(),
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

export const settingsOf = (pool: PoolInput): PoolInput => ({
  name: pool.name,
  protocol: pool.protocol,
  verifyTls: pool.verifyTls,
  preserveHost: pool.preserveHost,
  health: pool.health,
  targets: pool.targets,
})

/** Compared in the contract's own form, so that the order of keys in a body does not count. */
export const sameSettings = (a: PoolInput, b: PoolInput): boolean =>
  JSON.stringify(PoolInput.parse(settingsOf(a))) === JSON.stringify(PoolInput.parse(settingsOf(b)))

async function found(db: Kysely<DB> | Transaction<DB>, id: string): Promise<SavedPool> {
  const pool = await poolStore(db).get(id)
  if (!pool) throw new AppError('not_found', 'There is no such pool. It may have been deleted.')
  return pool
}

const stale = (name: string) =>
  new AppError('stale', `${name} was changed meanwhile. Load it again and repeat your edit.`)

function wordsOf(before: PoolInput, after: PoolInput): string {
  if (before.name !== after.name && sameSettings({ ...before, name: after.name }, after))
    return `Renamed the pool ${before.name} to ${after.name}`
  const parts: [string, keyof PoolInput][] = [
    ['its name', 'name'],
    ['targets', 'targets'],
    ['protocol', 'protocol'],
    ['certificate check', 'verifyTls'],
    ['Host header', 'preserveHost'],
    ['health check', 'health'],
  ]
  const differing = parts.filter(([, key]) => JSON.stringify(before[key]) !== JSON.stringify(after[key]))
  return `Changed the pool ${after.name}: ${differing.map(([word]) => word).join(', ')}`
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
