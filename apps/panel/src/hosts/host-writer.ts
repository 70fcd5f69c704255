import type { Host, HostCreate, HostInput, Saved } from '@argos/contract'
import type { Checked } from '../apply/apply.types.ts'
import { savedGeneration } from '../apply/desired.ts'
import { savedAs } from '../apply/saved.ts'
import type { Actor } from '../audit/actor.ts'
import { recordChange } from '../changes/changes.store.ts'
import { AppError } from '../errors.ts'
import { emit } from '../events/outbox.ts'
import { newId } from '../id.ts'
import { settingsOf } from '../pools/pool.service.ts'
import { askEdge, poolSpec, refuseRejected } from '../pools/would-be.ts'
import { hostStore } from './host.store.ts'
import { foundHost, type HostDeps, hostSpec, subjectOf } from './host-deps.ts'
import { bodyField, type Planned, plannedHost, refuseImpossible } from './host-plan.ts'
import type { HostReader } from './host-reader.ts'
import { inputOf } from './host-view.ts'
import { refuseBadNames } from './names.ts'
import { changeWords } from './words.ts'

interface Written {
  host: Host
  saved: Saved
}

/** Creating, changing, copying and deleting one host. Each verb has the same five steps. */
export function hostWriter({ db, clock, audit, apply, pools }: HostDeps, { view }: Pick<HostReader, 'view'>) {
  const written = async (
    id: string,
    generation: number,
    how: { asked: Checked; urgent?: boolean },
  ): Promise<Written> => {
    const saved = await savedAs(apply, generation, how)
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

  const insert = async (actor: Actor, planned: Planned, words: string) => {
    const { id, input, ownPool } = planned
    return db.transaction().execute(async (trx) => {
      const pool = await refuseImpossible(trx, pools, planned)
      if (ownPool) await pools.within(trx).insert(input.poolId, ownPool)
      await hostStore(trx).insert(id, input, clock.now())
      const subject = subjectOf(id, input.domains)
      const after = { ...input, pool: settingsOf(pool) }
      await audit.record(trx, actor, { action: 'host.create', subject, words, after })
      const type = input.enabled ? 'host.published' : 'host.changed'
      await emit(trx, type, { hostId: id, name: subject.name }, clock.now())
      return recordChange(trx, actor, { words: [words], hosts: [id] }, clock.now())
    })
  }

  return {
    async create(actor: Actor, body: HostCreate): Promise<Written> {
      const planned = plannedHost(newId('h'), newId('p'), body)
      refuseBadNames(planned.input)
      if (planned.ownPool) await pools.check(planned.ownPool, 'upstream.pool.')
      await refuseImpossible(db, pools, planned)
      const asked = await askAbout(planned, 'upstream.poolId')
      const [name] = planned.input.domains
      const words = planned.input.enabled ? `Published ${name}` : `Added ${name}, paused`
      return written(planned.id, await insert(actor, planned, words), { asked })
    },

    async update(
      actor: Actor,
      id: string,
      { version, ...input }: HostInput & { version: number },
    ): Promise<Written> {
      const planned: Planned = { id, input, ownPool: null }
      const known = await foundHost(db, id)
      if (known.version !== version) throw stale(known.domains)
      refuseBadNames(input)
      await refuseImpossible(db, pools, planned, { poolPath: 'poolId' })
      const asked = await askAbout(planned, 'poolId')
      const generation = await db.transaction().execute(async (trx) => {
        const before = await foundHost(trx, id)
        if (before.version !== version) throw stale(before.domains)
        await refuseImpossible(trx, pools, planned, { poolPath: 'poolId' })
        const words = changeWords(inputOf(before), input)
        if (words === null) return null
        if (!(await hostStore(trx).update(before, input, clock.now()))) throw stale(before.domains)
        const subject = subjectOf(id, input.domains)
        await audit.record(trx, actor, {
          action: 'host.update',
          subject,
          words,
          before: inputOf(before),
          after: input,
        })
        const type = !before.enabled && input.enabled ? 'host.published' : 'host.changed'
        await emit(trx, type, { hostId: id, name: subject.name }, clock.now())
        return recordChange(trx, actor, { words: [words], hosts: [id] }, clock.now())
      })
      const urgent = takesAway(known, input)
      return written(id, generation ?? (await savedGeneration(db)), { asked, urgent })
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
      return written(planned.id, await insert(actor, planned, words), { asked })
    },

    async remove(actor: Actor, id: string): Promise<{ saved: Saved }> {
      const generation = await db.transaction().execute(async (trx) => {
        const host = await foundHost(trx, id)
        await hostStore(trx).remove(id)
        const pool = await pools.within(trx).removeUnused(host.poolId)
        const subject = subjectOf(id, host.domains)
        const words = `Deleted ${subject.name}${pool ? ` and its pool ${pool.name}` : ''}`
        const before = { ...inputOf(host), pool: pool && settingsOf(pool) }
        await audit.record(trx, actor, { action: 'host.delete', subject, words, before })
        await emit(trx, 'host.deleted', { hostId: id, name: subject.name }, clock.now())
        return recordChange(trx, actor, { words: [words], hosts: [id] }, clock.now())
      })
      return { saved: await savedAs(apply, generation, { urgent: true }) }
    },
  }
}

/** Whether visitors lose something by it: the host, or one of its names. */
const takesAway = (before: HostInput, after: HostInput): boolean =>
  before.enabled && (!after.enabled || before.domains.some((name) => !after.domains.includes(name)))

const stale = ([name = 'The host']: readonly string[]) =>
  new AppError('stale', `${name} was changed meanwhile. Load it again and repeat your edit.`)
