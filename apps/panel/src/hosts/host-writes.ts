import type { Kysely } from 'kysely'
import type { Draft, Write } from '../changes/commit.ts'
import type { DB } from '../db/schema.ts'
import { AppError } from '../errors.ts'
import { type SavedPool, settingsOf } from '../pools/pool-settings.ts'
import { things } from '../words.ts'
import { hostStore } from './host.store.ts'
import { foundHost, type HostDeps, subjectOf } from './host-deps.ts'
import { deleted, entryOf, hostObject, poolObject, updated } from './host-drafts.ts'
import { type Bulk, bulkWords, editsOf, foundAll } from './host-edits.ts'
import { type BodyPaths, type Planned, refuseImpossible } from './host-plan.ts'
import { inputOf } from './host-view.ts'
import { changeWords } from './words.ts'

/** Each is read by whole passes and shown in one list; beyond this neither stays quick. */
export const MOST_HOSTS = 20_000

/** What can be done with hosts, as writes: they are committed, or tried to see what they would do. */
export function hostWrites({ clock, pools }: Pick<HostDeps, 'clock' | 'pools'>) {
  const insert =
    (planned: Planned, words: string, at: BodyPaths = {}): Write =>
    async (trx) => {
      const { id, input, ownPool } = planned
      if ((await hostStore(trx).count()) >= MOST_HOSTS)
        throw new AppError(
          'conflict',
          `Argos keeps at most ${MOST_HOSTS.toLocaleString('en')} hosts, and there are that many. Delete some first, or give an existing host another name.`,
        )
      const pool = await refuseImpossible(trx, pools, planned, at)
      if (ownPool) await pools.within(trx).insert(input.poolId, ownPool)
      await hostStore(trx).insert(id, input, clock.now())
      const subject = subjectOf(id, input.domains)
      return {
        words: [words],
        objects: [
          ...(ownPool ? [poolObject(input.poolId, null, ownPool)] : []),
          { kind: 'host', id, name: subject.name, before: null, after: input },
        ],
        audit: [{ action: 'host.create', subject, words, after: { ...input, pool: settingsOf(pool) } }],
      }
    }

  /** Over this version, or over whichever there is. */
  const update =
    (planned: Planned, version: number | null, at: BodyPaths = { poolPath: 'poolId' }): Write =>
    async (trx) => {
      const { id, input } = planned
      const before = await foundHost(trx, id)
      if (version !== null && before.version !== version) throw stale(before.domains)
      await refuseImpossible(trx, pools, planned, at)
      const words = changeWords(inputOf(before), input)
      if (words === null) return null
      if (!(await hostStore(trx).update(before, input, clock.now()))) throw stale(before.domains)
      return updated({ before, after: input }, words)
    }

  const remove =
    (id: string): Write =>
    async (trx) => {
      const host = await foundHost(trx, id)
      await hostStore(trx).remove(id)
      const pool = await pools.within(trx).removeUnused(host.poolId)
      const words = `Deleted ${host.domains[0]}${pool ? ` and its pool ${pool.name}` : ''}`
      return deleted([host], pool ? [pool] : [], words, [words])
    }

  const removeAll = async (
    trx: Parameters<Write>[0],
    wanted: readonly string[],
    ids: readonly string[],
  ): Promise<Draft> => {
    const hosts = await foundAll(trx, wanted, ids)
    const gone: SavedPool[] = []
    for (const host of hosts) await hostStore(trx).remove(host.id)
    for (const poolId of new Set(hosts.map((host) => host.poolId))) {
      const pool = await pools.within(trx).removeUnused(poolId)
      if (pool) gone.push(pool)
    }
    const [only] = hosts
    const what = hosts.length === 1 && only ? only.domains[0] : things(hosts.length, 'host')
    const each = hosts.map((host) => `Deleted ${host.domains[0]}`)
    return deleted(hosts, gone, `Deleted ${what}`, each)
  }

  const bulk =
    ({ ids, action }: Bulk): Write =>
    async (trx) => {
      const wanted = [...new Set(ids)]
      if (action.kind === 'delete') return removeAll(trx, wanted, ids)
      const edits = await editsOf(trx, wanted, ids, action)
      if (edits.length === 0) return null
      await hostStore(trx).updateLabels(edits, clock.now())
      return {
        words: [bulkWords(action, edits)],
        objects: edits.map(hostObject),
        audit: edits.map((edit) => entryOf(edit)),
      }
    }

  /** Whose pool a host uses. */
  const poolOf = async (db: Kysely<DB>, id: string): Promise<string> => (await foundHost(db, id)).poolId

  return { insert, update, remove, bulk, poolOf }
}

export const stale = ([name = 'The host']: readonly string[]) =>
  new AppError('stale', `${name} was changed meanwhile. Load it again and repeat your edit.`)
