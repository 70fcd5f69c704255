import { randomBytes } from 'node:crypto'
import { closeSync, existsSync, fchmodSync, fsyncSync, openSync, writeSync } from 'node:fs'
import { exitCode, Refusal } from '../verb.ts'

const words = `# Argos' settings; docs/operations.md explains every name. Keep this file to yourself.
#
# The master key encrypts the secrets in the database. A copy of data/ without it cannot be read, by nobody, so keep a
# second copy of the key away from this machine: \`./argos recovery-sheet\` prints one.
`

/** Whether the environment names a master key, here or in a file. */
export const hasKey = (env: Readonly<Record<string, string | undefined>>): boolean =>
  (env.ARGOS_MASTER_KEY ?? '') !== '' || (env.ARGOS_MASTER_KEY_FILE ?? '') !== ''

/**
 * Writes a fresh 256-bit master key to `.env` (0600) when there is none anywhere: a new file, or one more line in a
 * file that lacks it. Never touches a key that is there. Returns what was done, in words, or null.
 *
 * A database without its key is not given another one: what it encrypts would be lost without a word.
 */
export function ensureKey(
  env: Readonly<Record<string, string | undefined>>,
  path: string,
  database: string,
): string | null {
  if (hasKey(env)) return null
  if (existsSync(database)) {
    throw new Refusal(
      `The database ${database} exists, but its master key does not: ARGOS_MASTER_KEY is missing from ${path}.`,
      'Put the key of your recovery sheet back: a line `ARGOS_MASTER_KEY=<64 hex digits>`.',
      exitCode.config,
    )
  }
  const line = `ARGOS_MASTER_KEY=${randomBytes(32).toString('hex')}\n`
  const there = existsSync(path)
  const file = openSync(path, there ? 'a' : 'wx', 0o600)
  try {
    // Somebody's own file may be open to all; from now on it holds the key.
    fchmodSync(file, 0o600)
    writeSync(file, (there ? '\n' : '') + words + line)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  if (there) return `Added a fresh master key to ${path}.`
  return `Wrote ${path} with a fresh master key, which encrypts the secrets in the database.`
}
