import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseEnv } from 'node:util'
import { loadConfig } from '../config.ts'
import type { Context, Environment } from './verb.ts'

/** The folder that holds `argos` and `.env`. */
export const projectRoot = resolve(import.meta.dirname, '../../../..')

/** The verbs' surroundings. Variables of the process win over those of `.env` (another file with ARGOS_ENV_FILE). */
export function contextOf(processEnv: Environment): Context {
  const envFile = resolve(projectRoot, processEnv.ARGOS_ENV_FILE ?? '.env')
  // Read on each use: `up` writes the file while it runs.
  const env = (): Environment => ({ ...readEnvFile(envFile), ...processEnv })
  return {
    root: projectRoot,
    envFile,
    get env() {
      return env()
    },
    say: (line = '') => void process.stdout.write(`${line}\n`),
    config: () => loadConfig(env()),
    layout: () =>
      loadConfig({
        ...env(),
        ARGOS_MASTER_KEY: randomBytes(32).toString('hex'),
        ARGOS_MASTER_KEY_FILE: undefined,
      }),
  }
}

/** An empty environment when the file is not there; throws when it is there and cannot be read. */
function readEnvFile(path: string): Environment {
  try {
    return parseEnv(readFileSync(path, 'utf8'))
  } catch (err) {
    if ((err as NodeJS.ErrnoException).code === 'ENOENT') return {}
    throw err
  }
}

/** The version of the project, from its package.json. */
export function projectVersion(): string {
  const { version } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as {
    version: string
  }
  return version
}
