import type { HostCreate, Preview } from '@argos/contract'
import { newId } from '../id.ts'
import { askEdge, poolSpec } from '../pools/would-be.ts'
import { lineDiff } from './diff.ts'
import { effects, listed } from './effects.ts'
import { hostStore } from './host.store.ts'
import { foundHost, type HostDeps, hostSpec } from './host-deps.ts'
import { bodyField, plannedHost, refuseImpossible } from './host-plan.ts'
import { refuseBadNames } from './names.ts'
import { settingsLines } from './settings-lines.ts'

/**
 * What publishing or changing a host would do; nothing is saved and nothing loaded. With `id`, a pool in the body is the
 * host's own pool as it would be, for everyone who uses it.
 */
export function hostPreviewer({ db, apply, pools }: HostDeps) {
  return async ({ id, host: body }: { id?: string | undefined; host: HostCreate }): Promise<Preview> => {
    const old = id === undefined ? null : await foundHost(db, id)
    const oldPool = old ? await pools.within(db).get(old.poolId) : undefined
    const planned = plannedHost(old?.id ?? newId('h'), old?.poolId ?? newId('p'), body)
    const { input, ownPool } = planned
    refuseBadNames(input, { path: 'host.' })
    const warnings = ownPool ? await pools.check(ownPool, 'host.upstream.pool.') : []
    const pool = await refuseImpossible(db, pools, planned, { path: 'host.' })

    const before = old && oldPool ? { host: old, pool: oldPool } : null
    const after = { host: input, pool }
    const users = old && ownPool ? await pools.within(db).users(old.poolId) : []
    const sharing = users.filter((user) => user.id !== old?.id)
    const diff = lineDiff(before ? settingsLines(before) : [], settingsLines(after))
    const answer = await askEdge(
      { apply, db },
      {
        hosts: [hostSpec(planned.id, input)],
        pools: ownPool ? [poolSpec(input.poolId, ownPool)] : [],
      },
    )
    const [refusal] = answer.refused
    const changes = diff.length > 0
    const poolChanges =
      changes &&
      before !== null &&
      lineDiff(settingsLines({ ...after, pool: before.pool }), settingsLines(after)).length > 0
    const others = poolChanges ? sharing : []
    const touched = [
      { id: planned.id, name: input.domains[0] ?? '' },
      ...others.map((u) => ({ id: u.id, name: u.name })),
    ]
    const known = await hostStore(db).count()
    return {
      words: [
        ...effects(before, after),
        ...(others.length > 0
          ? [`The same goes for ${listed(others.map((u) => u.name))}, with the same pool.`]
          : []),
        ...warnings,
      ],
      diff,
      touched: changes ? touched : [],
      untouched: known - others.length - (old && changes ? 1 : 0),
      needsLoad: answer.needsLoad,
      edge: {
        accepted: answer.accepted,
        reason:
          refusal?.message ??
          (answer.accepted === null ? 'It does not answer; it will be asked when it is back.' : null),
        field: refusal ? bodyField(planned, 'upstream.poolId')(refusal) : null,
      },
    }
  }
}
