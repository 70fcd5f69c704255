import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

/** A process as an operator would look for it. `command` is its whole command line. */
export interface Process {
  readonly pid: number
  readonly name: string
  readonly command: string
}

/** Sockets are known by inode, processes by what their descriptors point to: Linux only, empty elsewhere. */
const read = (path: string): string => {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return '' // gone meanwhile, not ours to read, or another system
  }
}

const LISTEN = '0A'

/** Inodes of the TCP sockets that listen on a port, whatever their address. */
export function listeningInodes(
  port: number,
  tables = [read('/proc/net/tcp'), read('/proc/net/tcp6')],
): Set<string> {
  const wanted = port.toString(16).toUpperCase().padStart(4, '0')
  const rows = tables.flatMap((table) => table.split('\n').slice(1)).map((row) => row.trim().split(/\s+/))
  return new Set(
    rows.flatMap(([, local, , state, , , , , , inode]) =>
      state === LISTEN && local?.split(':')[1] === wanted && inode ? [inode] : [],
    ),
  )
}

/** Inodes of the unix sockets bound to a path. */
export function unixInodes(path: string, table = read('/proc/net/unix')): Set<string> {
  const rows = table
    .split('\n')
    .slice(1)
    .map((row) => row.trim().split(/\s+/))
  return new Set(rows.flatMap(([, , , , , , inode, bound]) => (bound === path && inode ? [inode] : [])))
}

/** The processes that hold one of these sockets, as far as this user may see. */
export function holders(inodes: ReadonlySet<string>): Process[] {
  if (inodes.size === 0) return []
  const wanted = new Set([...inodes].map((inode) => `socket:[${inode}]`))
  return allPids().flatMap((pid) =>
    descriptors(pid).some((target) => wanted.has(target)) ? [describe(pid)] : [],
  )
}

export function describe(pid: number): Process {
  const name = read(`/proc/${pid}/comm`).trim()
  const command = read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').trim()
  return { pid, name: name || 'unknown', command: command || name }
}

/** All processes this user may see whose arguments satisfy the predicate. */
export const processesWhere = (matches: (args: readonly string[]) => boolean): Process[] =>
  allPids().flatMap((pid) => {
    const args = read(`/proc/${pid}/cmdline`).split('\0').slice(0, -1)
    return args.length > 0 && matches(args) ? [describe(pid)] : []
  })

/** Whether a process exists, whoever's it is. */
export function alive(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch (err) {
    return (err as NodeJS.ErrnoException).code === 'EPERM'
  }
  // A child that ended and was not waited for is no longer anybody.
  return !/^State:\s+Z/m.test(read(`/proc/${pid}/status`))
}

function allPids(): number[] {
  try {
    return readdirSync('/proc')
      .filter((entry) => /^\d+$/.test(entry))
      .map(Number)
  } catch {
    return []
  }
}

function descriptors(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).map((fd) => {
      try {
        return readlinkSync(`/proc/${pid}/fd/${fd}`)
      } catch {
        return ''
      }
    })
  } catch {
    return []
  }
}
