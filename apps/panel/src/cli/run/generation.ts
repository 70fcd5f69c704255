import { existsSync } from 'node:fs'
import SQLite from 'better-sqlite3'

/** The newest generation that is saved; 0 before the first change, or the database. */
export function savedGeneration(databasePath: string): number {
  if (!existsSync(databasePath)) return 0
  const sqlite = new SQLite(databasePath, { readonly: true, timeout: 1_000 })
  try {
    const row = sqlite.prepare<[], { generation: number | null }>(
      'select max(generation) as generation from change',
    )
    return row.get()?.generation ?? 0
  } finally {
    sqlite.close()
  }
}
