import { createHash } from 'node:crypto'
import { chmod, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Places } from '@argos/caddy'

/** What stands firm of the places, and the folder where the edge reads what the panel writes for it: the data folder unless told. */
export type FirmPlaces = Omit<Places, 'acmeRootFile'> & { readonly sharedDir?: string }
export const sharedFolder = ({ sharedDir, dataDir }: FirmPlaces): string => sharedDir ?? dataDir

const NAME = /^acme-root-[0-9a-f]{12}\.pem$/
/** The edge may boot from the configuration before this one, which names an older file. */
const KEPT = 4

/**
 * Where the CA of the ACME directory stands, or null without one. The name changes with the content, so that another
 * CA is another base, and the file that a running or saved configuration names never changes under it.
 */
export function acmeRootFile(folder: string, pem: string): string | null {
  if (pem.trim() === '') return null
  const hash = createHash('sha256').update(pem).digest('hex').slice(0, 12)
  return join(folder, `acme-root-${hash}.pem`)
}

/** Puts it there, whole or not at all, and drops the oldest of many. */
export async function writeAcmeRoot(folder: string, pem: string): Promise<void> {
  const path = acmeRootFile(folder, pem)
  if (path === null || (await exists(path))) return
  const temporary = `${path}.new`
  const file = await open(temporary, 'w', 0o640)
  try {
    await file.writeFile(pem.endsWith('\n') ? pem : `${pem}\n`)
    await file.sync()
  } finally {
    await file.close()
  }
  // No secret, and the edge may be another user of the same group.
  await chmod(temporary, 0o640)
  await rename(temporary, path)
  await prune(folder)
}

async function prune(folder: string): Promise<void> {
  const files = (await readdir(folder)).filter((f) => NAME.test(f)).map((f) => join(folder, f))
  const aged = await Promise.all(files.map(async (path) => ({ path, at: (await stat(path)).mtimeMs })))
  const old = aged.sort((a, b) => b.at - a.at).slice(KEPT)
  await Promise.all(old.map(({ path }) => rm(path, { force: true })))
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  )
