import SQLite from 'better-sqlite3'
import { openDatabase } from '../../src/db/open.ts'

/**
 * Opens the database at argv[2] as the panel does at its start, and is killed just before its argv[3]-th statement.
 * Exits with 0 when it got to the end before that.
 */
const [path = '', at = ''] = process.argv.slice(2)
let left = Number(at)
const count = () => {
  if (--left === 0) process.kill(process.pid, 'SIGKILL')
}
const { prepare, exec } = SQLite.prototype
SQLite.prototype.prepare = function (this: SQLite.Database, ...args: Parameters<typeof prepare>) {
  count()
  return prepare.apply(this, args)
} as typeof prepare
SQLite.prototype.exec = function (this: SQLite.Database, source: string) {
  count()
  return exec.call(this, source)
}

const { close } = await openDatabase(path)
await close()
