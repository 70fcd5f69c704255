import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Context, Refusal } from '../verb.ts'
import { edgeInfo, panelAnswers } from './ask.ts'
import { type Child, type Ended, keepRunning } from './child.ts'
import type { Prepared } from './prepare.ts'
import { edgeArguments, edgeVariables, nodeFlags } from './programs.ts'
import { waitReady } from './ready.ts'
import { rotate } from './rotate.ts'

/** Longer than the edge's own grace for open requests, which is 10 s. */
const GRACE_MS = 15_000
const CRASHES_THAT_END_THE_START = 3
const LOG_CHECK_MS = 60_000

export interface Stack {
  readonly edge: Child
  readonly panel: Child
  /** Resolves when everything is up; rejects with a Refusal that quotes the log when it will not come up. */
  ready(): Promise<void>
  /** Panel first, so that it can still speak to the edge while it drains. */
  stop(): Promise<void>
  restart(): Promise<void>
  kill(): void
}

/** Starts edge and panel as children and keeps both running. */
export function startStack(context: Context, prepared: Prepared, panelUrl: string): Stack {
  const { config, ports, panelBind, edgeBinary } = prepared
  let failure = failureOfStart()
  let settled = false
  const stopped = new AbortController()

  const log = (name: string) => join(config.logDir, `${name}.log`)
  const onEnded = (child: () => Child, logFile: string) => (ended: Ended) => {
    const { name } = child()
    const how = ended.signal
      ? `by ${ended.signal}`
      : `with code ${ended.code ?? 'unknown: it could not be started'}`
    const giveUp = !settled && child().crashes() >= CRASHES_THAT_END_THE_START
    if (ended.retryInMs === null || giveUp) {
      failure.reject(
        new Refusal(
          `The ${name} ended ${how}. Its last words:\n${lastLines(logFile)}`,
          `The log: ${logFile}`,
        ),
      )
    }
    if (ended.retryInMs !== null && !giveUp) {
      context.say(
        `  The ${name} ended ${how}; starting it again in ${ended.retryInMs / 1000} s. See ${logFile}`,
      )
    } else if (settled) {
      context.say(`  The ${name} ended ${how} and is not started again: its configuration is not usable.`)
      context.say(`  \`./argos restart\` tries it once more. Its last words:\n${lastLines(logFile)}`)
    }
  }

  const edge: Child = keepRunning(
    {
      name: 'edge',
      command: edgeBinary,
      args: edgeArguments(context.root, config.edgeDir, config.runDir),
      cwd: context.root,
      env: { ...edgeEnvironment(context), ...edgeVariables(ports.http, config.bind) },
      logFile: log('edge-console'),
    },
    onEnded(() => edge, log('edge-console')),
  )
  const panel: Child = keepRunning(
    {
      name: 'panel',
      command: process.execPath,
      args: [...nodeFlags, join(context.root, 'apps/panel/src/main.ts')],
      cwd: context.root,
      env: () => ({
        ...context.env,
        ARGOS_HTTP_PORT: String(ports.http),
        ARGOS_HTTPS_PORT: String(ports.https),
        ARGOS_PANEL_PORT: String(ports.panel),
        ARGOS_PANEL_BIND: panelBind,
      }),
      logFile: log('panel'),
    },
    onEnded(() => panel, log('panel')),
  )
  const trim = setInterval(() => {
    rotate(log('panel'))
    rotate(log('edge-console'))
  }, LOG_CHECK_MS)

  const ready = async () => {
    const steps = waitReady({
      edge: () => edgeInfo(config.edgeSocket),
      panel: () => panelAnswers(config.panelSocket),
      databasePath: config.databasePath,
      panelUrl,
      signal: stopped.signal,
    })
    await Promise.race([steps, failure.promise])
    settled = true
  }
  let restarting: Promise<void> | null = null
  const restart = async () => {
    failure = failureOfStart()
    await panel.restart(GRACE_MS)
    await edge.restart(GRACE_MS)
    try {
      await ready()
    } catch (err) {
      // Stopped in the middle of it: nobody waits any more.
      if (!stopped.signal.aborted) throw err
    }
  }
  return {
    edge,
    panel,
    ready,
    stop: async () => {
      clearInterval(trim)
      stopped.abort()
      await panel.stop(GRACE_MS)
      await edge.stop(GRACE_MS)
    },
    // Asked twice, it is one restart: two at once would each start an edge on the same ports.
    restart: () => {
      restarting ??= restart().finally(() => {
        restarting = null
      })
      return restarting
    },
    kill: () => {
      panel.kill()
      edge.kill()
    },
  }
}

/** Rejected with what keeps a child from coming up. */
function failureOfStart() {
  const failure = Promise.withResolvers<never>()
  failure.promise.catch(() => 'reported by ready(), or after it by the restarts')
  return failure
}

/** The edge needs none of the panel's variables; the master key least of all. */
function edgeEnvironment(context: Context): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(context.env).filter(([name]) => !name.startsWith('ARGOS_')))
}

function lastLines(file: string): string {
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n')
  return lines
    .slice(-15)
    .map((line) => `    ${line}`)
    .join('\n')
}
