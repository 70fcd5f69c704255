import type { SqliteDatabase, SqliteStatement } from 'kysely'

/** Statements that are kept; lists of ids make texts of many lengths, so there is a bound. */
const KEPT = 300
/** A list of thousands is seldom as long again, and what SQLite makes of it is large. */
const LONGEST = 10_000
/** The rest begins and ends transactions or changes the schema. */
const REPEATED = /^(select|insert|update|delete|with)\b/i

/** The same database, which parses each text once and not at each call: an edit takes some fifty statements. */
export function keepingStatements(database: SqliteDatabase): SqliteDatabase {
  const kept = new Map<string, SqliteStatement>()
  return {
    close: () => database.close(),
    prepare: (sql) => {
      const known = kept.get(sql)
      if (known) {
        // The one used last stands last.
        kept.delete(sql)
        kept.set(sql, known)
        return known
      }
      const statement = database.prepare(sql)
      if (sql.length > LONGEST || !REPEATED.test(sql)) return statement
      kept.set(sql, statement)
      const [oldest] = kept.keys()
      if (kept.size > KEPT && oldest !== undefined) kept.delete(oldest)
      return statement
    },
  }
}
