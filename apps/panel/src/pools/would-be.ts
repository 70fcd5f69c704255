import type { DesiredState, HostSpec, PoolSpec } from '@argos/caddy'
import type { PoolInput } from '@argos/contract'
import type { Kysely } from 'kysely'
import type { Apply, Checked, CheckRefusal } from '../apply/apply.types.ts'
import { readDesired } from '../apply/desired.ts'
import type { DB } from '../db/schema.ts'
import { AppError } from '../errors.ts'

/** A change to the desired state, before it is saved. */
export interface WouldBe {
  readonly hosts?: readonly HostSpec[]
  readonly pools?: readonly PoolSpec[]
}

/** The desired state as it would be, with what was given put in or in place of what has its id. */
export const changed = (desired: DesiredState, { hosts = [], pools = [] }: WouldBe): DesiredState => ({
  ...desired,
  hosts: merged(desired.hosts, hosts),
  pools: merged(desired.pools, pools),
})

/** Compiles the would-be state and asks the edge about it; only what is said about the change itself counts. */
export async function askEdge(
  { apply, db }: { apply: Pick<Apply, 'check'>; db: Kysely<DB> },
  wouldBe: WouldBe,
): Promise<Checked> {
  const touched = {
    hosts: (wouldBe.hosts ?? []).map((h) => h.id),
    pools: (wouldBe.pools ?? []).map((p) => p.id),
  }
  // One moment's state: hosts and pools of two different moments would not fit together.
  const desired = await db.transaction().setAccessMode('read only').execute(readDesired)
  const answer = await apply.check(changed(desired, wouldBe), touched)
  const refused = answer.refused.filter((r) =>
    (r.kind === 'pool' ? touched.pools : r.kind === 'host' ? touched.hosts : []).includes(r.id),
  )
  const accepted = refused.length > 0 ? false : answer.accepted === false ? true : answer.accepted
  return { accepted, refused, needsLoad: answer.needsLoad }
}

/** Throws `rejected_by_edge` with the fields of the body it came in. */
export function refuseRejected({ refused }: Checked, fieldOf: FieldOf): void {
  const [first] = refused
  if (!first) return
  const fields = refused.flatMap((r) => {
    const path = fieldOf(r)
    return path === null ? [] : [{ path, message: r.message }]
  })
  throw new AppError('rejected_by_edge', `The edge would not take it: ${first.message}`, {
    ...(fields.length > 0 ? { fields } : {}),
  })
}

export type FieldOf = (refusal: CheckRefusal) => string | null

/** The edge's path into a pool (`targets[0].dial`, of those that are on) as the API's (`targets.1.address`). */
export function poolField(field: string | null, pool: Pick<PoolInput, 'targets'>): string | null {
  if (field === null) return null
  const [, index, part = ''] = /^targets\[(\d+)\](?:\.(.+))?$/.exec(field) ?? []
  if (index === undefined) return apiPath(field)
  // The edge gets only the targets that are on; the compiler counts all of them and speaks of `address`.
  const on = pool.targets.flatMap((t, i) => (t.enabled ? [i] : []))
  const i = part === 'address' || part === 'port' ? Number(index) : (on[Number(index)] ?? Number(index))
  return `targets.${i}.${part === 'weight' || part === 'port' ? part : 'address'}`
}

/** `health.interval_s` and `names[1]` as the API spells them: `health.intervalS`, `names.1`. */
export const apiPath = (field: string): string =>
  field.replaceAll(/\[(\d+)\]/g, '.$1').replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())

export const poolSpec = (id: string, { name: _, ...settings }: PoolInput): PoolSpec => ({
  id,
  protocol: settings.protocol,
  verifyTls: settings.verifyTls,
  preserveHost: settings.preserveHost,
  health: settings.health,
  targets: settings.targets,
})

function merged<T extends { readonly id: string }>(all: readonly T[], changes: readonly T[]): T[] {
  const byId = new Map([...all, ...changes].map((t) => [t.id, t]))
  return [...byId.values()]
}
