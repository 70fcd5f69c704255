import { cpSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { Config } from '../../config.ts'
import { runningInstance } from '../run/instance.ts'
import { leftovers } from '../run/leftovers.ts'
import { type Lock, takeLock } from '../run/lock.ts'
import { movedMarker } from '../run/moved.ts'
import { Refusal } from '../verb.ts'
import { type Accounts, give } from './accounts.ts'
import { at, type Target } from './places.ts'

/** What each start makes anew, or belongs to the processes of the old place. */
const leftBehind = /^(run|edge|caddy|logs|.*\.lock(-journal)?|argos\.db-shm)$/

/** Whether the checkout's data is to become the service's: it has some, and the service has none. */
export const adopts = (from: Config, target: Target): boolean =>
  existsSync(from.databasePath) && !existsSync(target.path(join(at.panelData, 'argos.db')))

/** Keeps everybody away from a data folder that is being copied. Throws when somebody uses it. */
export async function lockData(from: Config): Promise<Lock> {
  const instance = runningInstance(from)
  const [left] = await leftovers(from)
  if (instance || left) {
    const who = instance ? `\`./argos up\` (pid ${instance.pid})` : `an ${left?.what} (pid ${left?.pid})`
    throw new Refusal(
      `${who} uses the data folder ${from.dataDir}, which the service is to take over.`,
      '`./argos down` stops it; then install again.',
    )
  }
  const locks = ['argos.lock', 'panel.lock'].map((name) => takeLock(from.dataDir, 1_000, name))
  const release = () => {
    for (const lock of locks) lock?.release()
  }
  if (locks.every((lock) => lock !== null)) return { release }
  release()
  throw new Refusal(`Somebody uses the data folder ${from.dataDir}.`, 'Stop it, then install again.')
}

/**
 * Copies what `./argos up` has made: database, certificates, logs. The database comes last and under its name at once,
 * so that a copy that was cut off is made again. What the edge serves is not copied; the panel tells it anew.
 */
export function adopt(from: Config, target: Target, accounts: Accounts): void {
  const panel = target.path(at.panelData)
  const edge = target.path(at.edgeData)
  const logs = target.path(at.logs)
  for (const folder of [panel, edge, logs]) mkdirSync(folder, { recursive: true })
  const copy = (source: string, to: string) =>
    cpSync(source, to, { recursive: true, preserveTimestamps: true, verbatimSymlinks: true })

  const database = basename(from.databasePath)
  const files = readdirSync(from.dataDir).filter((name) => !leftBehind.test(name) && name !== movedMarker)
  // A log without its database would be taken for another's.
  rmSync(join(panel, `${database}-wal`), { force: true })
  for (const name of files.filter((f) => f !== database)) copy(join(from.dataDir, name), join(panel, name))
  if (existsSync(join(from.edgeDir, 'caddy'))) copy(join(from.edgeDir, 'caddy'), join(edge, 'caddy'))
  for (const name of existsSync(from.logDir) ? readdirSync(from.logDir) : []) {
    if (/^(edge|access)\b/.test(name) && !name.startsWith('edge-console'))
      copy(join(from.logDir, name), join(logs, name))
  }
  copy(from.databasePath, join(panel, `${database}.new`))
  give(panel, accounts.panel, accounts.group)
  give(edge, accounts.edge, accounts.group)
  give(logs, accounts.edge, accounts.group)
  renameSync(join(panel, `${database}.new`), join(panel, database))
}

/** From now on `./argos up` refuses this folder: it would go on from an old state, beside the service. */
export function markMoved(from: Config): void {
  const words = `On ${new Date().toISOString()} all of this became the data of the Argos service, in ${at.state}.
This folder is the copy of that moment, and is no longer used. Remove it once the service is what you want.
To go back to it, without what changed since: \`argos service remove\`, and delete this file.
`
  writeFileSync(join(from.dataDir, movedMarker), words, { mode: 0o600 })
}
