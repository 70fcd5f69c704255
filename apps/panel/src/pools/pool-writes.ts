import type { PoolInput } from '@argos/contract'
import type { Kysely } from 'kysely'
import type { Write } from '../changes/commit.ts'
import type { Clock } from '../clock.ts'
import type { DB } from '../db/schema.ts'
import { AppError } from '../errors.ts'
import { poolStore, type SavedPool } from './pool.store.ts'
import { sameSettings, settingsOf } from './pool-settings.ts'

/** What can be done with pools, as writes: they are committed, or tried to see what they would do. */
export function poolWrites({ clock }: { clock: Clock }) {
  const insert =
    (id: string, input: PoolInput): Write =>
    async (trx) => {
      await poolStore(trx).insert(id, input, clock.now())
      const words = `Added the pool ${input.name}`
      const subject = { kind: 'pool', id, name: input.name }
      return {
        words: [words],
        objects: [{ kind: 'pool', id, name: input.name, before: null, after: input }],
        audit: [{ action: 'pool.create', subject, words, after: input }],
      }
    }

  /** Over this version, or over whichever there is. */
  const update =
    (id: string, version: number | null, input: PoolInput): Write =>
    async (trx) => {
      const saved = await foundPool(trx, id)
      if (version !== null && saved.version !== version) throw stale(saved.name)
      if (sameSettings(saved, input)) return null
      if (!(await poolStore(trx).update(id, saved.version, input, clock.now()))) throw stale(saved.name)
      const users = await poolStore(trx).users(id)
      const [before, words] = [settingsOf(saved), wordsOf(saved, input)]
      const subject = { kind: 'pool', id, name: input.name }
      return {
        words: [words],
        objects: [{ kind: 'pool', id, name: input.name, before, after: input }],
        hosts: users.map((u) => u.id),
        audit: [{ action: 'pool.update', subject, words, before, after: input }],
      }
    }

  const remove =
    (id: string): Write =>
    async (trx) => {
      const pool = await foundPool(trx, id)
      const [user, ...others] = await poolStore(trx).users(id)
      if (user)
        throw new AppError(
          'conflict',
          `${pool.name} is used by ${user.name}${others.length > 0 ? ` and ${others.length} more` : ''}. Give ${others.length > 0 ? 'them' : 'it'} another pool first.`,
        )
      await poolStore(trx).remove(id)
      const words = `Deleted the pool ${pool.name}`
      const subject = { kind: 'pool', id, name: pool.name }
      const before = settingsOf(pool)
      return {
        words: [words],
        objects: [{ kind: 'pool', id, name: pool.name, before, after: null }],
        audit: [{ action: 'pool.delete', subject, words, before }],
      }
    }

  return { insert, update, remove }
}

export async function foundPool(db: Kysely<DB>, id: string): Promise<SavedPool> {
  const pool = await poolStore(db).get(id)
  if (!pool) throw new AppError('not_found', 'There is no such pool. It may have been deleted.')
  return pool
}

export const stale = (name: string) =>
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
