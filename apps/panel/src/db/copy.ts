import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import type SQLite from 'better-sqlite3'

/**
 * A copy of the database as it is now, 0600, on the disk when this returns; one that is there stays. It has its name
 * only when it is whole: half of one must never pass for a copy.
 */
export function keepCopy(sqlite: SQLite.Database, copy: string): void {
  if (existsSync(copy)) return
  const half = `${copy}.new`
  rmSync(half, { force: true })
  closeSync(openSync(half, 'ax', 0o600))
  sqlite.prepare('vacuum into ?').run(half)
  // SQLite leaves this to the caller (lang_vacuum.html, "VACUUM with an INTO clause").
  sync(half)
  renameSync(half, copy)
  sync(dirname(copy))
}

function sync(path: string): void {
  const file = openSync(path, 'r')
  try {
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}
