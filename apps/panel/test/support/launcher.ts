import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { edgeBinary, freePorts, repository, type Scratch, scratch } from '@argos/testkit'

export interface Said {
  readonly code: number | null
  /** Standard output and error, as they came. */
  readonly output: string
}

/** The launcher on folders and ports of its own, as `./argos` runs it. */
export interface Launcher extends AsyncDisposable {
  readonly folder: Scratch
  readonly dataDir: string
  readonly envFile: string
  readonly ports: { readonly http: number; readonly https: number; readonly panel: number }
  run(...args: readonly string[]): Promise<Said>
  /** Starts a verb that stays in the foreground. */
  start(...args: readonly string[]): Foreground
}

export interface Foreground {
  readonly process: ChildProcess
  output(): string
  readonly ended: Promise<Said>
}

export async function launcher(env: Readonly<Record<string, string>> = {}): Promise<Launcher> {
  const folder = scratch('argos-up-')
  const [http = 0, https = 0, panel = 0] = await freePorts(3)
  const dataDir = join(folder.path, 'data')
  const envFile = join(folder.path, '.env')
  const environment = {
    ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('ARGOS_'))),
    ARGOS_ENV_FILE: envFile,
    ARGOS_DATA_DIR: dataDir,
    ARGOS_HTTP_PORT: String(http),
    ARGOS_HTTPS_PORT: String(https),
    ARGOS_PANEL_PORT: String(panel),
    ARGOS_BIND: '127.0.0.1',
    ARGOS_EDGE_BIN: edgeBinary,
    ...env,
  }
  const start = (...args: readonly string[]): Foreground => {
    const child = spawn(join(repository, 'argos'), args, {
      env: environment,
      cwd: folder.path,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        output += chunk.toString('utf8')
      })
    }
    const ended = new Promise<Said>((resolve) => child.once('close', (code) => resolve({ code, output })))
    return { process: child, output: () => output, ended }
  }
  const run = (...args: readonly string[]) => start(...args).ended
  return {
    folder,
    dataDir,
    envFile,
    ports: { http, https, panel },
    run,
    start,
    [Symbol.asyncDispose]: async () => {
      await run('down')
      folder[Symbol.dispose]()
    },
  }
}
