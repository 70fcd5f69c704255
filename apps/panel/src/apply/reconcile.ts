import type { Places } from '@argos/caddy'
import { type EdgeClient, type EdgeInfo, isEdgeError } from '@argos/caddy-admin'
import type { Kysely } from 'kysely'
import { revisionStore } from '../changes/revisions.store.ts'
import type { Clock } from '../clock.ts'
import type { DB } from '../db/schema.ts'
import { acmeRootFile, type FirmPlaces, sharedFolder, writeAcmeRoot } from './acme-root.ts'
import { type Converged, converge } from './converge.ts'
import { panelId } from './drift.store.ts'
import { drifting } from './drifting.ts'
import { keyOf, type Memory, noteApplied, noteChange } from './memory.ts'
import { type Picture, pictureOf } from './picture.ts'
import type { Plan } from './plan.ts'
import { type Read, readAll } from './read.ts'
import { type Settled, saying, settle } from './settle.ts'

export interface ReconcileDeps {
  readonly db: Kysely<DB>
  readonly edge: EdgeClient
  readonly clock: Clock
  readonly places: FirmPlaces
  readonly memory: Memory
}
export interface Passed extends Settled {
  readonly generation: number
  readonly confirmed: boolean
  /** Why the edge would not take the base, when that is news. */
  readonly refusedBase: string | null
}

/**
 * One pass: read what is saved, bring the edge there, write down what it confirmed. Any number of passes at any moment
 * end in the same state; rejects with an edge error when the edge could not be asked or what it holds is not known.
 */
export async function reconcile(deps: ReconcileDeps, signal: AbortSignal): Promise<Passed> {
  const { db, edge, clock, memory } = deps
  const started = performance.now()
  const tookMs = () => Math.round((performance.now() - started) * 10) / 10
  const read = await readAll(db)
  begin(memory, read)
  memory.origin ||= await panelId(db)
  const drift = drifting(deps, read)

  const places = await placesFor(deps, read)
  const refusedBefore = memory.rejectedBase
  let reason = ''
  const onDifference = (info: EdgeInfo, plan: Plan) => {
    reason ||= reasonOf(info, plan, read)
  }
  try {
    const converged = await converge(read.desired, places, {
      ...{ edge, clock, memory, drift, signal, onDifference },
    })
    const refusal = memory.rejectedBase
    const newBaseRefusal =
      refusal !== null && (refusal.hash !== refusedBefore?.hash || refusal.message !== refusedBefore.message)
    const picture = known(memory, read, converged)
    memory.picture = picture
    const settling = { read, converged, memory, reason, newBaseRefusal, now: clock.now(), tookMs: tookMs() }
    const settled = await settle(db, settling)
    const served = Object.entries(converged.target.hosts).map(([id, f]) => [id, { off: f.off }] as const)
    forget(memory, new Set(settled.troubles.map((t) => keyOf(t.kind, t.id))))
    memory.troubles = new Map(settled.troubles.map((t) => [keyOf(t.kind, t.id), t]))
    memory.lastRevision = settled.revision ?? memory.lastRevision
    memory.failure = null
    memory.inSync = converged.confirmed && memory.rejectedBase === null
    memory.lastError = memory.rejectedBase?.message ?? settled.troubles[0]?.message ?? null
    if (converged.confirmed) {
      noteApplied(memory, read.desired.generation)
      memory.etag = converged.target.etag
      memory.served = new Map(served)
      const comparedAt = clock.now()
      memory.picture = picture ? { ...picture, comparedAt } : pictured(memory, read, converged, comparedAt)
    }
    const { confirmed } = converged
    const refusedBase = newBaseRefusal ? (refusal?.message ?? null) : null
    return { ...settled, generation: read.desired.generation, confirmed, refusedBase }
  } catch (err) {
    memory.picture = null
    memory.etag = null
    if (isEdgeError(err)) await fail(deps, read, err, reason, tookMs())
    throw err
  }
}

/** The places of a configuration, with its files written. */
export async function placesFor(
  { places }: Pick<ReconcileDeps, 'places'>,
  { desired }: Pick<Read, 'desired'>,
): Promise<Places> {
  const { acmeRootPem } = desired.settings
  const shared = sharedFolder(places)
  await writeAcmeRoot(shared, acmeRootPem)
  return { ...places, acmeRootFile: acmeRootFile(shared, acmeRootPem) }
}

/** From here on the hosts of these changes are under way. */
export function begin(memory: Memory, { changes, troubles, desired }: Read): void {
  for (const { generation, hosts } of changes) noteChange(memory, generation, hosts)
  memory.troubles = new Map(troubles.map((t) => [keyOf(t.kind, t.id), t]))
  memory.inSync &&= changes.length === 0 && (memory.applied ?? 0) >= desired.generation
}

/** The picture there is, when this pass found everything as it shows it. */
function known({ picture }: Memory, read: Read, { target, confirmed }: Converged): Picture | null {
  const same =
    confirmed &&
    picture?.etag === target.etag &&
    picture.generation === read.desired.generation &&
    picture.seq >= read.seq
  return same ? picture : null
}

/** A new one, when nothing is in doubt. */
function pictured(memory: Memory, read: Read, { target }: Converged, comparedAt: number): Picture | null {
  // The list of what was touched goes further than what was read.
  if (!read.whole || target.held.size > 0) return null
  if (memory.troubles.size + memory.why.size + memory.hopeless.size > 0 || memory.rejectedBase) return null
  const { generation, settings } = read.desired
  return pictureOf(target, settings, { seq: read.seq, generation, comparedAt })
}

/** Things that are as they were saved have no rejected form any more; coming back to it later is a change. */
function forget(memory: Memory, troubled: ReadonlySet<string>): void {
  for (const key of [...memory.why.keys(), ...memory.hopeless]) {
    if (troubled.has(key)) continue
    memory.why.delete(key)
    memory.hopeless.delete(key)
    const at = key.indexOf(':')
    delete memory.rejected[key.slice(0, at) === 'pool' ? 'pools' : 'hosts'][key.slice(at + 1)]
  }
}

/** A failure with something under way is a revision too, once; a plain outage is not. */
export async function fail(
  { db, memory, clock }: ReconcileDeps,
  read: Pick<Read, 'desired' | 'changes'>,
  err: Error,
  reason: string,
  tookMs: number,
): Promise<void> {
  memory.inSync = false
  memory.lastError = err.message
  const failure = `${read.desired.generation} ${err.message}`
  if (reason === '' || memory.failure === failure) return
  memory.failure = failure
  const names = new Map(read.desired.hosts.map((h) => [h.id, h.domains[0] ?? h.id]))
  const ids = [...new Set(read.changes.flatMap((c) => c.hosts))]
  memory.lastRevision = await revisionStore(db).insert({
    at: clock.now(),
    ...saying(read.changes, reason),
    kind: 'swap',
    outcome: 'failed',
    error: err.message,
    generation: read.desired.generation,
    hosts: ids.map((id) => ({ id, name: names.get(id) ?? id, probe: null })),
    changes: [],
    tookMs,
  })
}

/** Why the edge differs, when no change of a person's says it. */
function reasonOf(info: EdgeInfo, plan: Plan, { applied, changes }: Read): string {
  if (info.base === null) return 'Gave the edge its configuration; it had none.'
  if (plan.kind === 'load') return 'Loaded listeners, logs and certificate rules anew.'
  if (plan.kind === 'none') return 'Told the edge how far it has come.'
  const n = Object.keys(plan.hosts).length + Object.keys(plan.pools).length
  if (changes.length > 0 || applied.length === 0) return `Brought ${n} hosts and pools to the edge.`
  return `The edge did not serve what was saved: put back ${n} hosts and pools.`
}
