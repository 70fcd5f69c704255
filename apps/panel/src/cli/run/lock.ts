import { closeSync, constants, fchmodSync, lstatSync, mkdirSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Refusal } from '../verb.ts'

export interface Lock {
  release(): void
}

/**
 * One launcher per data folder, or one of whatever else `name` stands for. The lock is the operating system's (SQLite's
 * own file locks, the same everywhere), so it dies with its process and never has to be cleaned up. Null when another
 * process still holds it after `waitMs`; a short wait passes over those that only look.
 */
export function takeLock(dataDir: string, waitMs = 0, name = 'argos.lock'): Lock | null {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  const path = join(dataDir, name)
  makeFile(path)
  const file = new DatabaseSync(path)
  try {
    file.exec(`PRAGMA busy_timeout = ${waitMs}`)
    file.exec('BEGIN EXCLUSIVE')
  } catch (err) {
    file.close()
    if (isBusy(err)) return null
    throw err
  }
  return { release: () => file.close() }
}

/**
 * The file, for its owner alone. Root takes locks in folders of others, where a link must not lead to a file of its own.
 * One that is fit is not opened here: to close it would let go of a lock that this process has.
 */
function makeFile(path: string): void {
  const { O_RDWR, O_CREAT, O_NOFOLLOW } = constants
  const there = lstatSync(path, { throwIfNoEntry: false })
  if (there?.isFile() && (there.mode & 0o777) === 0o600) return
  try {
    const file = openSync(path, O_RDWR | O_CREAT | O_NOFOLLOW, 0o600)
    try {
      fchmodSync(file, 0o600)
    } finally {
      closeSync(file)
    }
  } catch (err) {
    if ((err as NodeJS.ErrnoException).code !== 'ELOOP') throw err
    throw new Refusal(`${path} is a link, and a lock is none.`, 'Remove it, then try again.')
  }
}

const isBusy = (err: unknown): boolean => err instanceof Error && 'errcode' in err && err.errcode === 5
