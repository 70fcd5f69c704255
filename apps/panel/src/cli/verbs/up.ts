import { spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { projectVersion } from '../context.ts'
import { removeInstance, runningInstance, writeInstance } from '../run/instance.ts'
import { prepare } from '../run/prepare.ts'
import { startStack } from '../run/stack.ts'
import { localPanelUrl, summary } from '../run/summary.ts'
import { type Context, exitCode, verb } from '../verb.ts'

export default verb({
  summary: 'Start edge and panel and keep them running',
  usage: 'up [--detach] [--lan]',
  options: {
    detach: { type: 'boolean', short: 'd' },
    lan: { type: 'boolean' },
    // Set by --detach for the process it leaves behind.
    background: { type: 'boolean' },
  },
  words: {
    detach: 'Return once everything is healthy; `./argos down` stops it',
    lan: 'Let other machines of the network reach the panel, not only this one',
  },
  details:
    'Without --detach it stays in the foreground: Ctrl-C stops everything gracefully, a second Ctrl-C at once.',
  async run(surroundings, { detach = false, lan = false, background = false }) {
    const context = background ? tellingParent(surroundings) : surroundings
    const already = runningInstance(context.layout())
    if (already) {
      context.say(`Argos is already running (pid ${already.pid}): ${already.panelUrl}`)
      return exitCode.ok
    }
    if (detach) return startInBackground(context, lan)
    return supervise(context, lan, background)
  },
})

async function supervise(context: Context, lan: boolean, detached: boolean): Promise<number> {
  const began = performance.now()
  context.say(`Argos ${projectVersion()}`)
  const prepared = await prepare(context, lan)
  const { config, ports, panelBind, lock } = prepared
  for (const note of ports.notes) context.say(`  ${note}`)
  const url = localPanelUrl(config, ports.panel)
  const instance = {
    pid: process.pid,
    startedAt: Date.now(),
    panelUrl: url,
    ports,
    panelBind,
    detached,
    ready: false,
  }
  writeInstance(config.runDir, instance)

  const stack = startStack(context, prepared, url)
  const asked = Promise.withResolvers<void>()
  let stopping = false
  const onStop = () => {
    if (stopping) stack.kill()
    stopping = true
    asked.resolve()
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onStop)
  process.on('SIGUSR2', () => {
    context.say('  Restarting panel and edge.')
    stack.restart().catch((err: Error) => context.say(`argos: ${err.message}`))
  })

  try {
    await Promise.race([stack.ready(), asked.promise])
    if (!stopping) {
      writeInstance(config.runDir, { ...instance, ready: true })
      context.say(`  Ready in ${((performance.now() - began) / 1000).toFixed(1)} s`)
      for (const line of await summary(config, { url, panelBind, panelPort: ports.panel })) context.say(line)
      if (detached) process.send?.({ ready: true })
      else context.say('\nCtrl-C stops Argos.')
      await asked.promise
    }
    context.say('\n  Stopping: open requests get up to 10 s. Ctrl-C again ends it at once.')
    return exitCode.ok
  } finally {
    await stack.stop()
    removeInstance(config.runDir)
    lock.release()
  }
}

interface FromBackground {
  readonly line?: string
  readonly ready?: boolean
}

/** Starts a copy of this verb without a terminal, repeats what it says until it is healthy, and leaves it running. */
async function startInBackground(context: Context, lan: boolean): Promise<number> {
  const { logDir, dataDir } = context.layout()
  const { mkdirSync } = await import('node:fs')
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  mkdirSync(logDir, { recursive: true, mode: 0o750 })
  const log = openSync(join(logDir, 'launcher.log'), 'a', 0o640)
  const args = [process.argv[1] ?? '', 'up', '--background', ...(lan ? ['--lan'] : [])]
  const child = spawn(process.execPath, args, {
    detached: true,
    stdio: ['ignore', log, log, 'ipc'],
    env: process.env,
  })
  closeSync(log)
  const ended = Promise.withResolvers<number>()
  child.on('message', ({ line, ready }: FromBackground) => {
    if (line !== undefined) context.say(line)
    if (ready) ended.resolve(exitCode.ok)
  })
  child.once('exit', (code) => {
    const end = () => ended.resolve(code ?? exitCode.failed)
    // What it said last may still be on its way: the channel closes behind it.
    if (child.connected) child.once('disconnect', end)
    else end()
  })
  const code = await ended.promise
  if (child.connected) child.disconnect()
  child.unref()
  return code
}

/** Says it to the parent while that listens, as the setup link is nothing for a log file; to the log after that. */
const tellingParent = (context: Context): Context =>
  Object.defineProperties({} as Context, {
    ...Object.getOwnPropertyDescriptors(context),
    say: {
      value: (line = '') => {
        if (process.connected) process.send?.({ line })
        else context.say(`${new Date().toISOString()} ${line}`)
      },
    },
  })
