import { compile, type DesiredState, type Places } from '@argos/caddy'
import {
  type Confirm,
  type EdgeClient,
  EdgeFailed,
  type EdgeInfo,
  EdgeRefused,
  EdgeStale,
  type EdgeSummary,
  hashOf,
  type Taken,
} from '@argos/caddy-admin'
import type { Clock } from '../clock.ts'
import type { Drifting } from './drifting.ts'
import { type Memory, noteRun } from './memory.ts'
import { holding, type Plan, planOf, type Target, targetOf, withHeld } from './plan.ts'
import { noteRefusals } from './refusals.ts'
import { theirsAt } from './theirs.ts'

/** Enough for: take, be refused, try again, stand in, remove; and for somebody else's change or two between. */
const ROUNDS = 8
/** Ports get free and files appear: a base that was refused is tried again after this long. */
const BASE_AGAIN_MS = 60_000

export interface Converged {
  readonly target: Target
  readonly edge: EdgeSummary
  readonly kind: 'swap' | 'load'
  /** Hosts that were sent or removed, in whatever round. */
  readonly sent: ReadonlySet<string>
  /** False when there is no configuration at all at the edge and it would not take ours. */
  readonly confirmed: boolean
}

export interface ConvergeDeps {
  readonly edge: EdgeClient
  readonly clock: Clock
  readonly memory: Memory
  readonly drift: Drifting
  readonly signal: AbortSignal
  /** Called before the first change is sent, that is, when the edge does not serve what it should. */
  readonly onDifference: (edge: EdgeInfo, plan: Plan) => void
}

/**
 * Compares, sends, and compares again until the edge holds what was compiled; that last comparison is the read-back.
 * What it refuses is replaced by its last good form. Rejects with an edge error when it cannot be said what it holds.
 */
export async function converge(
  desired: DesiredState,
  places: Places,
  deps: ConvergeDeps,
): Promise<Converged> {
  const { edge, memory, drift, signal } = deps
  const sent = new Set<string>()
  const struck = new Set<string>()
  let kind: 'swap' | 'load' = 'swap'
  for (let round = 0; round < ROUNDS; round++) {
    signal.throwIfAborted()
    const summary = await edge.summary()
    noteRun(memory, `${summary.pid}@${summary.started_at}`)
    const wanted = compileFor(desired, places, summary.base, deps)
    const target = holding(wanted, drift.held(wanted))
    const done = { target, edge: summary, sent, confirmed: true }
    if (summary.etag === target.etag && summary.generation >= desired.generation) {
      await drift.done(wanted)
      return { ...done, kind }
    }

    const info = await edge.info()
    if (await drift.look(info, wanted)) continue
    const plan = planOf(target, info)
    deps.onDifference(info, plan)
    if (plan.kind === 'load') kind = 'load'
    for (const id of Object.keys(plan.hosts)) sent.add(id)
    try {
      const taken = await send(deps, info, plan, target, desired.generation)
      noteRefusals({ memory, desired, target, plan, taken, struck })
    } catch (err) {
      // Somebody else changed the edge between our question and our answer: nothing was overwritten, look again.
      if (err instanceof EdgeStale) continue
      if (!(err instanceof EdgeRefused) || plan.kind !== 'load') throw err
      memory.rejectedBase = { hash: target.hashes.base, message: err.message, at: deps.clock.now() }
      if (info.base === null) return { ...done, kind, confirmed: false }
    }
  }
  throw new EdgeFailed('The edge does not hold what it said it took.')
}

/** What the edge should hold, with stand-ins for what it would not take. */
export function compileFor(
  desired: DesiredState,
  places: Places,
  edgeBase: string | null,
  { memory, clock }: Pick<ConvergeDeps, 'memory' | 'clock'>,
): Target {
  const hopeless = (kind: string) => (id: string) => memory.hopeless.has(`${kind}:${id}`)
  const lastGood = {
    hosts: without(desired.lastGood.hosts, hopeless('host')),
    pools: without(desired.lastGood.pools, hopeless('pool')),
  }
  const compiled = compile({ ...desired, lastGood, places, rejected: memory.rejected })
  const refused = memory.rejectedBase
  if (refused === null || edgeBase === null) return targetOf(compiled)
  const same = refused.hash === hashOf(compiled.base)
  if (!same || clock.now() - refused.at >= BASE_AGAIN_MS) {
    memory.rejectedBase = null
    return targetOf(compiled)
  }
  // Hosts must be editable under the base the edge has, however broken the new one is.
  return targetOf(compiled, edgeBase)
}

/** `confirm`: it is taken whole or not at all, and goes back by itself unless it is confirmed. */
export async function send(
  { edge, memory }: Pick<ConvergeDeps, 'edge' | 'memory'>,
  info: EdgeInfo,
  plan: Plan,
  target: Target,
  generation: number,
  confirm: Confirm | null = null,
): Promise<Taken> {
  const how = { generation, origin: memory.origin, ...(confirm ? { confirm } : {}) }
  if (plan.kind === 'load') {
    const { base, hosts, pools } = target.held.size > 0 ? withHeld(target, await theirsAt(edge)) : target
    return edge.load(info.etag, { base, hosts, pools, ...how })
  }
  // With nothing in it, it only tells the edge how far it has come.
  return edge.swap(info.etag, { hosts: plan.hosts, pools: plan.pools, ...how })
}

const without = <T>(from: Readonly<Record<string, T>>, drop: (id: string) => boolean): Record<string, T> =>
  Object.fromEntries(Object.entries(from).filter(([id]) => !drop(id)))
