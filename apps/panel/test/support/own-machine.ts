import { spawn } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync } from 'node:fs'
import { join } from 'node:path'
import { eventually, findProgram, type Program, repository, scratch, startProgram } from '@argos/testkit'
import type { Said } from './launcher.ts'

const needed = ['unshare', 'nsenter', 'pivot_root', 'ip', 'systemctl', 'systemd-analyze', 'useradd']

/** Why this system cannot have a machine inside of itself, or null when it can. */
export const noMachine: string | null =
  process.platform !== 'linux' || process.getuid?.() !== 0
    ? 'needs root on Linux'
    : (needed
        .filter((name) => findProgram(name, ['/usr/sbin', '/sbin']) === null)
        .map((name) => `${name} is missing`)[0] ?? null)

/** A machine that systemd runs, with a network of its own, and a user alice who has the sources in her home. */
export interface OwnMachine extends AsyncDisposable {
  /** Its root folder, seen from here. */
  readonly root: string
  /** Runs a command as root to its end. */
  run(...command: readonly string[]): Promise<Said>
  runAs(uid: number, ...command: readonly string[]): Promise<Said>
  start(...command: readonly string[]): Program
  /** As a power switch does it, and on again. */
  reboot(): Promise<void>
}
/** Where the sources are in it, and the runtime that came with them. */
export const checkout = '/home/alice/argos'
export const node = `${checkout}/node_modules/.bin/node`

export async function ownMachine(): Promise<OwnMachine> {
  const folder = scratch('argos-machine-')
  const programs: Program[] = []
  // Everybody in it stands on its root folder, which is not the scratch folder itself for that reason.
  const root = join(folder.path, 'root')
  mkdirSync(root)
  chmodSync(root, 0o755)
  let machine = await boot(root)
  const enter = (uid: number) => [
    ...[
      '--target',
      String(machine.init),
      '--mount',
      '--pid',
      '--net',
      '--uts',
      '--ipc',
      '--cgroup',
      '--root',
    ],
    ...['--wd', 'setpriv', '--pdeathsig=KILL', `--reuid=${uid}`, `--regid=${uid}`, '--clear-groups'],
    ...['env', '-i', 'PATH=/usr/local/bin:/usr/bin:/usr/sbin', `HOME=${uid === 0 ? '/root' : '/home/alice'}`],
  ]
  const runAs = (uid: number, ...command: readonly string[]) => toEnd('nsenter', [...enter(uid), ...command])
  const end = async () => {
    for (const program of programs) await program.kill('SIGKILL')
    await machine.end()
  }
  return {
    root,
    runAs,
    run: (...command) => runAs(0, ...command),
    start: (...command) => {
      const program = startProgram({ name: 'program', command: 'nsenter', args: [...enter(0), ...command] })
      programs.push(program)
      return program
    },
    reboot: async () => {
      await end()
      machine = await boot(root)
    },
    [Symbol.asyncDispose]: async () => {
      await end()
      folder[Symbol.dispose]()
    },
  }
}

async function boot(root: string) {
  const cgroups = ownCgroups()
  const namespaces = ['--mount', '--pid', '--net', '--ipc', '--uts', '--cgroup', '--fork', '--kill-child']
  const script =
    'for group in $GROUPS_OF_IT; do echo $$ >"$group/cgroup.procs" || true; done; exec setpriv --pdeathsig=KILL unshare "$@"'
  const program = startProgram({
    name: 'machine',
    command: 'sh',
    args: ['-c', script, 'sh', ...namespaces, 'sh', join(import.meta.dirname, 'boot.sh'), root, repository],
    env: { PATH: `${process.env.PATH}:/usr/sbin:/sbin`, GROUPS_OF_IT: cgroups.join(' ') },
  })
  let init = 0
  const end = async () => {
    await program.kill('SIGKILL')
    // Its processes end with their first one, a moment later.
    await eventually('nothing of it is left', () => {
      for (const path of cgroups) removeAll(path)
      return cgroups.every((path) => !existsSync(path))
    })
  }
  const up = async () => {
    const pid = program.pid()
    if (pid === null) throw new Error(`it ended: ${program.output()}`)
    init = Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim())
    const args = ['--target', String(init), '--mount', '--pid', '--root', 'systemctl', 'is-system-running']
    return init > 0 && (await toEnd('nsenter', args)).output.trim() === 'running'
  }
  try {
    await eventually('the machine is up', up, { timeoutMs: 60_000 })
  } catch (err) {
    await end()
    throw err
  }
  return { init, end }
}

/** A group for it alone below ours in each hierarchy, so that nothing stays behind. */
function ownCgroups(): string[] {
  const name = `argos-machine-${process.pid}-${Date.now()}`
  return readFileSync('/proc/self/cgroup', 'utf8')
    .trimEnd()
    .split('\n')
    .flatMap((line) => {
      const [, hierarchy = '', own = ''] = /^\d+:([^:]*):(.*)$/.exec(line) ?? []
      const folders = hierarchy === '' ? ['unified', ''] : [hierarchy.replace('name=', '')]
      const all = folders.map((folder) => join('/sys/fs/cgroup', folder, own))
      return all.filter((path) => existsSync(join(path, 'cgroup.procs'))).slice(0, 1)
    })
    .map((path) => join(path, name))
    .filter((path) => {
      try {
        mkdirSync(path)
        return true
      } catch {
        return false // not ours to divide; it is in the caller's own then
      }
    })
}

function removeAll(path: string): void {
  try {
    for (const entry of readdirSync(path, { withFileTypes: true })) {
      if (entry.isDirectory()) removeAll(join(path, entry.name))
    }
    rmdirSync(path)
  } catch (err) {
    const { code = '' } = err as NodeJS.ErrnoException
    if (!['EBUSY', 'ENOENT', 'ENODEV'].includes(code)) throw err
  }
}

const toEnd = (command: string, args: readonly string[]): Promise<Said> =>
  new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        output += chunk.toString('utf8')
      })
    }
    child.once('error', reject)
    child.once('close', (code) => resolve({ code, output }))
  })
