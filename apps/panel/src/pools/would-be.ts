import type { DesiredState, PoolSpec } from '@argos/caddy'
import type { PoolInput } from '@argos/contract'
import type { Kysely } from 'kysely'
import type { Apply, Checked, CheckRefusal, WouldBe } from '../apply/apply.types.ts'
import { readDesired } from '../apply/desired.ts'
import type { DB } from '../db/schema.ts'
import { AppError } from '../errors.ts'

/** The desired state as it would be, with what was given put in, in place of what has its id, or taken out. */
export const changed = (
  desired: DesiredState,
  { hosts = [], pools = [], policies = [], gone }: WouldBe,
): DesiredState => ({
  ...desired,
  hosts: merged(desired.hosts, hosts).filter((h) => !gone?.hosts.includes(h.id)),
  pools: merged(desired.pools, pools).filter((p) => !gone?.pools.includes(p.id)),
  policies: merged(desired.policies, policies),
})

/** Compiles the would-be state and asks the edge about it; only what is said about the change itself counts. */
export async function askEdge(
  { apply, db }: { apply: Pick<Apply, 'check' | 'checkEdit'>; db: Kysely<DB> },
  wouldBe: WouldBe,
): Promise<Checked> {
  const quick = await apply.checkEdit(wouldBe)
  if (quick) return quick
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
  return { ...answer, accepted, refused }
}

/** Throws `rejected_by_edge` with the fields of the body it came in; else hands the answer on. */
export function refuseRejected(checked: Checked, fieldOf: FieldOf): Checked {
  const [first] = checked.refused
  if (!first) return checked
  const fields = checked.refused.flatMap((r) => {
    const path = fieldOf(r)
    return path === null ? [] : [{ path, message: r.message }]
  })
  throw new AppError('rejected_by_edge', `The edge would not take it: ${first.message}`, {
    ...(fields.length > 0 ? { fields } : {}),
  })
}

export type FieldOf = (refusal: CheckRefusal) => string | null

/** A path into a pool as a form knows it: a target that is refused as a whole is refused at its address. */
export function poolField(field: string | null): string | null {
  if (field === null) return null
  return apiPath(field).replace(/^(targets\.\d+)(\.dial)?$/, '$1.address')
}

/** `domains[1]` as a body's path: `domains.1`. */
export const apiPath = (field: string): string => field.replaceAll(/\[(\d+)\]/g, '.$1')

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
