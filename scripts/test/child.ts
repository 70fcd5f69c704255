import { type ChildProcess, spawn } from 'node:child_process'
import { createWriteStream, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

export interface Command {
  readonly name: string
  readonly command: string
  readonly args: readonly string[]
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
  /** Whether its lines are shown as they come; they are kept in the log either way. */
  readonly show?: boolean
  /** One that is there for others to use says nothing about itself. */
  readonly quiet?: boolean
}

export interface Ended {
  readonly ok: boolean
  readonly lines: readonly string[]
  readonly log: string
}

const HEARTBEAT_MS = 15_000
const GRACE_MS = 5_000
const running = new Set<ChildProcess>()

/** Runs a command to its end, in a process group of its own, and tells every 15 quiet seconds that it is alive. */
export function run(
  root: string,
  { name, command, args, cwd = root, env = {}, show = false, quiet = false }: Command,
): Promise<Ended> {
  const folder = join(root, '.cache/log')
  mkdirSync(folder, { recursive: true })
  const log = join(folder, `test-${name.replaceAll(/[^a-z0-9]+/gi, '-')}.log`)
  const file = createWriteStream(log)
  const lines: string[] = []
  const began = performance.now()
  let spokeAt = began
  const heartbeat = setInterval(() => {
    const now = performance.now()
    if (quiet) return
    if (now - spokeAt < HEARTBEAT_MS - 1_000) return
    spokeAt = now
    process.stdout.write(`    ${name} ... ${Math.round((now - began) / 1000)} s\n`)
  }, HEARTBEAT_MS)
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    running.add(child)
    const keep = (text: string) => {
      lines.push(text)
      file.write(`${text}\n`)
      if (!show) return
      spokeAt = performance.now()
      process.stdout.write(`    ${text}\n`)
    }
    for (const stream of [child.stdout, child.stderr]) createInterface({ input: stream }).on('line', keep)
    const end = (ok: boolean) => {
      running.delete(child)
      clearInterval(heartbeat)
      file.end(() => resolve({ ok, lines, log }))
    }
    child.once('error', (err) => {
      keep(err.message)
      end(false)
    })
    child.once('close', (code) => end(code === 0))
  })
}

/** Ends everything that runs: asked first, killed after a grace. Their groups go too. */
export async function endChildren(): Promise<void> {
  const ending = [...running]
  const signal = (name: NodeJS.Signals) => {
    for (const { pid } of ending) if (pid !== undefined) signalGroup(pid, name)
  }
  signal('SIGTERM')
  const hard = setTimeout(() => signal('SIGKILL'), GRACE_MS)
  await Promise.all(
    ending
      .filter((child) => child.exitCode === null && child.signalCode === null)
      .map((child) => new Promise((resolve) => child.once('exit', resolve))),
  )
  clearTimeout(hard)
  signal('SIGKILL')
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal)
  } catch (err) {
    if ((err as NodeJS.ErrnoException).code !== 'ESRCH') throw err
  }
}
