import type { Saved } from '@argos/contract'
import type { Apply, Checked } from './apply.types.ts'

/** How long an answer waits for the edge to serve what was saved. */
const WAIT_LIVE_MS = 1_000
/** Whoever pauses or deletes something relies on its being gone; this covers a flood, a load under way and a retry. */
const WAIT_GONE_MS = 5_000

/**
 * After a commit: wakes the applier and waits a moment, so that most answers can say that it is live. An edge that did
 * not answer a moment ago (`asked`) is not waited for. `urgent`: it takes something away from visitors.
 * `pending`: the id of a change that waits to be kept, which the page follows by itself.
 */
export async function savedAs(
  apply: Pick<Apply, 'wake' | 'live'>,
  generation: number,
  {
    asked,
    urgent = false,
    pending = null,
  }: { asked?: Checked; urgent?: boolean; pending?: string | null } = {},
): Promise<Saved> {
  apply.wake(urgent)
  if (pending !== null) return { generation, live: false, pending }
  const waitMs = asked?.accepted === null ? 0 : urgent ? WAIT_GONE_MS : WAIT_LIVE_MS
  return { generation, live: await apply.live(generation, waitMs, urgent), pending: null }
}
