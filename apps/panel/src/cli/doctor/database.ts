import { existsSync } from 'node:fs'
import SQLite from 'better-sqlite3'
import { Kysely } from 'kysely'
import { auditService } from '../../audit/audit.service.ts'
import { systemClock } from '../../clock.ts'
import { ArgosDialect } from '../../db/dialect.ts'
import { migrations } from '../../db/migrations/index.ts'
import type { DB } from '../../db/schema.ts'
import { checkKey } from '../../secrets.ts'
import { bad, type Finding, ok, warning } from './finding.ts'

export interface DatabaseFindings {
  readonly findings: readonly Finding[]
  /** When something was written down last. */
  readonly newest: number | null
}

/** Looks at the database without changing it. `masterKey` is null when the configuration has none that is usable. */
export async function database(path: string, masterKey: Buffer | null): Promise<DatabaseFindings> {
  if (!existsSync(path)) {
    return { findings: [ok('Database', 'not made yet; the first start makes it')], newest: null }
  }
  let sqlite: SQLite.Database
  try {
    sqlite = new SQLite(path, { readonly: true, timeout: 2_000 })
    sqlite.prepare('select 1 from sqlite_master').get()
  } catch (err) {
    const words = `${path} cannot be opened: ${(err as Error).message}`
    return { findings: [bad('Database', words, 'Restore it from a backup.')], newest: null }
  }
  const db = new Kysely<DB>({ dialect: new ArgosDialect({ database: sqlite }) })
  try {
    const version = schema(sqlite)
    const findings = [integrity(sqlite), version]
    // Tables are only asked when they are the ones we know.
    if (version.level === 'bad') return { findings, newest: null }
    return { findings: [...findings, await trail(db), await key(db, masterKey)], newest: await newest(db) }
  } finally {
    sqlite.close()
  }
}

function integrity(sqlite: SQLite.Database): Finding {
  const rows = sqlite.prepare<[], { integrity_check: string }>('pragma integrity_check(3)').all()
  const said = rows.map((row) => row.integrity_check).join('; ')
  const strays = sqlite.prepare('pragma foreign_key_check').all().length
  if (said !== 'ok')
    return bad('Database', `it is damaged: ${said}`, 'Stop Argos and restore it from a backup.')
  if (strays > 0) return bad('Database', `${strays} rows refer to what is gone`, 'Restore it from a backup.')
  return ok('Database', 'whole')
}

function schema(sqlite: SQLite.Database): Finding {
  const known = Object.keys(migrations)
  const table = sqlite.prepare("select 1 from sqlite_master where name = 'kysely_migration'").get()
  const done = table
    ? sqlite
        .prepare<[], { name: string }>('select name from kysely_migration order by name')
        .all()
        .map((row) => row.name)
    : []
  const later = done.find((name) => !known.includes(name))
  if (later !== undefined) {
    return bad(
      'Schema',
      `a newer version of Argos made it (${later})`,
      'Start that version, or restore a backup.',
    )
  }
  return done.length === known.length
    ? ok('Schema', done.at(-1) ?? '')
    : bad('Schema', 'it is older than this version', 'Start Argos: it brings it up to date and keeps a copy.')
}

async function trail(db: Kysely<DB>): Promise<Finding> {
  const { ok: whole, checked, brokenAt } = await auditService({ db, clock: systemClock }).verify()
  return whole
    ? ok('Audit trail', `${checked} entries, unbroken`)
    : bad(
        'Audit trail',
        `entry ${brokenAt} is not what was written`,
        'Somebody changed the database by hand; compare it with a backup.',
      )
}

async function key(db: Kysely<DB>, masterKey: Buffer | null): Promise<Finding> {
  if (masterKey === null) {
    return bad(
      'Master key',
      'there is none that can be used',
      'Put the key of your recovery sheet into .env as ARGOS_MASTER_KEY.',
    )
  }
  const found = await checkKey(db, masterKey)
  if (found === 'different') {
    return bad(
      'Master key',
      'it is not the one this database was made with',
      'Put the key of your recovery sheet into .env as ARGOS_MASTER_KEY.',
    )
  }
  return found === 'same'
    ? ok('Master key', 'fits the database')
    : warning('Master key', 'the database does not know it yet', 'Start Argos once.')
}

async function newest(db: Kysely<DB>): Promise<number | null> {
  const row = await db
    .selectFrom('audit')
    .select((eb) => eb.fn.max('at').as('at'))
    .executeTakeFirst()
  return row?.at ?? null
}
