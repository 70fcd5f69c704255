import type { HostInput, hostBulkBody } from '@argos/contract'
import type { Kysely } from 'kysely'
import type { z } from 'zod'
import type { DB } from '../db/schema.ts'
import { AppError } from '../errors.ts'
import { things } from '../words.ts'
import { hostStore, type SavedHost } from './host.store.ts'
import type { Edit } from './host-drafts.ts'
import { inputOf } from './host-view.ts'
import { changeWords } from './words.ts'

export type Bulk = z.output<typeof hostBulkBody>
/** An action that leaves the host there. */
type Editing = Exclude<Bulk['action'], { kind: 'delete' }>
const MOST_TAGS = 20

/** All of these, or a refusal that names each one that is gone. */
export async function foundAll(
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
  action: Editing,
): Promise<Edit[]> {
  return (await foundAll(db, wanted, ids)).flatMap((before) => {
    const after = edited(before, action)
    return changeWords(inputOf(before), after) === null ? [] : [{ before, after }]
  })
}

function edited(host: SavedHost, action: Editing): HostInput {
  const input = inputOf(host)
  if (action.kind !== 'tag') return { ...input, enabled: action.kind === 'enable' }
  const tags = [...new Set([...input.tags.filter((t) => !action.remove.includes(t)), ...action.add])]
  if (tags.length <= MOST_TAGS) return { ...input, tags }
  const message = `${host.domains[0]} would have ${tags.length} tags; at most ${MOST_TAGS} are possible.`
  throw new AppError('invalid', message, { fields: [{ path: 'action.add', message }] })
}

export function bulkWords(action: Editing, edits: readonly Edit[]): string {
  const verb = { enable: 'Resumed', disable: 'Paused', tag: 'Changed the tags of' }[action.kind]
  const [only] = edits
  return `${verb} ${edits.length === 1 && only ? only.after.domains[0] : things(edits.length, 'host')}`
}
