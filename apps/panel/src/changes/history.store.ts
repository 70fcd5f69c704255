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
    /** What they did, each object that differs before those that stayed as they were; of each change at most so many. */
    async objectsOf(
      generations: readonly number[],
      most = Number.MAX_SAFE_INTEGER,
    ): Promise<RecordedObject[]> {
      const placed = db
        .selectFrom('change_object')
        .select(['generation', 'kind', 'id', 'name', 'before', 'after'])
        .select((e) =>
          e.fn
            .agg<number>('row_number')
            .over((o) =>
              o.partitionBy('generation').orderBy(sql`"before" is "after"`).orderBy('kind').orderBy('id'),
            )
            .as('place'),
        )
        .where('generation', 'in', generations)
      const rows = await db
        .selectFrom(placed.as('placed'))
        .select(['generation', 'kind', 'id', 'name', 'before', 'after'])
        .where('place', '<=', most)
        .orderBy('generation')
        .orderBy('place')
        .execute()
      return rows.map((row) => ({ ...objectOf(row), generation: row.generation }))
    },
    /** What all changes in a range come to for each object; what they left as it was is left out. */
    async netIn({ after, upTo }: Range): Promise<ChangedObject[]> {
      const ends = db
        .selectFrom('change_object')
        .select(['kind', 'id'])
        .select((e) => [e.fn.min('generation').as('first'), e.fn.max('generation').as('last')])
        .where('generation', '>', after)
        .where('generation', '<=', upTo)
        .groupBy(['kind', 'id'])
      const rows = await db
        .selectFrom(ends.as('ends'))
        .innerJoin('change_object as was', (j) =>
          j
            .onRef('was.generation', '=', 'ends.first')
            .onRef('was.kind', '=', 'ends.kind')
            .onRef('was.id', '=', 'ends.id'),
        )
        .innerJoin('change_object as is', (j) =>
          j
            .onRef('is.generation', '=', 'ends.last')
            .onRef('is.kind', '=', 'ends.kind')
            .onRef('is.id', '=', 'ends.id'),
        )
        .whereRef('was.before', 'is not', 'is.after')
        .select(['ends.kind', 'ends.id', 'is.name', 'was.before', 'is.after'])
        .orderBy('ends.first')
        .orderBy('ends.kind')
        .orderBy('ends.id')
        .execute()
      return net(rows.map(objectOf))
    },
    /**
     * Changes of these that something of is not any more as they left it, each with the first that touched it since.
     * Thousands of objects may each have been changed a hundred times: one row a change leaves the database.
     */
    async changedAgain(generations: readonly number[]): Promise<Map<number, RecordedChange>> {
      const same = (a: 'later' | 'last') =>
        sql<boolean>`${sql.ref(`${a}.id`)} = mine.id and ${sql.ref(`${a}.kind`)} = mine.kind`
      const touched = db
        .selectFrom('change_object as mine')
        .select('mine.generation as of')
        .select((e) =>
          e
            .selectFrom('change_object as later')
            .select((l) => l.fn.min('later.generation').as('by'))
            .where(same('later'))
            .whereRef('later.generation', '>', 'mine.generation')
            .as('by'),
        )
        .where('mine.generation', 'in', generations)
        .where(
          (e) =>
            e
              .selectFrom('change_object as last')
              .select('last.after')
              .where(same('last'))
              .orderBy('last.generation', 'desc')
              .limit(1),
          'is not',
          (e) => e.ref('mine.after'),
        )
      const firsts = await db
        .selectFrom(touched.as('touched'))
        .select('of')
        .select((e) => e.fn.min('by').as('by'))
        .groupBy('of')
        .execute()
      const by = firsts.flatMap((first) => first.by ?? [])
      const rows = await db.selectFrom('change').selectAll().where('generation', 'in', by).execute()
      const changes = new Map(rows.map((row) => [row.generation, changeOf(row)]))
      return new Map(
        firsts.flatMap((first) => {
          const change = changes.get(first.by ?? 0)
          return change ? [[first.of, change] as const] : []
        }),
      )
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
  readonly kind: ChangedObject['kind']
  readonly id: string
  readonly name: string
  readonly before: string | null
  readonly after: string | null
}): ChangedObject => ({
  ...{ kind: row.kind, id: row.id, name: row.name },
  ...{ before: parsed(row.before), after: parsed(row.after) },
})

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
