import type { Access, Clause, Rules } from '@argos/contract'
import { type Kysely, sql } from 'kysely'
import type { DB } from '../db/schema.ts'

/** What the gate's side of the panel needs to know of a host. */
export interface Door {
  readonly id: string
  readonly name: string
  readonly names: readonly string[]
  readonly access: Access
}

const LABEL = /^[a-z0-9_-]+$/

/** SQL for hosts that people sign in to: enabled ones, over HTTPS, as our cookies go over nothing else. */
export function doorStore(db: Kysely<DB>) {
  const doors = () =>
    db
      .selectFrom('host')
      .innerJoin('host_domain', 'host_domain.host_id', 'host.id')
      .where('host.enabled', '=', 1)
      .where('host.tls', '<>', 'none')
  const byId = async (id: string): Promise<Door | null> => {
    const rows = await doors()
      .select(['host_domain.name', 'host.access'])
      .where('host.id', '=', id)
      .orderBy('host_domain.position')
      .execute()
    const [first] = rows
    if (first === undefined) return null
    const names = rows.map((row) => row.name)
    return { id, name: first.name, names, access: JSON.parse(first.access) as Access }
  }
  return {
    byId,
    /** The host, when its app wants to be told in a signed word who it is. */
    async asserting(id: string): Promise<Door | null> {
      const row = await db
        .selectFrom('host')
        .select('id')
        .where('id', '=', id)
        .where(sql`access ->> 'assertion'`, '=', 1)
        .executeTakeFirst()
      return row ? byId(id) : null
    },
    /** The host that answers a name, by itself or by a wildcard, as the edge finds it (apps/edge/live/lookup.go). */
    async byName(name: string): Promise<Door | null> {
      if (name.startsWith('*')) return null
      const dot = name.indexOf('.')
      // A label and nothing else: `evil/.example.com` ends as the wildcard does, and is another address in a URL.
      const wildcards = LABEL.test(name.slice(0, Math.max(0, dot))) ? [`*${name.slice(dot)}`] : []
      const rows = await db
        .selectFrom('host_domain')
        .select(['name', 'host_id'])
        .where('name', 'in', [name, ...wildcards])
        .execute()
      // One that is paused answers its name all the same, with a 404.
      const row = rows.find((one) => one.name === name) ?? rows[0]
      return row ? byId(row.host_id) : null
    },
    /** Clauses of policies, by id. */
    async rules(ids: readonly string[]): Promise<ReadonlyMap<string, readonly Clause[]>> {
      const rows = await db.selectFrom('policy').select(['id', 'rules']).where('id', 'in', ids).execute()
      return new Map(rows.map(({ id, rules }) => [id, (JSON.parse(rules) as Rules).any]))
    },
    async groupsOf(userId: string): Promise<readonly string[]> {
      const rows = await db
        .selectFrom('group_member')
        .select('group_id')
        .distinct()
        .where('user_id', '=', userId)
        .execute()
      return rows.map((row) => row.group_id)
    },
    async panelDomain(): Promise<string> {
      const row = await db.selectFrom('setting').select('json').executeTakeFirst()
      const { panelDomain = '' } = row ? (JSON.parse(row.json) as { panelDomain?: string }) : {}
      return panelDomain
    },
  }
}
