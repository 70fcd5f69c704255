import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { eventually, freePorts, repository, scratch, visit } from '@argos/testkit'

/** The engine that the stage `docker` started; without it these suites are not run at all. */
const engine = {
  docker: process.env.TEST_DOCKER ?? '',
  compose: process.env.TEST_COMPOSE ?? '',
}

export interface Said {
  readonly code: number
  readonly output: string
}

function start(
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): Promise<Said> {
  return new Promise((resolve) => {
    const options = { env, cwd: repository, maxBuffer: 64 * 1024 * 1024 }
    execFile(command, args, options, (err, stdout, stderr) => {
      const code = err === null ? 0 : typeof err.code === 'number' ? err.code : 1
      resolve({ code, output: `${stdout}${stderr}` })
    })
  })
}

async function succeed(what: string, said: Promise<Said>): Promise<string> {
  const { code, output } = await said
  if (code !== 0) throw new Error(`${what} ended with ${code}:\n${output.slice(-4_000)}`)
  return output
}

export const docker = (...args: readonly string[]): Promise<Said> => start(engine.docker, args)
/** The same, when anything but success is a failure of the test. */
export const dockerOk = (...args: readonly string[]): Promise<string> =>
  succeed(`docker ${args[0]}`, docker(...args))

export type Service = 'edge' | 'panel'
export interface Deployment extends AsyncDisposable {
  readonly project: string
  readonly ports: { readonly http: number; readonly https: number; readonly panel: number }
  readonly masterKey: string
  run(...args: readonly string[]): Promise<Said>
  ok(...args: readonly string[]): Promise<string>
  exec(service: Service, ...command: readonly string[]): Promise<string>
  container(service: Service): Promise<string>
  /** `docker inspect` of a service's container. */
  inspect(service: Service): Promise<Inspected>
  /** The newest setup link of the panel's log. */
  link(): Promise<string>
  /** Starts all and waits until both are healthy; by other Compose files, when these are given. */
  up(more?: Readonly<Record<string, string>>, files?: readonly string[]): Promise<void>
  reachable(): Promise<void>
}

export interface Inspected {
  readonly Config: { readonly Env: readonly string[]; readonly User: string; readonly Image: string }
  readonly HostConfig: {
    readonly ReadonlyRootfs: boolean
    readonly CapDrop: readonly string[]
    readonly CapAdd: readonly string[] | null
    readonly SecurityOpt: readonly string[]
    readonly Memory: number
    readonly PidsLimit: number
    readonly Privileged: boolean
    readonly RestartPolicy: { readonly Name: string }
  }
  readonly State: {
    readonly ExitCode: number
    readonly Status: string
    readonly Pid: number
    readonly Health: { readonly Status: string }
  }
  readonly NetworkSettings: { readonly Networks: Readonly<Record<string, { readonly IPAddress: string }>> }
}

type Settings = Readonly<Record<string, string>>

/** A project of its own on free ports, as its operator's `.env` would make it. Nothing is started yet. */
export async function deployment({
  files = ['docker-compose.yml'],
  env = {},
  lowPort,
}: {
  files?: readonly string[]
  env?: Settings | ((secretFile: (name: string, text: string) => string) => Settings)
  /** Hosts are served on this port without TLS, one that elsewhere needs a privilege. */
  lowPort?: number
} = {}): Promise<Deployment> {
  const folder = scratch('argos-compose-')
  const [http = 0, https = 0, panel = 0] = await freePorts(3)
  const project = `argos-test-${randomBytes(4).toString('hex')}`
  const masterKey = randomBytes(32).toString('hex')
  const envFile = join(folder.path, '.env')
  // As docs/docker.md says: for the operator alone by the folder, for the container's user by the file.
  const secrets = join(folder.path, 'secrets')
  mkdirSync(secrets, { mode: 0o700 })
  const secretFile = (name: string, text: string): string => {
    writeFileSync(join(secrets, name), `${text}\n`, { mode: 0o444 })
    return join(secrets, name)
  }
  const settings = {
    ARGOS_MASTER_KEY_FILE: secretFile('master-key', masterKey),
    ARGOS_HTTP_PORT: lowPort ?? http,
    ARGOS_HTTPS_PORT: https,
    ARGOS_PANEL_PORT: panel,
    ARGOS_BIND: '127.0.0.1',
    ...(typeof env === 'function' ? env(secretFile) : env),
  }
  const lines = Object.entries(settings).map(([name, value]) => `${name}=${value}\n`)
  writeFileSync(envFile, lines.join(''), { mode: 0o600 })
  const surroundings = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !name.startsWith('ARGOS_')),
  )
  const by = (some: readonly string[]) => [
    ...['--project-name', project, '--env-file', envFile],
    ...some.flatMap((file) => ['--file', file]),
  ]
  const run = (...args: readonly string[]) => start(engine.compose, [...by(files), ...args], surroundings)
  const ok = (...args: readonly string[]) => succeed(`compose ${args[0]}`, run(...args))
  const container = async (service: Service) => (await ok('ps', '--all', '--quiet', service)).trim()
  return {
    project,
    ports: { http: lowPort ?? http, https, panel },
    masterKey,
    run,
    ok,
    exec: (service, ...command) => ok('exec', '-T', service, ...command),
    container,
    inspect: async (service) => {
      const [found] = JSON.parse(await dockerOk('inspect', await container(service))) as Inspected[]
      if (!found) throw new Error(`there is no container of ${service}`)
      return found
    },
    link: async () => {
      const links = (await ok('logs', '--no-log-prefix', 'panel')).match(/https?:\/\/\S+\/setup#token=\S+/g)
      const link = links?.at(-1)
      if (!link) throw new Error('the log of the panel has no link')
      return link
    },
    up: async (more = {}, others = files) => {
      const args = [...by(others), 'up', '--detach', '--wait', '--no-build']
      const { code, output } = await start(engine.compose, args, { ...surroundings, ...more })
      if (code !== 0) throw new Error(`up ended with ${code}:\n${output}\n${(await run('logs')).output}`)
    },
    reachable: async () => {
      const where = { port: panel, name: `127.0.0.1:${panel}`, tls: true, path: '/healthz' }
      await eventually(
        'the panel answers through the edge',
        async () => (await visit(where)).status === 200,
        {
          timeoutMs: 60_000,
        },
      )
    },
    [Symbol.asyncDispose]: async () => {
      await docker('rm', '--force', `${project}-service`)
      await run('down', '--volumes', '--timeout', '5', '--remove-orphans')
      folder[Symbol.dispose]()
    },
  }
}

/** A service of the operator's in a container of its own, on the network of Argos. It answers what it saw. */
export async function startService(argos: Deployment): Promise<void> {
  const image = (await dockerOk('inspect', '--format', '{{.Image}}', await argos.container('panel'))).trim()
  const program = `require('node:http').createServer((req, res) => {
    const { url, headers, socket } = req
    console.log(url)
    if (url === '/slow') return setTimeout(() => res.end('in the end'), 3000)
    if (headers.accept?.includes('text/html')) return res.setHeader('content-type', 'text/html').end('<title>Behind the door</title>')
    res.end(JSON.stringify({ url, host: headers.host, forwarded: headers['x-forwarded-for'], from: socket.remoteAddress }))
  }).listen(8096)`
  const how = ['--network', `${argos.project}_default`, '--network-alias', 'service']
  const name = ['--name', `${argos.project}-service`]
  await dockerOk('run', '--detach', ...name, ...how, '--entrypoint', 'node', image, '-e', program)
}

/** What the service saw, as it answers programs. */
export interface Seen {
  readonly url: string
  readonly host: string
  readonly forwarded: string
}
