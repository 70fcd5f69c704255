import type { HostInput } from '@argos/contract'
import { type Kysely, type Selectable, sql } from 'kysely'
import type { DB, HostTable } from '../db/schema.ts'

/** A host as it is saved. */
export interface SavedHost extends HostInput {
  readonly id: string
  readonly version: number
  readonly poolName: string
  readonly createdAt: number
  readonly updatedAt: number
}
export interface NameRow {
  readonly name: string
  readonly hostId: string
  readonly hostName: string
}

/** SQLite takes 32,766 values a statement. */
const ROWS_AT_ONCE = 1_000

/** SQL for hosts and nothing else. Pass a transaction to join it. */
export function hostStore(db: Kysely<DB>) {
  const hosts = () =>
    db
      .selectFrom('host')
      .innerJoin('pool', 'pool.id', 'host.pool_id')
      .selectAll('host')
      .select('pool.name as pool_name')
  const domains = () => db.selectFrom('host_domain').selectAll().orderBy('host_id').orderBy('position')
  const insertDomains = async (id: string, names: readonly string[]) => {
    const rows = names.map((name, position) => ({ name, host_id: id, position }))
    await db.insertInto('host_domain').values(rows).execute()
  }

  return {
    /** All hosts by name, in two queries however many there are. */
    async list(): Promise<SavedHost[]> {
      const rows = await hosts().orderBy('host.name').orderBy('host.id').execute()
      return withDomains(rows, await domains().execute())
    },
    /** Every tag in use, in order. */
    async tags(): Promise<string[]> {
      const { rows } = await sql<{ tag: string }>`
        select distinct t.value as tag from host, json_each(host.tags) t`.execute(db)
      return rows.map((row) => row.tag).sort()
    },
    /**
     * Ids of hosts that may have all these lower-case words in their names, pool, tags or note, for who looks closer:
     * most are left out without being read.
     */
    async candidates(words: readonly string[]): Promise<string[]> {
      let query = db.selectFrom('host').innerJoin('pool', 'pool.id', 'host.pool_id').select('host.id')
      // SQLite folds the case of these letters alone, and a tag stands as JSON.
      for (const word of words.filter((w) => /^[a-z0-9.-]+$/.test(w))) {
        const has = `%${word}%`
        query = query.where((e) =>
          e.or([
            e('pool.name', 'like', has),
            e('host.tags', 'like', has),
            e('host.note', 'like', has),
            e('host.id', 'in', e.selectFrom('host_domain').select('host_id').where('name', 'like', has)),
          ]),
        )
      }
      return (await query.execute()).map((row) => row.id)
    },
    async byIds(ids: readonly string[]): Promise<SavedHost[]> {
      const rows = await hosts().where('host.id', 'in', ids).orderBy('host.name').orderBy('host.id').execute()
      return withDomains(rows, await domains().where('host_id', 'in', ids).execute())
    },
    async get(id: string): Promise<SavedHost | undefined> {
      const [host] = await this.byIds([id])
      return host
    },
    async count(): Promise<number> {
      const row = await db
        .selectFrom('host')
        .select((e) => e.fn.countAll<number>().as('n'))
        .executeTakeFirstOrThrow()
      return row.n
    },
    async owners(names: readonly string[]): Promise<NameRow[]> {
      const found: NameRow[] = []
      for (let i = 0; i < names.length; i += ROWS_AT_ONCE) {
        const rows = await db
          .selectFrom('host_domain')
          .innerJoin('host', 'host.id', 'host_domain.host_id')
          .select(['host_domain.name', 'host.id as hostId', 'host.name as hostName'])
          .where('host_domain.name', 'in', names.slice(i, i + ROWS_AT_ONCE))
          .execute()
        found.push(...rows)
      }
      return found
    },
    async insert(id: string, input: HostInput, at: number): Promise<void> {
      await db
        .insertInto('host')
        .values({ id, ...columns(input), version: 1, created_at: at, updated_at: at })
        .execute()
      await insertDomains(id, input.domains)
    },
    /** Writes only over the version that was read; false when somebody was faster. */
    async update(before: SavedHost, input: HostInput, at: number): Promise<boolean> {
      const { numUpdatedRows } = await db
        .updateTable('host')
        .set({ ...columns(input), version: before.version + 1, updated_at: at })
        .where('id', '=', before.id)
        .where('version', '=', before.version)
        .executeTakeFirst()
      if (numUpdatedRows !== 1n) return false
      if (JSON.stringify(before.domains) === JSON.stringify(input.domains)) return true
      await db.deleteFrom('host_domain').where('host_id', '=', before.id).execute()
      await insertDomains(before.id, input.domains)
      return true
    },
    /**
     * State and tags of many hosts that were read in this very transaction, in few statements. Names stay: they have a
     * table of their own.
     */
    async updateLabels(
      edits: readonly { readonly before: SavedHost; readonly after: Pick<HostInput, 'enabled' | 'tags'> }[],
      at: number,
    ): Promise<void> {
      for (let i = 0; i < edits.length; i += ROWS_AT_ONCE) {
        const rows = edits.slice(i, i + ROWS_AT_ONCE).map(({ before, after: { enabled, tags } }) => ({
          ...columns({ ...before, enabled, tags }),
          id: before.id,
          version: before.version + 1,
          created_at: before.createdAt,
          updated_at: at,
        }))
        await db
          .insertInto('host')
          .values(rows)
          .onConflict((c) =>
            c.column('id').doUpdateSet((e) => ({
              enabled: e.ref('excluded.enabled'),
              tags: e.ref('excluded.tags'),
              version: e.ref('excluded.version'),
              updated_at: e.ref('excluded.updated_at'),
            })),
          )
          .execute()
      }
    },
    async remove(id: string): Promise<void> {
      await db.deleteFrom('host').where('id', '=', id).execute()
    },
  }
}

const columns = (input: HostInput) =>
  ({
    name: input.domains[0] ?? '',
    enabled: input.enabled ? 1 : 0,
    tls: input.tls,
    access: JSON.stringify(input.access),
    tags: JSON.stringify(input.tags),
    note: input.note,
    pool_id: input.poolId,
  }) as const

function withDomains(
  rows: readonly (Selectable<HostTable> & { pool_name: string })[],
  domains: readonly { name: string; host_id: string }[],
): SavedHost[] {
  const byHost = Map.groupBy(domains, (d) => d.host_id)
  return rows.map((row) => ({
    id: row.id,
    domains: (byHost.get(row.id) ?? []).map((d) => d.name),
    enabled: row.enabled === 1,
    tls: row.tls,
    access: JSON.parse(row.access),
    tags: JSON.parse(row.tags),
    note: row.note,
    poolId: row.pool_id,
    poolName: row.pool_name,
    version: row.version,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }))
}
