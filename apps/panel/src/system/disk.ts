import { statfsSync } from 'node:fs'

export function freeBytes(folder: string): number | null {
  try {
    const { bavail, bsize } = statfsSync(folder)
    return bavail * bsize
  } catch {
    return null // not a file system that says
  }
}

/** File systems on which SQLite's write-ahead log loses or garbles what was saved (statfs(2), linux/magic.h). */
const unsafe: ReadonlyMap<number, string> = new Map([
  [0x6969, 'NFS'],
  [0x517b, 'SMB'],
  [0xfe534d42, 'SMB'],
  [0xff534d42, 'CIFS'],
  [0x01021997, '9p, a folder of the host in a virtual machine'],
  [0x65735546, 'FUSE, which virtiofs and many mounts of other machines are'],
  [0x786f4256, 'a shared folder of VirtualBox'],
  [0x5346414f, 'AFS'],
  [0x00c36400, 'Ceph'],
])

/** What the data folder should not lie on, in words; null when it is fine, or when the system does not say. */
export function unsafeFileSystem(folder: string, type = typeOf(folder)): string | null {
  return (type === null ? null : unsafe.get(type)) ?? null
}

export const UNSAFE_REMEDY =
  'Move it to a disk of this machine, in Docker to a named volume: SQLite needs shared memory and locks that work.'

function typeOf(folder: string): number | null {
  if (process.platform !== 'linux') return null
  try {
    // The kernel's number is 32 bits, which some machines hand over with a sign.
    return statfsSync(folder).type >>> 0
  } catch {
    return null
  }
}
