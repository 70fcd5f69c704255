import { createHash } from 'node:crypto'
import { chmod, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'

const NAME = /^acme-root-[0-9a-f]{12}\.pem$/
/** The edge may boot from the configuration before this one, which names an older file. */
const KEPT = 4

/**
 * Where the CA of the ACME directory stands, or null without one. The name changes with the content, so that another
 * CA is another base, and the file that a running or saved configuration names never changes under it.
 */
export function acmeRootFile(dataDir: string, pem: string): string | null {
  if (pem.trim() === '') return null
  const hash = createHash('sha256').update(pem).digest('hex').slice(0, 12)
  return join(dataDir, `acme-root-${hash}.pem`)
}

/** Puts it there, whole or not at all, and drops the oldest of many. */
export async function writeAcmeRoot(dataDir: string, pem: string): Promise<void> {
  const path = acmeRootFile(dataDir, pem)
  if (path === null || (await exists(path))) return
  const temporary = `${path}.new`
  const file = await open(temporary, 'w', 0o600)
  try {
    await file.writeFile(pem.endsWith('\n') ? pem : `${pem}\n`)
    await file.sync()
  } finally {
    await file.close()
  }
  await chmod(temporary, 0o600)
  await rename(temporary, path)
  await prune(dataDir)
}

async function prune(dataDir: string): Promise<void> {
  const files = (await readdir(dataDir)).filter((f) => NAME.test(f)).map((f) => join(dataDir, f))
  const aged = await Promise.all(files.map(async (path) => ({ path, at: (await stat(path)).mtimeMs })))
  const old = aged.sort((a, b) => b.at - a.at).slice(KEPT)
  await Promise.all(old.map(({ path }) => rm(path, { force: true })))
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  )
