import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { login, systemStatus } from '@argos/contract'
import { type ApiClient, apiClient } from './api.ts'
import { visit } from './clients/request.ts'
import { eventually } from './eventually.ts'
import { type Program, startProgram } from './program.ts'
import { freePorts, scratch } from './scratch.ts'

export const repository = resolve(import.meta.dirname, '../../..')
/** The edge under test: ARGOS_EDGE_BIN, or what the launcher built. */
export const edgeBinary = process.env.ARGOS_EDGE_BIN ?? join(repository, '.cache/edge/argos-edge')

export const admin = { username: 'admin', password: 'a password for tests' } as const

export interface StackOptions {
  /** More environment for the panel, as in `{ ARGOS_INSECURE_HTTP: '1' }`, or made from where the stack stands. */
  readonly env?: Environment | ((places: Places) => Environment)
  /** False leaves the first administrator to be made by the setup link. */
  readonly withAdmin?: boolean
  /** Pages to serve, when not those that were built. */
  readonly webDir?: string
}
export type Part = 'edge' | 'panel'
type Environment = Readonly<Record<string, string>>
export interface Places {
  readonly dataDir: string
  readonly runDir: string
  readonly edgeSocket: string
}

/** A real edge and a real panel on loopback, with folders and ports of their own. */
export interface Stack extends Places, AsyncDisposable {
  readonly ports: { readonly http: number; readonly https: number; readonly panel: number }
  readonly panelUrl: string
  readonly masterKey: string
  /** Signed in as `admin`, unless `withAdmin` was false. */
  readonly api: ApiClient
  /** A client without a session. */
  stranger(): ApiClient
  signIn(): Promise<ApiClient>
  readonly edge: Program
  readonly panel: Program
  kill(part: Part, signal?: NodeJS.Signals): Promise<void>
  start(part: Part): void
  /** Kills, starts again, and waits until the panel answers and the edge serves what is saved. */
  restart(part: Part, signal?: NodeJS.Signals): Promise<void>
  /** Resolves when the panel answers through the edge. */
  reachable(timeoutMs?: number): Promise<void>
  /** Resolves when the edge serves all that is saved. */
  inSync(timeoutMs?: number): Promise<void>
  /** Everything a part has written, its log files included. */
  logs(part: Part): string
  stop(): Promise<void>
}

export async function startStack(options: StackOptions = {}): Promise<Stack> {
  const folder = scratch()
  const [http = 0, https = 0, panelPort = 0] = await freePorts(3)
  const ports = { http, https, panel: panelPort }
  const dataDir = join(folder.path, 'data')
  const runDir = join(folder.path, 'run')
  mkdirSync(dataDir, { mode: 0o700 })
  mkdirSync(runDir, { mode: 0o750 })
  const masterKey = randomBytes(32).toString('hex')
  const withAdmin = options.withAdmin ?? true
  const places: Places = { dataDir, runDir, edgeSocket: join(runDir, 'edge.sock') }

  const edge = startProgram({
    name: 'edge',
    command: edgeBinary,
    args: ['run', '--data', dataDir, '--run', runDir],
    env: withoutArgos(process.env),
  })
  const panel = startProgram({
    name: 'panel',
    command: process.execPath,
    // As the launcher starts it.
    args: ['--optimize-for-size', '--max-semi-space-size=1', join(repository, 'apps/panel/src/main.ts')],
    env: {
      ...withoutArgos(process.env),
      ARGOS_DATA_DIR: dataDir,
      ARGOS_RUN_DIR: runDir,
      ARGOS_MASTER_KEY: masterKey,
      ARGOS_HTTP_PORT: String(http),
      ARGOS_HTTPS_PORT: String(https),
      ARGOS_PANEL_PORT: String(panelPort),
      ARGOS_BIND: '127.0.0.1',
      ...(withAdmin
        ? { ARGOS_INITIAL_ADMIN_USER: admin.username, ARGOS_INITIAL_ADMIN_PASSWORD: admin.password }
        : {}),
      ...(options.webDir ? { ARGOS_WEB_DIR: options.webDir } : {}),
      ...(typeof options.env === 'function' ? options.env(places) : options.env),
    },
  })
  const parts = { edge, panel }
  const panelUrl = `https://127.0.0.1:${panelPort}`
  const api = apiClient(panelUrl)

  const reachable = async (timeoutMs = 30_000) => {
    await eventually(
      'the panel answers through the edge',
      async () => {
        for (const part of [edge, panel]) {
          if (part.pid() === null) throw new Error(`the ${part.name} ended:\n${part.output().slice(-4_000)}`)
        }
        return (
          (await visit({ port: panelPort, name: `127.0.0.1:${panelPort}`, tls: true, path: '/healthz' }))
            .status === 200
        )
      },
      { timeoutMs },
    )
  }
  const signIn = async () => {
    const client = apiClient(panelUrl)
    client.signedIn(await client.call(login, { body: admin }))
    return client
  }
  const inSync = async (timeoutMs = 30_000) => {
    await eventually(
      'the edge serves what is saved',
      async () => {
        const { edge: state, generations } = await api.call(systemStatus, {})
        if (state.state === 'ok' && generations.inSync) return true
        throw new Error(
          JSON.stringify({ state: state.state, problem: state.problem, failed: state.failed, generations }),
        )
      },
      { timeoutMs },
    )
  }
  const stop = async () => {
    await panel.kill('SIGTERM')
    await edge.kill('SIGTERM')
    folder[Symbol.dispose]()
  }
  const logFiles: Record<Part, readonly string[]> = { edge: ['edge.log', 'access.log'], panel: ['panel.log'] }
  const stack: Stack = {
    ports,
    panelUrl,
    ...places,
    masterKey,
    api,
    stranger: () => apiClient(panelUrl),
    signIn,
    edge,
    panel,
    kill: (part, signal = 'SIGKILL') => parts[part].kill(signal),
    start: (part) => parts[part].start(),
    restart: async (part, signal = 'SIGKILL') => {
      await parts[part].kill(signal)
      parts[part].start()
      await reachable()
      if (withAdmin) await inSync()
    },
    reachable,
    inSync,
    logs: (part) =>
      logFiles[part]
        .map((file) => join(dataDir, 'logs', file))
        .filter((file) => existsSync(file))
        .map((file) => readFileSync(file, 'utf8'))
        .join('') + parts[part].output(),
    stop,
    [Symbol.asyncDispose]: stop,
  }
  try {
    await reachable(60_000)
    if (withAdmin) {
      api.signedIn(await api.call(login, { body: admin }))
      await inSync()
    }
  } catch (err) {
    const said = [edge, panel]
      .map((part) => `--- ${part.name}\n${stack.logs(part.name as Part).slice(-4_000)}`)
      .join('\n')
    await stop()
    throw new Error(`The stack did not start:\n${said}`, { cause: err })
  }
  return stack
}

const withoutArgos = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('ARGOS_')))
