import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { takeLock } from './lock.ts'

/** What a running launcher tells other verbs about itself. */
export interface Instance {
  readonly pid: number
  readonly startedAt: number
  readonly panelUrl: string
  readonly ports: { readonly http: number; readonly https: number; readonly panel: number }
  readonly panelBind: string
  readonly detached: boolean
  /** Whether the first apply went through: false while starting. */
  readonly ready: boolean
}

const fileOf = (runDir: string) => join(runDir, 'instance.json')

export function writeInstance(runDir: string, instance: Instance): void {
  const path = fileOf(runDir)
  writeFileSync(`${path}.new`, JSON.stringify(instance), { mode: 0o600 })
  renameSync(`${path}.new`, path)
}

export const removeInstance = (runDir: string): void => rmSync(fileOf(runDir), { force: true })

/** The running launcher of this data folder, or null. A file left by one that was killed does not count. */
export function runningInstance(places: { dataDir: string; runDir: string }): Instance | null {
  let instance: Instance
  try {
    instance = JSON.parse(readFileSync(fileOf(places.runDir), 'utf8')) as Instance
  } catch (err) {
    if ((err as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw err
  }
  const lock = takeLock(places.dataDir)
  lock?.release()
  return lock ? null : instance
}
