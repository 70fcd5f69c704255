import { type ChildProcess, spawn } from 'node:child_process'

export interface ProgramSpec {
  readonly name: string
  readonly command: string
  readonly args: readonly string[]
  readonly cwd?: string
  readonly env?: NodeJS.ProcessEnv
}

/** A program under test. It can be killed in any way and started again with the same arguments. */
export interface Program {
  readonly name: string
  /** Null when it does not run. */
  pid(): number | null
  /** All it has written to standard output and error, over all its starts. */
  output(): string
  /** Sends a signal and resolves when it has ended. Does nothing when it does not run. */
  kill(signal?: NodeJS.Signals): Promise<void>
  start(): void
  /** How its last run ended: its exit code, or the signal that ended it. Null before it has. */
  ended(): number | NodeJS.Signals | null
}

const KEPT_CHARS = 4 * 1024 * 1024
const running = new Set<ChildProcess>()
// A test run that dies must not leave servers behind.
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})

export function startProgram(spec: ProgramSpec): Program {
  let child: ChildProcess | null = null
  let output = ''
  let last: number | NodeJS.Signals | null = null
  const keep = (chunk: Buffer) => {
    output = (output + chunk.toString('utf8')).slice(-KEPT_CHARS)
  }
  const start = () => {
    if (child) throw new Error(`${spec.name} runs already`)
    const started = spawn(spec.command, spec.args, {
      cwd: spec.cwd,
      env: spec.env ?? process.env,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    child = started
    running.add(started)
    started.stdout.on('data', keep)
    started.stderr.on('data', keep)
    const gone = (how: number | NodeJS.Signals | null) => {
      running.delete(started)
      if (child === started) child = null
      last = how
    }
    started.once('exit', (code, signal) => gone(code ?? signal))
    started.once('error', (err) => {
      output += `${err.message}\n`
      gone(null)
    })
  }
  start()
  return {
    name: spec.name,
    pid: () => child?.pid ?? null,
    output: () => output,
    kill: async (signal = 'SIGTERM') => {
      const ending = child
      if (!ending) return
      const gone = new Promise((resolve) => ending.once('exit', resolve))
      ending.kill(signal)
      await gone
    },
    start,
    ended: () => last,
  }
}
