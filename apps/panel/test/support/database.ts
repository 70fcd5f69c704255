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

/** Every row of every table but some, as text: what nothing was written to reads the same. */
export function databaseRows(stack: Pick<Stack, 'dataDir'>, except: readonly string[] = []): string {
  const database = new DatabaseSync(join(stack.dataDir, 'argos.db'), { readOnly: true })
  try {
    const tables = database.prepare("select name from sqlite_master where type = 'table' order by name").all()
    const names = tables.map(({ name }) => String(name)).filter((name) => !except.includes(name))
    return JSON.stringify(names.map((name) => [name, database.prepare(`select * from "${name}"`).all()]))
  } finally {
    database.close()
  }
}
