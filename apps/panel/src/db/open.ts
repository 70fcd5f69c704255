import { chmodSync, closeSync, openSync } from 'node:fs'
import SQLite from 'better-sqlite3'
import { Kysely } from 'kysely'
import { Migrator } from 'kysely/migration'
import { keepCopy } from './copy.ts'
import { ArgosDialect } from './dialect.ts'
import { migrations } from './migrations/index.ts'
import type { DB } from './schema.ts'
import { keepingStatements } from './statements.ts'

/** SQLite waits in the thread that serves requests, so it waits briefly; callers get 503 and try again. */
const BUSY_MS = 150
/** The command line keeps nobody waiting but its own user, and the panel may be writing down thousands of hosts. */
export const PATIENT_MS = 10_000

export interface Database {
  readonly db: Kysely<DB>
  readonly path: string
  /** The newest migration, as in `0001-skeleton`. */
  readonly schema: string
  close(): Promise<void>
}

/** The database cannot be used as it is. The message says why and what to do. */
export class DatabaseRefusal extends Error {
  override readonly name = 'DatabaseRefusal'
}

/**
 * Opens the database for reading and writing, 0600, durable (`synchronous=FULL`), and brings its schema up to date; a
 * copy from before stands beside it. A database made by a newer version is refused.
 */
export async function openDatabase(path: string, { busyMs = BUSY_MS } = {}): Promise<Database> {
  const memory = path === ':memory:'
  if (!memory) {
    // The -wal and -shm files take their mode from this one.
    closeSync(openSync(path, 'a', 0o600))
    chmodSync(path, 0o600)
  }
  const sqlite = new SQLite(path, { timeout: busyMs })
  try {
    sqlite.pragma('journal_mode = WAL')
    sqlite.pragma('synchronous = FULL')
    sqlite.pragma('foreign_keys = ON')
    const schema = await migrate(
      new Kysely<DB>({ dialect: new ArgosDialect({ database: sqlite }) }),
      sqlite,
      path,
    )
    // Only now: statements that are kept belong to the schema there is.
    const db = new Kysely<DB>({ dialect: new ArgosDialect({ database: keepingStatements(sqlite) }) })
    return { db, path, schema, close: () => db.destroy() }
  } catch (err) {
    sqlite.close()
    throw err
  }
}

async function migrate(db: Kysely<DB>, sqlite: SQLite.Database, path: string): Promise<string> {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => ({ ...migrations }) } })
  const names = Object.keys(migrations).sort()
  const newest = names.at(-1) ?? ''
  const done = executed(sqlite)
  const unknown = done.find((name) => !names.includes(name))
  if (unknown !== undefined) {
    throw new DatabaseRefusal(
      `The database ${path} was made by a newer version of Argos (${unknown}). Start that version, or restore a backup made by this one.`,
    )
  }
  if (done.length === names.length) return newest
  if (done.length > 0 && path !== ':memory:') keepCopy(sqlite, `${path}.before-${newest}`)
  const { error, results } = await migrator.migrateToLatest()
  if (error !== undefined) {
    const failed = results?.find((r) => r.status === 'Error')?.migrationName ?? newest
    throw new Error(`The database could not be brought up to date: ${failed} failed.`, { cause: error })
  }
  return newest
}

function executed(sqlite: SQLite.Database): string[] {
  const table = sqlite.prepare("select 1 from sqlite_master where name = 'kysely_migration'").get()
  if (table === undefined) return []
  return sqlite
    .prepare<[], { name: string }>('select name from kysely_migration')
    .all()
    .map((row) => row.name)
}
