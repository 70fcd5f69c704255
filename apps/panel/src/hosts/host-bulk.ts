import type { Host, Saved } from '@argos/contract'
import type { Actor } from '../audit/actor.ts'
import { askEdge, refuseRejected } from '../pools/would-be.ts'
import { type HostDeps, hostSpec } from './host-deps.ts'
import { type Bulk, editsOf } from './host-edits.ts'
import type { HostReader } from './host-reader.ts'
import type { hostWrites } from './host-writes.ts'

/** One action on many hosts: all or none, one change, one transaction. */
export function hostBulker(
  { db, apply, commit }: HostDeps,
  { byIds }: Pick<HostReader, 'byIds'>,
  writes: Pick<ReturnType<typeof hostWrites>, 'bulk'>,
) {
  const askAbout = async (wanted: readonly string[], ids: readonly string[]) => {
    const planned = await editsOf(db, wanted, ids, { kind: 'enable' })
    if (planned.length === 0) return
    const hosts = planned.map(({ before, after }) => hostSpec(before.id, after))
    const fieldOf = ({ id }: { id: string }) => {
      const i = ids.indexOf(id)
      return i === -1 ? null : `ids.${i}`
    }
    refuseRejected(await askEdge({ apply, db }, { hosts }), fieldOf)
  }
  return async (actor: Actor, body: Bulk, confirmS?: number): Promise<{ hosts: Host[]; saved: Saved }> => {
    const { ids, action } = body
    const wanted = [...new Set(ids)]
    // Tags never reach the edge, and pausing and deleting only take away.
    if (action.kind === 'enable') await askAbout(wanted, ids)
    const urgent = action.kind === 'disable' || action.kind === 'delete'
    const saved = await commit(actor, writes.bulk(body), { urgent, confirmS })
    return { hosts: await byIds(wanted), saved }
  }
}
