import type { Me } from '@argos/contract'
import { type Kysely, sql } from 'kysely'
import type { DB } from '../db/schema.ts'

export const RECOVERY_SHEET_DONE = 'recovery_sheet_done_at'

/** What is still to be done after the installation, in the order of the setup pages. */
export async function pendingOf(db: Kysely<DB>): Promise<Me['pending']> {
  const { rows } = await sql<{ sheet: 0 | 1; domain: 0 | 1; host: 0 | 1 }>`select
    exists (select 1 from meta where key = ${RECOVERY_SHEET_DONE}) as sheet,
    exists (select 1 from setting where json ->> 'panelDomain' <> '') as domain,
    exists (select 1 from host) as host`.execute(db)
  const done = rows[0]
  return [
    ...(done?.sheet ? [] : (['recovery_sheet'] as const)),
    ...(done?.domain ? [] : (['panel_domain'] as const)),
    ...(done?.host ? [] : (['first_host'] as const)),
  ]
}
