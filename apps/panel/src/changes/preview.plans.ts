import type { HostCreate, Intent, PolicyInput } from '@argos/contract'
import type { Kysely } from 'kysely'
import type { PolicyService } from '../access/policy.service.ts'
import type { DB } from '../db/schema.ts'
import type { HostService } from '../hosts/host.service.ts'
import { type Planned, plannedHost } from '../hosts/host-plan.ts'
import { newWords } from '../hosts/host-writer.ts'
import { refuseBadNames } from '../hosts/names.ts'
import { newId } from '../id.ts'
import type { PoolService } from '../pools/pool.service.ts'
import type { SettingsService } from '../settings/settings.service.ts'
import type { Draft, Write } from './commit.ts'
import type { undoWrites } from './undo.ts'

export interface PlanDeps {
  readonly db: Kysely<DB>
  readonly hosts: Pick<HostService, 'writes'>
  readonly pools: Pick<PoolService, 'writes' | 'check'>
  readonly policies: Pick<PolicyService, 'writes' | 'check'>
  readonly settings: Pick<SettingsService, 'write'>
  readonly undo: ReturnType<typeof undoWrites>
}
/** The write that saving would commit. */
export interface Plan {
  readonly write: Write
  /** What is asked first, as saving does. */
  readonly before?: () => Promise<void>
  readonly warnings?: readonly string[]
  /** The host that is looked at; others with its pool are named. */
  readonly host?: Planned
}

/** What somebody might do next, as the write that would do it, after the same checks. */
export function previewPlans({ db, hosts, pools, policies, settings, undo }: PlanDeps) {
  const of = async (intent: Intent): Promise<Plan> => {
    switch (intent.kind) {
      case 'hostCreate':
        return create(intent.host)
      case 'hostUpdate': {
        const host: Planned = { id: intent.id, input: intent.host, ownPool: null }
        refuseBadNames(intent.host, { path: 'intent.host.' })
        return { write: hosts.writes.update(host, null, { path: 'intent.host.', poolPath: 'poolId' }), host }
      }
      case 'hostDelete':
        return { write: hosts.writes.remove(intent.id) }
      case 'hostBulk':
        return { write: hosts.writes.bulk(intent) }
      case 'poolUpdate':
        return {
          write: pools.writes.update(intent.id, null, intent.pool),
          warnings: await pools.check(intent.pool, 'intent.pool.'),
        }
      case 'poolDelete':
        return { write: pools.writes.remove(intent.id) }
      case 'policyCreate':
        return policy(undefined, intent.policy, 'intent.policy.')
      case 'policyUpdate':
        return policy(intent.id, intent.policy, 'intent.policy.')
      case 'policyDelete':
        return { write: policies.writes.remove(intent.id) }
      case 'settingsUpdate':
        return { write: await settings.write(intent.settings) }
      case 'undo':
        return { write: undo.undo(intent.generation), before: () => undo.refuseForbidden(db, intent) }
      case 'restore':
        return { write: undo.restore(intent.revision), before: () => undo.refuseForbidden(db, intent) }
    }
  }
  const create = async (body: HostCreate): Promise<Plan> => {
    const host = plannedHost(newId('h'), newId('p'), body)
    refuseBadNames(host.input, { path: 'host.' })
    const warnings = host.ownPool ? await pools.check(host.ownPool, 'host.upstream.pool.') : []
    return { write: hosts.writes.insert(host, newWords(host.input), { path: 'host.' }), warnings, host }
  }

  /** A change of a host, whose own pool may come along for everyone who uses it. */
  const edit = async (id: string, body: HostCreate): Promise<Plan> => {
    const poolId = await hosts.writes.poolOf(db, id)
    const host = plannedHost(id, poolId, body)
    refuseBadNames(host.input, { path: 'host.' })
    const { ownPool } = host
    const change = hosts.writes.update({ ...host, ownPool: null }, null, { path: 'host.' })
    if (!ownPool) return { write: change, host }
    const warnings = await pools.check(ownPool, 'host.upstream.pool.')
    const write: Write = async (trx) => {
      const first = await pools.writes.update(poolId, null, ownPool)(trx)
      return joined(first, await change(trx))
    }
    return { write, warnings, host }
  }

  const policy = async (id: string | undefined, input: PolicyInput, at = 'policy.'): Promise<Plan> => {
    await policies.check(input, at)
    return {
      write:
        id === undefined
          ? policies.writes.insert(newId('o'), input, at)
          : policies.writes.update(id, null, input, at),
    }
  }

  return { of, create, edit, policy }
}

function joined(a: Draft | null, b: Draft | null): Draft | null {
  if (a === null || b === null) return a ?? b
  const hosts = [...(a.hosts ?? []), ...(b.hosts ?? b.objects.map((o) => o.id))]
  return {
    words: [...a.words, ...b.words],
    objects: [...b.objects, ...a.objects],
    hosts,
    audit: [...a.audit, ...b.audit],
  }
}
