import { type ChildProcess, spawn } from 'node:child_process'
import { chmodSync, closeSync, openSync } from 'node:fs'
import { rotate } from './rotate.ts'

export interface ChildSpec {
  readonly name: 'edge' | 'panel'
  readonly command: string
  readonly args: readonly string[]
  readonly cwd: string
  readonly env: NodeJS.ProcessEnv | (() => NodeJS.ProcessEnv)
  /** Where its standard output and error go, appended. */
  readonly logFile: string
}

export interface Child {
  readonly name: ChildSpec['name']
  /** Null between an exit and the next start. */
  pid(): number | null
  /** How often it ended by itself since `start`. */
  crashes(): number
  /** Asks it to end, waits `graceMs`, then kills it. It is not started again. */
  stop(graceMs: number): Promise<void>
  /** Ends it now and for good. */
  kill(): void
  /** Stops it like `stop` and starts it again, unless `stop` or `kill` has come meanwhile. */
  restart(graceMs: number): Promise<void>
}

/** What its end means: a bad configuration (exit code 78) is not cured by another start. */
export type Ended = {
  readonly code: number | null
  readonly signal: string | null
  readonly retryInMs: number | null
}

const BAD_CONFIGURATION = 78
const FIRST_RETRY_MS = 500
const LAST_RETRY_MS = 30_000
/** A child that lived this long has recovered: the next crash starts from the first pause again. */
const STEADY_MS = 60_000

/** Starts a program and keeps it running: restarted after a crash, at growing intervals. */
export function keepRunning(spec: ChildSpec, onEnded: (ended: Ended) => void): Child {
  let child: ChildProcess | null = null
  let wanted = true
  /** Stopped for good: a restart under way must not bring it back. */
  let over = false
  let crashes = 0
  let retryMs = FIRST_RETRY_MS
  let retry: NodeJS.Timeout | undefined
  let startedAt = 0

  const start = () => {
    startedAt = performance.now()
    rotate(spec.logFile)
    const log = openSync(spec.logFile, 'a', 0o640)
    chmodSync(spec.logFile, 0o640)
    // A session of its own: Ctrl-C reaches the launcher alone, which then stops the children in order. Its output goes
    // to the file itself, not through the launcher: it must outlive one that is killed.
    child = spawn(spec.command, spec.args, {
      cwd: spec.cwd,
      // Read at each start: `.env` may have changed.
      env: typeof spec.env === 'function' ? spec.env() : spec.env,
      detached: true,
      stdio: ['ignore', log, log],
    })
    closeSync(log)
    const ended = (code: number | null, signal: string | null) => {
      child = null
      if (!wanted) return
      crashes += 1
      if (performance.now() - startedAt >= STEADY_MS) retryMs = FIRST_RETRY_MS
      const retryInMs = code === BAD_CONFIGURATION ? null : retryMs
      onEnded({ code, signal, retryInMs })
      if (retryInMs === null) return
      retry = setTimeout(start, retryInMs)
      retryMs = Math.min(retryMs * 2, LAST_RETRY_MS)
    }
    child.once('error', () => ended(null, null))
    child.once('exit', ended)
  }

  const end = async (graceMs: number) => {
    wanted = false
    clearTimeout(retry)
    const running = child
    if (!running || running.exitCode !== null || running.signalCode !== null) return
    const gone = new Promise<void>((resolve) => running.once('exit', () => resolve()))
    running.kill('SIGTERM')
    const hard = setTimeout(() => running.kill('SIGKILL'), graceMs)
    await gone
    clearTimeout(hard)
  }

  start()
  return {
    name: spec.name,
    pid: () => child?.pid ?? null,
    crashes: () => crashes,
    stop: (graceMs) => {
      over = true
      return end(graceMs)
    },
    kill: () => {
      over = true
      wanted = false
      clearTimeout(retry)
      child?.kill('SIGKILL')
    },
    restart: async (graceMs) => {
      await end(graceMs)
      if (over) return
      wanted = true
      retryMs = FIRST_RETRY_MS
      start()
    },
  }
}
