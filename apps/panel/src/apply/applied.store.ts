import type { Kysely } from 'kysely'
import type { DB } from '../db/schema.ts'

export interface PendingChange {
  readonly generation: number
  readonly actor: { readonly kind: string; readonly name: string }
  readonly words: readonly string[]
  readonly hosts: readonly string[]
}
export type AppliedKind = 'host' | 'pool' | 'base'
export interface AppliedRow {
  readonly kind: AppliedKind
  readonly id: string
  readonly hash: string
  readonly json: string
}
export interface Trouble {
  readonly kind: 'host' | 'pool'
  readonly id: string
  readonly message: string
  readonly field: string | null
  readonly since: number
}

const GENERATION = 'applied_generation'
/** SQLite takes 32,766 values a statement. */
const ROWS_AT_ONCE = 1_000

/** SQL for what the edge has confirmed, and for what it would not take. */
export function appliedStore(db: Kysely<DB>) {
  return {
    async generation(): Promise<number> {
      const row = await db.selectFrom('meta').select('value').where('key', '=', GENERATION).executeTakeFirst()
      return Number(row?.value ?? 0)
    },
    async setGeneration(generation: number): Promise<void> {
      const value = String(generation)
      await db
        .insertInto('meta')
        .values({ key: GENERATION, value })
        .onConflict((c) => c.column('key').doUpdateSet({ value }))
        .execute()
    },
    /** Changes that came after a generation, oldest first, but for those that a revision tells of already. */
    async changesAfter(generation: number, upTo = Number.MAX_SAFE_INTEGER): Promise<PendingChange[]> {
      const rows = await db
        .selectFrom('change')
        .selectAll()
        .where('generation', '>', generation)
        .where('generation', '<=', upTo)
        .where('revision', 'is', null)
        .orderBy('generation')
        .execute()
      return rows.map((r) => ({
        generation: r.generation,
        actor: { kind: r.actor_kind, name: r.actor_name },
        words: JSON.parse(r.words) as string[],
        hosts: JSON.parse(r.hosts) as string[],
      }))
    },
    /** Says of changes which revision brought them. */
    async brought(changes: readonly PendingChange[], revision: number): Promise<void> {
      const [first, last] = [changes[0], changes.at(-1)]
      if (!first || !last) return
      await db
        .updateTable('change')
        .set({ revision })
        .where('generation', '>=', first.generation)
        .where('generation', '<=', last.generation)
        .where('revision', 'is', null)
        .execute()
    },
    /** The change that waits to be kept: it and what came after it may not go to the edge for good. Null when none does. */
    async waiting(): Promise<number | null> {
      const row = await db.selectFrom('pending').select('generation').executeTakeFirst()
      return row?.generation ?? null
    },
    async hostsOf(generation: number): Promise<string[]> {
      const row = await db
        .selectFrom('change')
        .select('hosts')
        .where('generation', '=', generation)
        .executeTakeFirst()
      return row ? (JSON.parse(row.hosts) as string[]) : []
    },
    /** Pools that a change was about. */
    async poolsOf(generation: number): Promise<string[]> {
      const rows = await db
        .selectFrom('change_object')
        .select('id')
        .where('generation', '=', generation)
        .where('kind', '=', 'pool')
        .execute()
      return rows.map((row) => row.id)
    },
    all: (): Promise<AppliedRow[]> =>
      db.selectFrom('applied').select(['kind', 'id', 'hash', 'json']).execute(),
    /** How many hosts and pools there are. */
    async count(): Promise<number> {
      const row = await db
        .selectFrom('applied')
        .select((e) => e.fn.countAll<number>().as('n'))
        .where('kind', '<>', 'base')
        .executeTakeFirstOrThrow()
      return row.n
    },
    some: (kind: AppliedKind, ids: readonly string[]): Promise<AppliedRow[]> =>
      db
        .selectFrom('applied')
        .select(['kind', 'id', 'hash', 'json'])
        .where('kind', '=', kind)
        .where('id', 'in', ids)
        .execute(),
    /** What was written after a number of this list, at most so many of it. */
    touchedAfter: (seq: number, limit: number) =>
      db.selectFrom('touched').selectAll().where('seq', '>', seq).orderBy('seq').limit(limit).execute(),
    /** The newest number of the list; 0 while it is empty, as all later ones are higher. */
    async touchedUpTo(): Promise<number> {
      const row = await db
        .selectFrom('touched')
        .select((e) => e.fn.max('seq').as('seq'))
        .executeTakeFirst()
      return row?.seq ?? 0
    },
    async forgetTouched(seq: number): Promise<void> {
      await db.deleteFrom('touched').where('seq', '<=', seq).execute()
    },
    async put(rows: readonly AppliedRow[], at: number): Promise<void> {
      for (let i = 0; i < rows.length; i += ROWS_AT_ONCE) {
        await db
          .insertInto('applied')
          .values(rows.slice(i, i + ROWS_AT_ONCE).map((r) => ({ ...r, at })))
          .onConflict((c) =>
            c.columns(['kind', 'id']).doUpdateSet((e) => ({
              hash: e.ref('excluded.hash'),
              json: e.ref('excluded.json'),
              at: e.ref('excluded.at'),
            })),
          )
          .execute()
      }
    },
    async remove(kind: AppliedKind, ids: readonly string[]): Promise<void> {
      for (let i = 0; i < ids.length; i += ROWS_AT_ONCE) {
        await db
          .deleteFrom('applied')
          .where('kind', '=', kind)
          .where('id', 'in', ids.slice(i, i + ROWS_AT_ONCE))
          .execute()
      }
    },
    troubles: (): Promise<Trouble[]> => db.selectFrom('trouble').selectAll().execute(),
    async setTroubles(troubles: readonly Trouble[]): Promise<void> {
      await db.deleteFrom('trouble').execute()
      for (let i = 0; i < troubles.length; i += ROWS_AT_ONCE)
        await db
          .insertInto('trouble')
          .values(troubles.slice(i, i + ROWS_AT_ONCE))
          .execute()
    },
  }
}
