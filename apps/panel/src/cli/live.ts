import { setTimeout as sleep } from 'node:timers/promises'
import { ApiError, type Call, hostView, type Saved, systemStatus } from '@argos/contract'

const PATIENCE_MS = 30_000
const LOOK_MS = 200

/** Whether the edge serves what was saved, or why it does not, in words. */
export type Outcome =
  | { readonly live: true }
  | { readonly live: false; readonly why: string; readonly remedy: string }

/** Waits until the edge has been given this generation, and looks whether it kept the hosts out. */
export async function untilLive(...args: Parameters<typeof look>): Promise<Outcome> {
  try {
    return await look(...args)
  } catch (err) {
    // It is saved by now: this must not read as if it were not.
    if (err instanceof ApiError) return no(err.message, '`./argos status` tells whether it is live.')
    throw err
  }
}

async function look(
  call: Call,
  saved: Saved,
  hostIds: readonly string[],
  patienceMs = PATIENCE_MS,
): Promise<Outcome> {
  const until = performance.now() + patienceMs
  const applied = saved.live
  while (!applied) {
    const { edge, generations } = await call(systemStatus, {})
    if (generations.applied >= saved.generation) break
    if (edge.state === 'unreachable') {
      return no(
        'The edge does not answer.',
        'It goes live as soon as the edge is back; `./argos status` tells.',
      )
    }
    if (performance.now() > until) {
      const why = generations.lastError ?? `The edge does not serve it after ${patienceMs / 1_000} s.`
      return no(why, '`./argos status` and `./argos logs edge` tell more.')
    }
    await sleep(LOOK_MS)
  }
  for (const id of hostIds) {
    const { state, domains } = await call(hostView, { params: { id } })
    if (state.trouble === null) continue
    const field = state.trouble.field === null ? '' : ` (${state.trouble.field})`
    return no(
      `The edge refused ${domains[0]}${field}: ${state.trouble.message}`,
      'It keeps serving what it served before. Change what is refused, with `./argos host set`.',
    )
  }
  return { live: true }
}

const no = (why: string, remedy: string): Outcome => ({ live: false, why, remedy })
