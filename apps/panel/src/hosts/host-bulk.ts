import { setImmediate as breathe } from 'node:timers/promises'
import type { Host, HostInput, hostBulk, Saved } from '@argos/contract'
import type { Kysely } from 'kysely'
import type { z } from 'zod'
import { savedGeneration } from '../apply/desired.ts'
import type { Actor } from '../audit/actor.ts'
import { recordChange } from '../changes/changes.store.ts'
import type { DB } from '../db/schema.ts'
import { AppError } from '../errors.ts'
import { emit } from '../events/outbox.ts'
import { askEdge, refuseRejected, savedAs } from '../pools/would-be.ts'
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
  return async (actor: Actor, { ids, action }: Bulk): Promise<{ hosts: Host[]; saved: Saved }> => {
    const wanted = [...new Set(ids)]
    const planned = await editsOf(db, wanted, ids, action)
    // Tags never reach the edge, and pausing only takes away.
    if (action.kind === 'enable' && planned.length > 0) {
      const hosts = planned.map(({ before, after }) => hostSpec(before.id, after))
      const fieldOf = ({ id }: { id: string }) => {
        const i = ids.indexOf(id)
        return i === -1 ? null : `ids.${i}`
      }
      refuseRejected(await askEdge({ apply, db }, { hosts }), fieldOf)
    }
    const generation = await db.transaction().execute(async (trx) => {
      const edits = await editsOf(trx, wanted, ids, action)
      if (edits.length === 0) return null
      for (const [i, { before, after }] of edits.entries()) {
        // Thousands of rows take seconds; whoever needs no database is answered meanwhile.
        if (i % 100 === 99) await breathe()
        await hostStore(trx).update(before, after, clock.now())
        const subject = subjectOf(before.id, after.domains)
        await audit.record(trx, actor, {
          action: 'host.update',
          subject,
          words: changeWords(inputOf(before), after) ?? `Changed ${subject.name}`,
          before: inputOf(before),
          after,
        })
        const type = action.kind === 'enable' ? 'host.published' : 'host.changed'
        await emit(trx, type, { hostId: before.id, name: subject.name }, clock.now())
      }
      const hosts = edits.map(({ before }) => before.id)
      return recordChange(trx, actor, { words: [bulkWords(action, edits)], hosts }, clock.now())
    })
    const saved = await savedAs(apply, generation ?? (await savedGeneration(db)))
    return { hosts: await byIds(wanted), saved }
  }
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
