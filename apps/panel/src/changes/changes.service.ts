import type { Change, ObjectDiff, revisionView, Saved } from '@argos/contract'
import type { Kysely } from 'kysely'
import type { z } from 'zod'
import { knownPolicies, policiesAround } from '../access/around.ts'
import { savedGeneration } from '../apply/desired.ts'
import { BASE_NAME } from '../apply/theirs.ts'
import type { Actor } from '../audit/actor.ts'
import type { DB } from '../db/schema.ts'
import { AppError } from '../errors.ts'
import type { PoolService } from '../pools/pool.service.ts'
import type { Commit, Write } from './commit.ts'
import { described, poolsAround, poolsNamed } from './describe.ts'
import { type HistoryQuery, historyStore, type RecordedChange } from './history.store.ts'
import { reversed } from './objects.ts'
import { revisionStore } from './revisions.store.ts'
import { noUndo, type undoWrites } from './undo.ts'

type RevisionView = z.infer<typeof revisionView.response>
interface Undone {
  readonly words: string[]
  readonly saved: Saved
}
export interface Changes {
  list(query: HistoryQuery): Promise<{ changes: Change[]; more: boolean }>
  revision(number: number): Promise<RevisionView>
  diff(number: number, to?: number): Promise<ObjectDiff[]>
  undo(actor: Actor, generation: number, confirmS?: number): Promise<Undone>
  restore(actor: Actor, number: number, confirmS?: number): Promise<Undone>
}

/** Of a change that touched thousands, so many are shown. */
const MOST_OBJECTS = 100

export function changesService({
  db,
  pools,
  commit,
  writes,
}: {
  db: Kysely<DB>
  pools: Pick<PoolService, 'within'>
  commit: Commit
  writes: ReturnType<typeof undoWrites>
}): Changes {
  const history = historyStore(db)

  const shown = async (changes: readonly RecordedChange[]): Promise<Change[]> => {
    const generations = changes.map((c) => c.generation)
    const all = await history.objectsOf(generations, MOST_OBJECTS)
    const objects = Map.groupBy(all, (o) => o.generation)
    const again = await history.changedAgain(generations)
    const known = await pools.within(db).some(poolsNamed(all))
    const policies = await knownPolicies(db, all)
    return changes.map((change) => {
      const mine = objects.get(change.generation) ?? []
      return {
        ...change,
        actor: change.actor as Change['actor'],
        words: [...change.words],
        objects: mine.map((object) =>
          described(object, { pools: poolsAround(mine, known), policies: policiesAround(mine, policies) }),
        ),
        noUndo: noUndo(mine, again.get(change.generation) ?? null),
      }
    })
  }
  const found = async (number: number) => {
    const revision = await revisionStore(db).one(number)
    if (revision === null) throw new AppError('not_found', `There is no revision r${number}.`)
    return revision
  }
  const undone = async (actor: Actor, write: Write, confirmS: number | undefined): Promise<Undone> => {
    let words: string[] = []
    const noted: Write = async (trx) => {
      const draft = await write(trx)
      words = [...(draft?.words ?? [])]
      return draft
    }
    const saved = await commit(actor, noted, { urgent: true, confirmS })
    return { words, saved }
  }

  return {
    async list({ limit, ...query }) {
      const rows = await history.list({ ...query, limit: limit + 1 })
      return { changes: await shown(rows.slice(0, limit)), more: rows.length > limit }
    },

    async revision(number) {
      const revision = await found(number)
      const names = new Map(revision.hosts.map((host) => [host.id, host.name]))
      const { n } = await db
        .selectFrom('host')
        .select((e) => e.fn.countAll<number>().as('n'))
        .where('id', 'not in', [...names.keys()])
        .executeTakeFirstOrThrow()
      const changes = await shown(await history.ofRevision(number))
      const caddy = (await revisionStore(db).atEdge(number)).map((change) => ({
        ...change,
        name: change.kind === 'base' ? BASE_NAME : (names.get(change.id) ?? change.id),
      }))
      return { revision, changes, untouched: n, caddy }
    },

    async diff(number, to) {
      const from = await found(number)
      const until = to === undefined ? await savedGeneration(db) : (await found(to)).generation
      const [first, last] = [Math.min(from.generation, until), Math.max(from.generation, until)]
      const range = { after: first, upTo: last }
      if (!(await history.whole(range)))
        throw new AppError(
          'conflict',
          'Changes between them were kept without their settings, by an older Argos.',
        )
      const objects = await history.netIn(range)
      const there = until < from.generation ? reversed(objects) : objects
      const around = {
        pools: poolsAround(there, await pools.within(db).some(poolsNamed(there))),
        policies: policiesAround(there, await knownPolicies(db, there)),
      }
      return there.map((object) => described(object, around))
    },

    async undo(actor, generation, confirmS) {
      await writes.refuseForbidden(db, { kind: 'undo', generation })
      return undone(actor, writes.undo(generation), confirmS)
    },
    async restore(actor, revision, confirmS) {
      await writes.refuseForbidden(db, { kind: 'restore', revision })
      return undone(actor, writes.restore(revision), confirmS)
    },
  }
}
