import { chmodSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

export interface Lock {
  release(): void
}

/**
 * One launcher per data folder, or one of whatever else `name` stands for. The lock is the operating system's (SQLite's own file locks, the same everywhere), so
 * it dies with its process and never has to be cleaned up. Null when another process still holds it after `waitMs`;
 * a short wait passes over those that only look.
 */
export function takeLock(dataDir: string, waitMs = 0, name = 'argos.lock'): Lock | null {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  const path = join(dataDir, name)
  const file = new DatabaseSync(path)
  try {
    chmodSync(path, 0o600)
    file.exec(`PRAGMA busy_timeout = ${waitMs}`)
    file.exec('BEGIN EXCLUSIVE')
  } catch (err) {
    file.close()
    if (isBusy(err)) return null
    throw err
  }
  return { release: () => file.close() }
}

const isBusy = (err: unknown): boolean => err instanceof Error && 'errcode' in err && err.errcode === 5
