import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

/** Where a program of this name stands on the PATH, or null. */
export function findProgram(name: string, extra: readonly string[] = []): string | null {
  const folders = [...(process.env.PATH ?? '').split(delimiter), ...extra]
  return folders.map((folder) => join(folder, name)).find(isExecutable) ?? null
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** Programs that tests need and a machine may lack: `describe.skipIf(!tools.pebble)`. */
export const tools = {
  chromium: findProgram('chromium', ['/usr/bin']) ?? findProgram('google-chrome'),
  pebble: findProgram('pebble') && findProgram('pebble-challtestsrv') ? findProgram('pebble') : null,
} as const
