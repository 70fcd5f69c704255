import type { Host, HostCreate, HostInput, Saved } from '@argos/contract'
import type { Actor } from '../audit/actor.ts'
import type { How, Write } from '../changes/commit.ts'
import { newId } from '../id.ts'
import { askEdge, poolSpec, refuseRejected } from '../pools/would-be.ts'
import { foundHost, type HostDeps, hostSpec } from './host-deps.ts'
import { bodyField, type Planned, plannedHost, refuseImpossible } from './host-plan.ts'
import type { HostReader } from './host-reader.ts'
import { inputOf } from './host-view.ts'
import { type hostWrites, stale } from './host-writes.ts'
import { refuseBadNames } from './names.ts'

interface Written {
  host: Host
  saved: Saved
}

/** Creating, changing, copying and deleting one host: what needs no database first, then the edge, then one commit. */
export function hostWriter(
  { db, apply, pools, commit }: HostDeps,
  { view }: Pick<HostReader, 'view'>,
  writes: Pick<ReturnType<typeof hostWrites>, 'insert' | 'update' | 'remove'>,
) {
  const written = async (actor: Actor, id: string, write: Write, how: How): Promise<Written> => {
    const saved = await commit(actor, write, how)
    return { host: await view(id), saved }
  }

  const askAbout = async (planned: Planned, poolPath: 'poolId' | 'upstream.poolId') => {
    const { id, input, ownPool } = planned
    const wouldBe = {
      hosts: [hostSpec(id, input)],
      pools: ownPool ? [poolSpec(input.poolId, ownPool)] : [],
    }
    return refuseRejected(await askEdge({ apply, db }, wouldBe), bodyField(planned, poolPath))
  }

  return {
    async create(actor: Actor, body: HostCreate): Promise<Written> {
      const planned = plannedHost(newId('h'), newId('p'), body)
      refuseBadNames(planned.input)
      if (planned.ownPool) await pools.check(planned.ownPool, 'upstream.pool.')
      await refuseImpossible(db, pools, planned)
      const asked = await askAbout(planned, 'upstream.poolId')
      return written(actor, planned.id, writes.insert(planned, newWords(planned.input)), { asked })
    },

    async update(
      actor: Actor,
      id: string,
      { version, ...input }: HostInput & { version: number },
      confirmS?: number,
    ): Promise<Written> {
      const planned: Planned = { id, input, ownPool: null }
      const known = await foundHost(db, id)
      if (known.version !== version) throw stale(known.domains)
      refuseBadNames(input)
      await refuseImpossible(db, pools, planned, { poolPath: 'poolId' })
      const asked = await askAbout(planned, 'poolId')
      const urgent = takesAway(known, input)
      return written(actor, id, writes.update(planned, version), { asked, urgent, confirmS })
    },

    /** The copy shares the pool and is paused: nothing becomes public by copying. */
    async clone(actor: Actor, id: string, domains: string[]): Promise<Written> {
      const source = await foundHost(db, id)
      const input = { ...inputOf(source), domains, enabled: false }
      const planned: Planned = { id: newId('h'), input, ownPool: null }
      refuseBadNames(input, { choosesTls: false })
      await refuseImpossible(db, pools, planned)
      const asked = await askAbout(planned, 'upstream.poolId')
      const words = `Copied ${source.domains[0]} to ${domains[0]}, paused`
      return written(actor, planned.id, writes.insert(planned, words), { asked })
    },

    async remove(actor: Actor, id: string, confirmS?: number): Promise<{ saved: Saved }> {
      return { saved: await commit(actor, writes.remove(id), { urgent: true, confirmS }) }
    },
  }
}

export const newWords = ({ domains: [name], enabled }: HostInput): string =>
  enabled ? `Published ${name}` : `Added ${name}, paused`

/** Whether visitors lose something by it: the host, or one of its names. */
const takesAway = (before: HostInput, after: HostInput): boolean =>
  before.enabled && (!after.enabled || before.domains.some((name) => !after.domains.includes(name)))
