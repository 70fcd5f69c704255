import { isDeepStrictEqual } from 'node:util'
import { type Kysely, sql } from 'kysely'
import type { ChangeTable, DB } from '../db/schema.ts'
import type { ChangedObject } from './objects.ts'

export interface RecordedObject extends ChangedObject {
  readonly generation: number
}
export interface RecordedChange {
  readonly generation: number
  readonly at: number
  readonly actor: { readonly kind: string; readonly name: string }
  readonly words: readonly string[]
  readonly revision: number | null
}
export interface HistoryQuery {
  readonly before?: number | undefined
  readonly object?: string | undefined
  readonly limit: number
}
interface Range {
  /** Generations after this one, */
  readonly after: number
  /** up to this one. */
  readonly upTo: number
}

/** SQL for what was changed, object by object. */
export function historyStore(db: Kysely<DB>) {
  const objects = () =>
    db
      .selectFrom('change_object')
      .select(['generation', 'kind', 'id', 'name', 'before', 'after'])
      .orderBy('generation')
      .orderBy('kind')
      .orderBy('id')
  return {
    /** Newest first; of one host or pool, or of all. */
    async list({ before, object, limit }: HistoryQuery): Promise<RecordedChange[]> {
      let query = db.selectFrom('change').selectAll().orderBy('generation', 'desc').limit(limit)
      if (before !== undefined) query = query.where('generation', '<', before)
      if (object !== undefined)
        query = query.where((e) =>
          e.or([
            e(
              'generation',
              'in',
              e.selectFrom('change_object').select('generation').where('id', '=', object),
            ),
            sql<boolean>`exists (select 1 from json_each(change.hosts) h where h.value = ${object})`,
          ]),
        )
      return (await query.execute()).map(changeOf)
    },
    async one(generation: number): Promise<RecordedChange | null> {
      const row = await db
        .selectFrom('change')
        .selectAll()
        .where('generation', '=', generation)
        .executeTakeFirst()
      return row ? changeOf(row) : null
    },
    async ofRevision(revision: number): Promise<RecordedChange[]> {
      const rows = await db
        .selectFrom('change')
        .selectAll()
        .where('revision', '=', revision)
        .orderBy('generation')
        .execute()
      return rows.map(changeOf)
    },
    async objectsOf(generations: readonly number[]): Promise<RecordedObject[]> {
      return (await objects().where('generation', 'in', generations).execute()).map(objectOf)
    },
    async objectsIn({ after, upTo }: Range): Promise<RecordedObject[]> {
      const rows = await objects().where('generation', '>', after).where('generation', '<=', upTo).execute()
      return rows.map(objectOf)
    },
    /** Changes of these that something of is not any more as they left it, each with the first that touched it since. */
    async changedAgain(generations: readonly number[]): Promise<Map<number, RecordedChange>> {
      const rows = await db
        .selectFrom('change_object as mine')
        .innerJoin('change_object as later', (j) =>
          j.onRef('later.id', '=', 'mine.id').onRef('later.kind', '=', 'mine.kind'),
        )
        .innerJoin('change', 'change.generation', 'later.generation')
        .whereRef('later.generation', '>', 'mine.generation')
        .where('mine.generation', 'in', generations)
        .where(
          (e) =>
            e
              .selectFrom('change_object as last')
              .select('last.after')
              .whereRef('last.id', '=', 'mine.id')
              .whereRef('last.kind', '=', 'mine.kind')
              .orderBy('last.generation', 'desc')
              .limit(1),
          'is not',
          (e) => e.ref('mine.after'),
        )
        .selectAll('change')
        .select('mine.generation as of')
        .orderBy('change.generation', 'desc')
        .execute()
      return new Map(rows.map((row) => [row.of, changeOf(row)]))
    },
    /** Whether all changes in a range were kept object by object; those made by older versions were not. */
    async whole({ after, upTo }: Range): Promise<boolean> {
      const row = await db
        .selectFrom('change')
        .select('generation')
        .where('generation', '>', after)
        .where('generation', '<=', upTo)
        .where((e) =>
          e.not(
            e.exists(
              e
                .selectFrom('change_object')
                .select('id')
                .whereRef('change_object.generation', '=', 'change.generation'),
            ),
          ),
        )
        .limit(1)
        .executeTakeFirst()
      return row === undefined
    },
  }
}

const changeOf = (
  row: {
    readonly [K in Exclude<keyof ChangeTable, 'generation'>]: ChangeTable[K]
  } & { readonly generation: number },
): RecordedChange => ({
  generation: row.generation,
  at: row.at,
  actor: { kind: row.actor_kind, name: row.actor_name },
  words: JSON.parse(row.words) as string[],
  revision: row.revision,
})

const objectOf = (row: {
  readonly generation: number
  readonly kind: ChangedObject['kind']
  readonly id: string
  readonly name: string
  readonly before: string | null
  readonly after: string | null
}): RecordedObject => ({ ...row, before: parsed(row.before), after: parsed(row.after) })

const parsed = (json: string | null) => (json === null ? null : JSON.parse(json))

/** What many changes come to for each object: how it was before the first of them, and is after the last. */
export function net(objects: readonly ChangedObject[]): ChangedObject[] {
  const all = new Map<string, ChangedObject>()
  for (const { kind, id, name, before, after } of objects) {
    const first = all.get(`${kind}:${id}`)
    all.set(`${kind}:${id}`, { kind, id, name, before: first ? first.before : before, after })
  }
  return [...all.values()].filter(({ before, after }) => !isDeepStrictEqual(before, after))
}
