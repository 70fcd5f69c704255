import type { Host, HostInput, hostBulk, Saved } from '@argos/contract'
import type { Kysely } from 'kysely'
import type { z } from 'zod'
import { savedGeneration } from '../apply/desired.ts'
import { savedAs } from '../apply/saved.ts'
import type { Actor } from '../audit/actor.ts'
import type { Recorded } from '../audit/audit.service.ts'
import { recordChange } from '../changes/changes.store.ts'
import type { DB } from '../db/schema.ts'
import { AppError } from '../errors.ts'
import { emitAll } from '../events/outbox.ts'
import { askEdge, refuseRejected } from '../pools/would-be.ts'
import { hostStore, type SavedHost } from './host.store.ts'
import { type HostDeps, hostSpec, subjectOf } from './host-deps.ts'
import type { HostReader } from './host-reader.ts'
import { inputOf } from './host-view.ts'
import { changeWords, things } from './words.ts'

type Bulk = z.output<(typeof hostBulk)['body']>
interface Edit {
  readonly before: SavedHost
  readonly after: HostInput
}
const MOST_TAGS = 20

/** One action on many hosts: all or none, one change, one transaction. */
export function hostBulker({ db, clock, audit, apply }: HostDeps, { byIds }: Pick<HostReader, 'byIds'>) {
  const askAbout = async (planned: readonly Edit[], ids: readonly string[]) => {
    if (planned.length === 0) return
    const hosts = planned.map(({ before, after }) => hostSpec(before.id, after))
    const fieldOf = ({ id }: { id: string }) => {
      const i = ids.indexOf(id)
      return i === -1 ? null : `ids.${i}`
    }
    refuseRejected(await askEdge({ apply, db }, { hosts }), fieldOf)
  }
  return async (actor: Actor, { ids, action }: Bulk): Promise<{ hosts: Host[]; saved: Saved }> => {
    const wanted = [...new Set(ids)]
    // Tags never reach the edge, and pausing only takes away.
    if (action.kind === 'enable') await askAbout(await editsOf(db, wanted, ids, action), ids)
    const generation = await db.transaction().execute(async (trx) => {
      const edits = await editsOf(trx, wanted, ids, action)
      if (edits.length === 0) return null
      await hostStore(trx).updateLabels(edits, clock.now())
      await audit.recordAll(trx, actor, edits.map(entryOf))
      const type = action.kind === 'enable' ? 'host.published' : 'host.changed'
      const events = edits.map(({ before: { id }, after }) => ({ hostId: id, name: after.domains[0] ?? id }))
      await emitAll(trx, type, events, clock.now())
      const hosts = edits.map(({ before }) => before.id)
      return recordChange(trx, actor, { words: [bulkWords(action, edits)], hosts }, clock.now())
    })
    const saved = await savedAs(apply, generation ?? (await savedGeneration(db)), {
      urgent: action.kind === 'disable',
    })
    return { hosts: await byIds(wanted), saved }
  }
}

function entryOf({ before, after }: Edit): Recorded {
  const [was, subject] = [inputOf(before), subjectOf(before.id, after.domains)]
  const words = changeWords(was, after) ?? `Changed ${subject.name}`
  return { action: 'host.update', subject, words, before: was, after }
}

/** What the action means for each host; those it would not change are left out. */
async function editsOf(
  db: Kysely<DB>,
  wanted: readonly string[],
  ids: readonly string[],
  action: Bulk['action'],
): Promise<Edit[]> {
  const hosts = new Map((await hostStore(db).byIds(wanted)).map((h) => [h.id, h]))
  const missing = wanted.filter((id) => !hosts.has(id))
  if (missing.length > 0)
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
  return [...hosts.values()].flatMap((before) => {
    const after = edited(before, action)
    return changeWords(inputOf(before), after) === null ? [] : [{ before, after }]
  })
}

function edited(host: SavedHost, action: Bulk['action']): HostInput {
  const input = inputOf(host)
  if (action.kind !== 'tag') return { ...input, enabled: action.kind === 'enable' }
  const tags = [...new Set([...input.tags.filter((t) => !action.remove.includes(t)), ...action.add])]
  if (tags.length <= MOST_TAGS) return { ...input, tags }
  const message = `${host.domains[0]} would have ${tags.length} tags; at most ${MOST_TAGS} are possible.`
  throw new AppError('invalid', message, { fields: [{ path: 'action.add', message }] })
}

function bulkWords(action: Bulk['action'], edits: readonly Edit[]): string {
  const verb = { enable: 'Resumed', disable: 'Paused', tag: 'Changed the tags of' }[action.kind]
  const [only] = edits
  return `${verb} ${edits.length === 1 && only ? only.after.domains[0] : things(edits.length, 'host')}`
}
