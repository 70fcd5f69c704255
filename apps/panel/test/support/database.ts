import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Stack } from '@argos/testkit'

/** What SQLite finds wrong with the database's pages and references; empty when it is sound. */
export function databaseFaults(stack: Pick<Stack, 'dataDir'>): string[] {
  const database = new DatabaseSync(join(stack.dataDir, 'argos.db'), { readOnly: true })
  try {
    const found = database
      .prepare('PRAGMA integrity_check')
      .all()
      .map((row) => String(row.integrity_check))
    const foreign = database
      .prepare('PRAGMA foreign_key_check')
      .all()
      .map((row) => JSON.stringify(row))
    return [...found.filter((line) => line !== 'ok'), ...foreign]
  } finally {
    database.close()
  }
}

/** Writes into the database file past the panel, which must not run. */
export function withDatabase(stack: Pick<Stack, 'dataDir'>, write: (db: DatabaseSync) => void): void {
  const database = new DatabaseSync(join(stack.dataDir, 'argos.db'))
  try {
    write(database)
  } finally {
    database.close()
  }
}
