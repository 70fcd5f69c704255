import type { CaddyChange, Revision } from '@argos/contract'
import { type Kysely, type Selectable, sql } from 'kysely'
import type { DB, RevisionTable } from '../db/schema.ts'

export type NewRevision = Omit<Revision, 'number'> & {
  /** What changed at the edge: `{kind, id, before, after}` each, null where there was or is nothing. */
  readonly changes: readonly unknown[]
}
/** One object of the edge's configuration; null where there was or is none. */
export type EdgeChange = Omit<CaddyChange, 'name'>
export interface RevisionQuery {
  readonly before?: number | undefined
  readonly host?: string | undefined
  readonly limit: number
}

/** SQL for revisions: what went live, or failed to. */
export function revisionStore(db: Kysely<DB>) {
  return {
    async insert({
      at,
      actor,
      words,
      kind,
      outcome,
      error,
      generation,
      hosts,
      changes,
      tookMs,
    }: NewRevision) {
      const row = {
        at,
        actor_kind: actor.kind,
        actor_name: actor.name,
        words: JSON.stringify(words),
        kind,
        outcome,
        error,
        generation,
        hosts: JSON.stringify(hosts),
        changes: JSON.stringify(changes),
        took_ms: tookMs,
      }
      return (await db.insertInto('revision').values(row).returning('number').executeTakeFirstOrThrow())
        .number
    },
    async setHosts(number: number, hosts: Revision['hosts']): Promise<void> {
      await db
        .updateTable('revision')
        .set({ hosts: JSON.stringify(hosts) })
        .where('number', '=', number)
        .execute()
    },
    /** Writes into a revision what was seen of its hosts, by name. */
    async saw(revision: number, seen: ReadonlyMap<string, string>): Promise<void> {
      const row = await db
        .selectFrom('revision')
        .select('hosts')
        .where('number', '=', revision)
        .executeTakeFirst()
      if (!row) return
      const hosts = (JSON.parse(row.hosts) as Revision['hosts']).map((host) => ({
        ...host,
        probe: seen.get(host.name) ?? host.probe,
      }))
      await db
        .updateTable('revision')
        .set({ hosts: JSON.stringify(hosts) })
        .where('number', '=', revision)
        .execute()
    },
    /** How one that waited to be kept ended. */
    async end(number: number, outcome: 'live' | 'returned', error: string | null): Promise<void> {
      await db.updateTable('revision').set({ outcome, error }).where('number', '=', number).execute()
    },
    /** The revision that comes back when the next one does not stay. */
    async lastLive(): Promise<number | null> {
      const row = await db
        .selectFrom('revision')
        .select('number')
        .where('outcome', 'in', ['live', 'refused'])
        .orderBy('number', 'desc')
        .limit(1)
        .executeTakeFirst()
      return row?.number ?? null
    },
    async one(number: number): Promise<Revision | null> {
      const row = await db
        .selectFrom('revision')
        .select(shown)
        .where('number', '=', number)
        .executeTakeFirst()
      return row ? viewOf(row) : null
    },
    /** What it changed at the edge. */
    async atEdge(number: number): Promise<EdgeChange[]> {
      const row = await db
        .selectFrom('revision')
        .select('changes')
        .where('number', '=', number)
        .executeTakeFirst()
      return row ? (JSON.parse(row.changes) as EdgeChange[]) : []
    },
    async last(): Promise<Revision | null> {
      const row = await db
        .selectFrom('revision')
        .select(shown)
        .orderBy('number', 'desc')
        .limit(1)
        .executeTakeFirst()
      return row ? viewOf(row) : null
    },
    async list({ before, host, limit }: RevisionQuery): Promise<Revision[]> {
      let query = db.selectFrom('revision').select(shown).orderBy('number', 'desc').limit(limit)
      if (before !== undefined) query = query.where('number', '<', before)
      if (host !== undefined)
        query = query.where(
          sql<boolean>`exists (select 1 from json_each(revision.hosts) h where h.value ->> 'id' = ${host})`,
        )
      return (await query.execute()).map(viewOf)
    },
  }
}

/** All but the JSON of what changed, which can be large. */
const shown = [
  'number',
  'at',
  'actor_kind',
  'actor_name',
  'words',
  'kind',
  'outcome',
  'error',
  'generation',
  'hosts',
  'took_ms',
] as const

const viewOf = (row: Pick<Selectable<RevisionTable>, (typeof shown)[number]>): Revision => ({
  number: row.number,
  at: row.at,
  actor: { kind: row.actor_kind as Revision['actor']['kind'], name: row.actor_name },
  words: JSON.parse(row.words) as string[],
  kind: row.kind,
  outcome: row.outcome,
  error: row.error,
  generation: row.generation,
  hosts: JSON.parse(row.hosts) as Revision['hosts'],
  tookMs: row.took_ms,
})
