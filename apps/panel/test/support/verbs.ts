import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { repository, type Stack } from '@argos/testkit'

export interface Ended {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

/** A verb in a process of its own, for the panel of this stack. */
export type RunVerb = (...args: readonly string[]) => Promise<Ended>

export function verbsFor(stack: Stack, env: Readonly<Record<string, string>> = {}): RunVerb {
  const environment = {
    ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('ARGOS_'))),
    ARGOS_ENV_FILE: join(stack.dataDir, 'no.env'),
    ARGOS_DATA_DIR: stack.dataDir,
    ARGOS_RUN_DIR: stack.runDir,
    ARGOS_MASTER_KEY: stack.masterKey,
    ...env,
  }
  return (...args) =>
    new Promise((resolve, reject) => {
      const child = spawn(process.execPath, [join(repository, 'apps/panel/src/cli/main.ts'), ...args], {
        env: environment,
        stdio: ['ignore', 'pipe', 'pipe'],
      })
      let out = ''
      let err = ''
      child.stdout.on('data', (chunk: Buffer) => {
        out += chunk.toString('utf8')
      })
      child.stderr.on('data', (chunk: Buffer) => {
        err += chunk.toString('utf8')
      })
      child.once('error', reject)
      child.once('close', (code) => resolve({ code, out, err }))
    })
}
