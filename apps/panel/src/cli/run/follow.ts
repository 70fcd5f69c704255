import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

const CHUNK = 64 * 1024

/** The last `count` lines of a file, read from its end; none when it does not exist. */
export function lastLines(path: string, count: number): string[] {
  const fd = open(path)
  if (fd === null || count === 0) return []
  try {
    let at = fstatSync(fd).size
    let text = Buffer.alloc(0)
    while (at > 0 && text.filter((byte) => byte === 0x0a).length <= count) {
      const size = Math.min(CHUNK, at)
      const chunk = Buffer.alloc(size)
      at -= size
      readSync(fd, chunk, 0, size, at)
      text = Buffer.concat([chunk, text])
    }
    return text.toString('utf8').trimEnd().split('\n').slice(-count).filter(Boolean)
  } finally {
    closeSync(fd)
  }
}

/**
 * Hands over each whole line that is added to a file from now on, across rotation and before the file exists. Polls:
 * file events are unreliable on the mounts that data folders live on. Ends with `stop`.
 */
export async function follow(
  path: string,
  onLine: (line: string) => void,
  stop?: AbortSignal,
): Promise<void> {
  const now = statSync(path, { throwIfNoEntry: false })
  let inode = now?.ino
  let at = now?.size ?? 0
  let rest = ''
  while (!stop?.aborted) {
    const fd = open(path)
    if (fd !== null) {
      try {
        const { ino, size } = fstatSync(fd)
        if (ino !== inode || size < at) {
          inode = ino
          at = 0
          rest = ''
        }
        const chunk = Buffer.alloc(Math.max(0, size - at))
        at += readSync(fd, chunk, 0, chunk.length, at)
        const lines = (rest + chunk.toString('utf8')).split('\n')
        rest = lines.pop() ?? ''
        lines.filter(Boolean).forEach(onLine)
      } finally {
        closeSync(fd)
      }
    }
    await sleep(250, undefined, stop ? { signal: stop } : {}).catch(() => 'stopped')
  }
}

function open(path: string): number | null {
  try {
    return openSync(path, 'r')
  } catch (err) {
    if ((err as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw err
  }
}
