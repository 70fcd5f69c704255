import type { Settings } from '@argos/contract'
import type { Kysely } from 'kysely'
import type { DB } from '../db/schema.ts'

/** SQL for the one row of settings. Pass a transaction to join it. */
export function settingsStore(db: Kysely<DB>) {
  return {
    async read(): Promise<{ settings: Settings; version: number }> {
      const { json, version } = await db
        .selectFrom('setting')
        .select(['json', 'version'])
        .executeTakeFirstOrThrow()
      return { settings: JSON.parse(json) as Settings, version }
    },
    /** False when somebody else has written since `version`. */
    async write(settings: Settings, version: number): Promise<boolean> {
      const { numUpdatedRows } = await db
        .updateTable('setting')
        .set({ json: JSON.stringify(settings), version: version + 1 })
        .where('version', '=', version)
        .executeTakeFirst()
      return numUpdatedRows === 1n
    },
    /** Whether a host is published under this very name. */
    async nameIsTaken(name: string): Promise<boolean> {
      const row = await db
        .selectFrom('host_domain')
        .select('host_id')
        .where('name', '=', name)
        .executeTakeFirst()
      return row !== undefined
    },
  }
}
