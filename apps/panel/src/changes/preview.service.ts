import type { HostCreate, Intent, PolicyInput, Preview } from '@argos/contract'
import { accessRisks } from '../access/access-risk.ts'
import { policiesAround } from '../access/around.ts'
import type { Apply } from '../apply/apply.types.ts'
import { AppError } from '../errors.ts'
import { bodyField } from '../hosts/host-plan.ts'
import type { PoolService } from '../pools/pool.service.ts'
import { described, poolsAround } from './describe.ts'
import { caddyOf } from './preview.caddy.ts'
import { type Plan, type PlanDeps, previewPlans } from './preview.plans.ts'
import { askAbout, type Tried, tryOut } from './preview.tried.ts'
import { servedBy, sharing, wordsOf } from './preview.words.ts'
import { riskOf } from './risk.ts'

export interface PreviewDeps extends PlanDeps {
  readonly apply: Pick<Apply, 'check' | 'checkEdit'>
  readonly pools: PoolService
}
export interface Previewer {
  of(intent: Intent): Promise<Preview>
  /** Of a form: with `id` a change, whose own pool may come along for everyone who uses it; else a new host. */
  host(form: { id?: string | undefined; host: HostCreate }): Promise<Preview>
  policy(form: { id?: string | undefined; policy: PolicyInput }): Promise<Preview>
}

const MOST_OBJECTS = 100

/** What a change would do: the very write that would be saved, taken back, and asked of the edge. */
export function previewer(deps: PreviewDeps): Previewer {
  const { db, apply, pools } = deps
  const plans = previewPlans(deps)

  const preview = async (plan: Plan): Promise<Preview> => {
    let seen: Tried
    try {
      await plan.before?.()
      seen = await tryOut({ db, pools }, plan.write)
    } catch (err) {
      // Going back may be impossible by now; that is an answer, not a mistake in what was sent.
      if (err instanceof AppError && err.code === 'conflict' && plan.host === undefined)
        return no(err.message)
      throw err
    }
    const { draft, blocked, users } = seen
    const { objects } = draft
    const asked = await askAbout({ apply, db }, seen)
    const policies = policiesAround(objects, seen.policies)
    const around = { pools: poolsAround(objects, seen.pools), policies }
    const diffs = objects.map((object) => described(object, around))
    const mine = objects.flatMap(({ kind, id, name }) => (kind === 'host' ? [{ id, name }] : []))
    const looked = (user: { id: string }) => (user.id === plan.host?.id ? 0 : 1)
    const others = users
      .filter((user, i) => users.findIndex((u) => u.id === user.id) === i)
      .filter((user) => !mine.some((host) => host.id === user.id))
      .toSorted((a, b) => looked(a) - looked(b))
    const touched = [...mine, ...others.map(({ id, name }) => ({ id, name }))]
    const there = touched.length - objects.filter((o) => o.kind === 'host' && o.before === null).length
    const [refusal] = asked.refused
    return {
      words: [...wordsOf(draft, diffs), ...sharing(plan, objects, users), ...(plan.warnings ?? [])],
      ...riskOf(objects, servedBy(objects, seen), accessRisks(objects, policies)),
      blocked,
      objects: diffs.slice(0, MOST_OBJECTS),
      caddy: await caddyOf(db, seen, asked),
      touched,
      untouched: seen.hosts - there,
      needsLoad: asked.needsLoad,
      edge: {
        accepted: asked.accepted,
        reason:
          refusal?.message ??
          (asked.accepted === null ? 'It does not answer; it will be asked when it is back.' : null),
        field: refusal && plan.host ? bodyField(plan.host, 'upstream.poolId')(refusal) : null,
      },
    }
  }

  return {
    of: async (intent) => preview(await plans.of(intent)),
    host: async ({ id, host }) =>
      preview(await (id === undefined ? plans.create(host) : plans.edit(id, host))),
    policy: async ({ id, policy }) => preview(await plans.policy(id, policy)),
  }
}

/** What cannot be done, and why. */
const no = (blocked: string): Preview => ({
  ...{ words: [], risk: 'normal', risks: [], blocked, objects: [], caddy: [], touched: [], untouched: 0 },
  ...{ needsLoad: false, edge: { accepted: null, reason: null, field: null } },
})
