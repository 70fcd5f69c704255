import type { HostInput, hostBulkBody, PoolInput } from '@argos/contract'
import type { Kysely } from 'kysely'
import type { z } from 'zod'
import type { Recorded } from '../audit/audit.service.ts'
import type { Draft, Write } from '../changes/commit.ts'
import type { ChangedObject } from '../changes/objects.ts'
import type { DB } from '../db/schema.ts'
import { AppError } from '../errors.ts'
import { type SavedPool, settingsOf } from '../pools/pool-settings.ts'
import { hostStore, type SavedHost } from './host.store.ts'
import { foundHost, type HostDeps, subjectOf } from './host-deps.ts'
import { type BodyPaths, type Planned, refuseImpossible } from './host-plan.ts'
import { inputOf } from './host-view.ts'
import { changeWords, things } from './words.ts'

export type Bulk = z.output<typeof hostBulkBody>
type Action = Bulk['action']
interface Edit {
  readonly before: SavedHost
  readonly after: HostInput
}
const MOST_TAGS = 20
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

const updated = (edit: Edit, words: string): Draft => ({
  words: [words],
  objects: [hostObject(edit)],
  audit: [entryOf(edit, words)],
})

const deleted = (
  hosts: readonly SavedHost[],
  pools: readonly SavedPool[],
  words: string,
  each: readonly string[],
): Draft => {
  const poolOf = new Map(pools.map((pool) => [pool.id, settingsOf(pool)]))
  return {
    words: [words],
    objects: [
      ...hosts.map((host): ChangedObject => {
        const { id, domains } = host
        return { kind: 'host', id, name: domains[0] ?? id, before: inputOf(host), after: null }
      }),
      ...pools.map((pool) => poolObject(pool.id, settingsOf(pool), null)),
    ],
    audit: hosts.map((host, i) => ({
      action: 'host.delete',
      subject: subjectOf(host.id, host.domains),
      words: each[i] ?? words,
      before: { ...inputOf(host), pool: poolOf.get(host.poolId) ?? null },
    })),
  }
}

const poolObject = (id: string, before: PoolInput | null, after: PoolInput | null): ChangedObject => ({
  ...{ kind: 'pool', id, name: (after ?? before)?.name ?? id },
  ...{ before, after },
})

const hostObject = ({ before, after }: Edit): ChangedObject => ({
  ...{ kind: 'host', id: before.id, name: after.domains[0] ?? before.id },
  ...{ before: inputOf(before), after },
})

function entryOf({ before, after }: Edit, said?: string): Recorded {
  const [was, subject] = [inputOf(before), subjectOf(before.id, after.domains)]
  const words = said ?? changeWords(was, after) ?? `Changed ${subject.name}`
  return { action: 'host.update', subject, words, before: was, after }
}

async function foundAll(
  db: Kysely<DB>,
  wanted: readonly string[],
  ids: readonly string[],
): Promise<SavedHost[]> {
  const hosts = await hostStore(db).byIds(wanted)
  const there = new Set(hosts.map((h) => h.id))
  const missing = wanted.filter((id) => !there.has(id))
  if (missing.length === 0) return hosts
  throw new AppError(
    'not_found',
    `${things(missing.length, 'host')} of these no longer exist. Nothing was changed.`,
    {
      fields: missing.map((id) => ({
        path: `ids.${ids.indexOf(id)}`,
        message: 'This host does not exist.',
      })),
    },
  )
}

/** What the action means for each host; those it would not change are left out. */
export async function editsOf(
  db: Kysely<DB>,
  wanted: readonly string[],
  ids: readonly string[],
  action: Exclude<Action, { kind: 'delete' }>,
): Promise<Edit[]> {
  return (await foundAll(db, wanted, ids)).flatMap((before) => {
    const after = edited(before, action)
    return changeWords(inputOf(before), after) === null ? [] : [{ before, after }]
  })
}

function edited(host: SavedHost, action: Exclude<Action, { kind: 'delete' }>): HostInput {
  const input = inputOf(host)
  if (action.kind !== 'tag') return { ...input, enabled: action.kind === 'enable' }
  const tags = [...new Set([...input.tags.filter((t) => !action.remove.includes(t)), ...action.add])]
  if (tags.length <= MOST_TAGS) return { ...input, tags }
  const message = `${host.domains[0]} would have ${tags.length} tags; at most ${MOST_TAGS} are possible.`
  throw new AppError('invalid', message, { fields: [{ path: 'action.add', message }] })
}

function bulkWords(action: Exclude<Action, { kind: 'delete' }>, edits: readonly Edit[]): string {
  const verb = { enable: 'Resumed', disable: 'Paused', tag: 'Changed the tags of' }[action.kind]
  const [only] = edits
  return `${verb} ${edits.length === 1 && only ? only.after.domains[0] : things(edits.length, 'host')}`
}

export const stale = ([name = 'The host']: readonly string[]) =>
  new AppError('stale', `${name} was changed meanwhile. Load it again and repeat your edit.`)
