import { isDeepStrictEqual } from 'node:util'
import type { HostInput, PolicyInput, PoolInput, Revision, Settings } from '@argos/contract'
import type { Kysely, Transaction } from 'kysely'
import { hostsOf } from '../access/around.ts'
import type { PolicyService } from '../access/policy.service.ts'
import { savedGeneration } from '../apply/desired.ts'
import type { Clock } from '../clock.ts'
import type { DB } from '../db/schema.ts'
import { AppError } from '../errors.ts'
import { refuseBadNames } from '../hosts/names.ts'
import type { PoolCheck } from '../pools/pool-check.ts'
import type { SettingsService } from '../settings/settings.service.ts'
import type { Draft, Write } from './commit.ts'
import { historyStore, net, type RecordedChange } from './history.store.ts'
import { type ChangedObject, changeName, reversed } from './objects.ts'
import { restoreObjects } from './restore.ts'
import { revisionStore } from './revisions.store.ts'

export interface UndoDeps {
  readonly clock: Clock
  readonly check: PoolCheck
  readonly policies: Pick<PolicyService, 'check'>
  readonly settings: Pick<SettingsService, 'refuseImpossible'>
}

/** Going back, as writes: exactly the objects that were changed are written as they were. */
export function undoWrites({ clock, check, policies, settings }: UndoDeps) {
  const back = async (
    trx: Transaction<DB>,
    objects: readonly ChangedObject[],
    { words, action, subject }: { words: string; action: string; subject: { id: string; name: string } },
  ): Promise<Draft> => {
    await restoreObjects(
      trx,
      objects.map(({ kind, id, after }) => ({ kind, id, target: after })),
      clock.now(),
    )
    return {
      words: [words],
      objects,
      hosts: await hostsOf(trx, objects),
      audit: [{ action, subject: { kind: 'change', ...subject }, words }],
    }
  }

  const undo =
    (generation: number): Write =>
    async (trx) => {
      const history = historyStore(trx)
      const change = await history.one(generation)
      if (change === null) throw new AppError('not_found', 'There is no such change.')
      const again = (await history.changedAgain([generation])).get(generation) ?? null
      const objects = await history.objectsOf([generation])
      const no = noUndo(objects, again)
      if (no !== null) throw new AppError('conflict', no)
      const words = `Undid “${change.words.join('. ')}”`
      return back(trx, reversed(objects), {
        words,
        action: 'change.undo',
        subject: { id: String(generation), name: changeName(change) },
      })
    }

  const restore =
    (number: number): Write =>
    async (trx) => {
      const revision = await revisionStore(trx).one(number)
      if (revision === null) throw new AppError('not_found', `There is no revision r${number}.`)
      if (!restorable(revision))
        throw new AppError('conflict', `r${number} did not stay. Choose a revision that went live.`)
      const history = historyStore(trx)
      const range = { after: revision.generation, upTo: await savedGeneration(trx) }
      if (!(await history.whole(range)))
        throw new AppError(
          'conflict',
          `Changes since r${number} were kept without their settings, by an older Argos.`,
        )
      const objects = await history.netIn(range)
      if (objects.length === 0) return null
      const words = `Restored r${number}`
      return back(trx, reversed(objects), {
        words,
        action: 'revision.restore',
        subject: { id: String(number), name: `r${number}` },
      })
    }

  const comesBack = async (db: Kysely<DB>, back: Back): Promise<ChangedObject[]> => {
    const history = historyStore(db)
    if (back.kind === 'undo') return reversed(await history.objectsOf([back.generation]))
    const revision = await revisionStore(db).one(back.revision)
    const upTo = await savedGeneration(db)
    return revision ? reversed(await history.netIn({ after: revision.generation, upTo })) : []
  }
  /** Before the write, as where targets lead takes name lookups. What was allowed once may not be any more. */
  const refuseForbidden = async (db: Kysely<DB>, back: Back): Promise<void> => {
    const objects = await comesBack(db, back)
    await Promise.all(objects.map((object) => refuseToday(object, { check, policies, settings })))
  }

  return { undo, restore, refuseForbidden }
}

type Back =
  | { readonly kind: 'undo'; readonly generation: number }
  | { readonly kind: 'restore'; readonly revision: number }

/** By the rules of a form, for what would be other than it is. */
async function refuseToday(
  { kind, name, before, after }: ChangedObject,
  { check, policies, settings }: Pick<UndoDeps, 'check' | 'policies' | 'settings'>,
): Promise<void> {
  if (after === null) return
  try {
    if (kind === 'settings') await settings.refuseImpossible(after as Settings)
    if (kind === 'host') refuseBadNames(after as HostInput)
    if (kind === 'policy') await policies.check(after as PolicyInput)
    const [was, is] = [before as PoolInput | null, after as PoolInput]
    if (kind === 'pool' && !isDeepStrictEqual(was?.targets, is.targets)) await check(is, '')
  } catch (err) {
    if (!(err instanceof AppError)) throw err
    const what =
      kind === 'settings'
        ? 'The settings cannot come back as they were'
        : `${name} cannot come back as it was`
    throw new AppError('conflict', `${what}: ${err.message}`, { cause: err })
  }
}

/** Why a change cannot be undone, else null. `again`: the first change since of something that is not as it left it. */
export function noUndo(objects: readonly ChangedObject[], again: RecordedChange | null): string | null {
  if (objects.length === 0) return 'It was kept without its settings, by an older Argos.'
  if (net(objects).length === 0) return 'It changed no settings, so there is nothing to undo.'
  if (again === null) return null
  const which = again.revision === null ? '' : ` by r${again.revision}`
  return `It was changed again since${which}: ${again.words.join('. ').replace(/\.$/, '')}.`
}

const restorable = ({ outcome }: Pick<Revision, 'outcome'>): boolean =>
  outcome === 'live' || outcome === 'refused'
