import { cpSync, linkSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { run } from '../child.ts'

/**
 * Copies what this machine's Go has compiled for the edge into another build cache: an image that compiles its edge
 * would else compile all of Caddy once more, for minutes. What is not in it is compiled, so it is never wrong.
 */
export async function copyCompiled(root: string, go: string, cache: string, into: string): Promise<void> {
  // As docker/edge.Dockerfile has it: other flags are other entries.
  const env = { CGO_ENABLED: '0', GOTOOLCHAIN: 'local', GOFLAGS: '-trimpath -buildvcs=false' }
  const args = ['list', '-export', '-deps', '-f', '{{.Export}}', '.']
  const { lines } = await run(root, {
    ...{ name: 'go-list', command: go, args, env, cwd: join(root, 'apps/edge') },
  })
  const outputs = new Set(lines.filter((path) => path.startsWith(cache)).map((path) => basename(path, '-d')))
  for (const folder of readdirSync(cache).filter((name) => /^[0-9a-f]{2}$/.test(name))) {
    const keep = readdirSync(join(cache, folder)).filter((file) => {
      if (file.endsWith('-d')) return outputs.has(basename(file, '-d'))
      // "v1 <action> <output> <size> <time>"
      const [, , output = ''] = readFileSync(join(cache, folder, file), 'utf8').split(' ')
      return file.endsWith('-a') && outputs.has(output)
    })
    if (keep.length > 0) mkdirSync(join(into, folder), { recursive: true })
    for (const file of keep) place(join(cache, folder, file), join(into, folder, file))
  }
}

/** They are large, and only read: a second name is enough where that is possible. */
function place(from: string, to: string): void {
  try {
    linkSync(from, to)
  } catch {
    cpSync(from, to)
  }
}
