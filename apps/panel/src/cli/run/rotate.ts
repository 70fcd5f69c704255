import { copyFileSync, renameSync, rmSync, statSync, truncateSync } from 'node:fs'

const KEEP = 5

/**
 * Copies a log aside (`x.log.1` … `x.log.5`, oldest dropped) and empties it when it has grown past `limitBytes`. The
 * writers append and keep the file open, so it is emptied in place.
 */
export function rotate(path: string, limitBytes = 20 * 1024 * 1024): void {
  const exists = (file: string) => statSync(file, { throwIfNoEntry: false })
  if ((exists(path)?.size ?? 0) < limitBytes) return
  rmSync(`${path}.${KEEP}`, { force: true })
  for (let n = KEEP - 1; n >= 1; n--)
    if (exists(`${path}.${n}`)) renameSync(`${path}.${n}`, `${path}.${n + 1}`)
  copyFileSync(path, `${path}.1`)
  truncateSync(path)
}
