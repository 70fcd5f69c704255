import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'

/** An engine that was killed leaves the namespaces of its containers mounted, and its folder cannot be removed. */
export function unmountBelow(folder: string): void {
  if (!existsSync('/proc/mounts')) return
  const mounts = readFileSync('/proc/mounts', 'utf8').split('\n')
  const below = mounts
    .flatMap((line) => line.split(' ')[1] ?? [])
    .filter((at) => `${at}/`.startsWith(`${folder}/`))
  if (below.length > 0) spawnSync('umount', ['--lazy', ...below.reverse()])
}
