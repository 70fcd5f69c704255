import { readdirSync, readFileSync } from 'node:fs'

const VARIABLE = 'TEST_RUN_MARK'

/** Marks this process's environment: everything started from now on inherits it, however far down. */
export function mark(value: string): void {
  process.env[VARIABLE] = value
}

export interface Stray {
  readonly pid: number
  readonly command: string
}

const read = (path: string): string => {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return '' // gone meanwhile, or another system
  }
}

/** Processes that carry the mark and still run, except this one. Linux only; none elsewhere. */
export function leftBehind(value: string): Stray[] {
  let pids: string[]
  try {
    pids = readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))
  } catch {
    return []
  }
  return pids
    .filter((pid) => Number(pid) !== process.pid)
    .filter((pid) => read(`/proc/${pid}/environ`).split('\0').includes(`${VARIABLE}=${value}`))
    .map((pid) => ({ pid: Number(pid), command: read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').trim() }))
    .filter(({ command }) => command !== '')
}

/** Kills them, and those they start meanwhile. */
export async function endLeftBehind(value: string): Promise<void> {
  for (let left = leftBehind(value); left.length > 0; left = leftBehind(value)) {
    for (const { pid } of left) {
      try {
        process.kill(pid, 'SIGKILL')
      } catch (err) {
        if ((err as NodeJS.ErrnoException).code !== 'ESRCH') throw err
      }
    }
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
