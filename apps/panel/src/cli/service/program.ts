import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join, relative } from 'node:path'
import { Refusal } from '../verb.ts'
import { serviceEnv } from './settings.ts'

export interface Built {
  readonly edge: string
  readonly pages: string
  readonly node: string
}

/** What a build leaves in a checkout. Nothing is built here: it would belong to root afterwards. */
export function builtIn(root: string, edge = join(root, '.cache/edge/argos-edge')): Built {
  const built = { edge, pages: join(root, 'apps/web/dist'), node: realpathSync(process.execPath) }
  for (const [what, path] of [
    ['The edge is', edge],
    ['The pages are', join(built.pages, 'index.html')],
  ] as const) {
    if (existsSync(path)) continue
    throw new Refusal(
      `${what} not built: ${path} is missing.`,
      '`./argos build` makes it; run that as yourself.',
    )
  }
  return built
}

/**
 * Copies everything that runs into `to`: root's and closed to changes, so that neither the service nor whoever works in
 * the checkout changes what runs. It is there whole or not at all.
 */
export function copyProgram(root: string, built: Built, to: string): void {
  const fresh = `${to}.new`
  const old = `${to}.old`
  rmSync(fresh, { recursive: true, force: true })
  mkdirSync(join(fresh, 'bin'), { recursive: true })
  const put = (from: string, path: string) =>
    cpSync(from, join(fresh, path), { recursive: true, verbatimSymlinks: true, filter: isNoTest })
  put(built.edge, 'bin/argos-edge')
  put(built.node, 'bin/node')
  put(join(import.meta.dirname, 'argos.sh'), 'bin/argos')
  put(built.pages, 'apps/web/dist')
  for (const file of ['package.json', 'LICENSE', 'Caddyfile.template']) put(join(root, file), file)
  copyPackages(root, join(root, 'apps/panel'), put, (link, target) => {
    mkdirSync(dirname(join(fresh, link)), { recursive: true })
    symlinkSync(target, join(fresh, link))
  })
  writeFileSync(join(fresh, 'service.env'), serviceEnv())
  close(fresh)
  rmSync(old, { recursive: true, force: true })
  if (existsSync(to)) renameSync(to, old)
  renameSync(fresh, to)
  rmSync(old, { recursive: true, force: true })
}

const isNoTest = (path: string): boolean => !/\.test\.ts$/.test(path)

/** A package and all it needs to run, with the links by which Node finds them. Links stay relative. */
function copyPackages(
  root: string,
  first: string,
  put: (from: string, path: string) => void,
  link: (path: string, target: string) => void,
): void {
  const seen = new Set<string>()
  const linked = new Set<string>()
  const take = (folder: string) => {
    if (seen.has(folder)) return
    seen.add(folder)
    const path = relative(root, folder)
    if (path.startsWith('..')) throw new Error(`${folder} is not inside of ${root}`)
    // Of our own packages the sources; of others everything but what they link to, which is copied by itself.
    const own = !path.includes('node_modules')
    for (const name of readdirSync(folder)) {
      if (own ? name === 'src' || name === 'package.json' : name !== 'node_modules') {
        put(join(folder, name), join(path, name))
      }
    }
    for (const [name, required] of needs(folder)) {
      const found = find(folder, name)
      if (found === null) {
        if (required) throw new Refusal(`The package ${name} is missing.`, '`./argos build` installs it.')
        continue
      }
      if (!linked.has(found) && lstatSync(found).isSymbolicLink()) {
        linked.add(found)
        link(relative(root, found), readlinkSync(found))
      }
      take(realpathSync(found))
    }
  }
  take(first)
}

function needs(folder: string): Map<string, boolean> {
  const pkg = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    readonly [kind: string]: Readonly<Record<string, string>> | undefined
  }
  const names = (kind: string) => Object.keys(pkg[kind] ?? {})
  return new Map([
    ...[...names('peerDependencies'), ...names('optionalDependencies')].map((n) => [n, false] as const),
    ...names('dependencies')
      .filter((n) => !names('optionalDependencies').includes(n))
      .map((n) => [n, true] as const),
  ])
}

/** As Node looks for it. */
function find(from: string, name: string): string | null {
  for (let folder = from; ; folder = dirname(folder)) {
    const path = join(folder, 'node_modules', name)
    if (basename(folder) !== 'node_modules' && existsSync(path)) return path
    if (folder === dirname(folder)) return null
  }
}

/** Whatever the checkout's modes were: everybody reads, nobody but root writes. The copies are root's already. */
function close(path: string): void {
  const found = lstatSync(path)
  if (found.isSymbolicLink()) return
  const runs = found.isDirectory() || (found.mode & 0o100) !== 0
  chmodSync(path, runs ? 0o755 : 0o644)
  if (found.isDirectory()) for (const name of readdirSync(path)) close(join(path, name))
}
