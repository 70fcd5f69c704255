import { spawn } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Places } from '@argos/caddy'
import { type EdgeClient, edgeClient } from '@argos/caddy-admin'
import { eventually, freePorts, type Program, scratch, startProgram, visit } from '@argos/testkit'
import type { Tools } from './tools.ts'
import { handWritten, loadOf, nameOf, type World } from './world.ts'

export interface Served extends AsyncDisposable {
  readonly httpPort: number
  readonly program: Program
}
export interface ServedEdge extends Served {
  readonly client: EdgeClient
  readonly places: Places
}
export interface ServedCaddy extends Served {
  /** POST /load with this world, as Caddy's users do it. Resolves when it is live. */
  load(world: World): Promise<void>
}

/** The upstream of all; its port. */
export async function startUpstream(tools: Tools): Promise<AsyncDisposable & { port: number }> {
  const child = spawn(tools.upstream, { stdio: ['ignore', 'pipe', 'inherit'] })
  const gone = new Promise((resolve) => child.once('exit', resolve))
  for await (const line of createInterface({ input: child.stdout })) {
    const stop = async () => {
      child.kill('SIGKILL')
      await gone
    }
    return { port: Number(line), [Symbol.asyncDispose]: stop }
  }
  throw new Error('the upstream did not start')
}

/** An edge without a panel, serving a world that was loaded through its control socket. */
export async function startEdge(tools: Tools, world: World): Promise<ServedEdge> {
  const folder = scratch('argos-bench-')
  const [http = 0, https = 0, panel = 0] = await freePorts(3)
  const dataDir = join(folder.path, 'data')
  const runDir = join(folder.path, 'run')
  mkdirSync(dataDir)
  const places: Places = {
    ...{ dataDir, logDir: join(dataDir, 'logs'), panelSocket: join(runDir, 'panel.sock') },
    ...{ ports: { http, https, panel }, bind: '127.0.0.1', panelBind: '127.0.0.1' },
    ...{ panelSubjects: ['127.0.0.1'], acmeRootFile: null },
  }
  const args = ['run', '--data', dataDir, '--run', runDir]
  const program = startProgram({ name: 'edge', command: tools.edge, args })
  const client = edgeClient(join(runDir, 'edge.sock'), { loadTimeoutMs: 600_000 })
  await eventually('the edge answers', () => client.summary(), { timeoutMs: 30_000 })
  const { refused } = await client.load('*', loadOf(world, places))
  if (Object.keys(refused).length > 0)
    throw new Error(`the edge refused ${JSON.stringify(refused).slice(0, 500)}`)
  const served = { httpPort: http, program }
  await answers(served)
  const stop = async () => {
    await program.kill('SIGKILL')
    await client.close()
    folder[Symbol.dispose]()
  }
  return { ...served, client, places, [Symbol.asyncDispose]: stop }
}

/** Stock Caddy with a hand-written configuration; `logs` for an access log like the edge's. */
export async function startCaddy(tools: Tools, world: World, { logs = false } = {}): Promise<ServedCaddy> {
  const folder = scratch('argos-bench-')
  const [httpPort = 0, adminPort = 0] = await freePorts(2)
  const where = {
    httpPort,
    admin: `127.0.0.1:${adminPort}`,
    log: logs ? join(folder.path, 'access.log') : null,
  }
  const env = { ...process.env, XDG_DATA_HOME: folder.path, XDG_CONFIG_HOME: folder.path, HOME: folder.path }
  const boot = startProgram({
    name: 'caddy',
    command: tools.caddy,
    args: ['run'],
    env: { ...env, CADDY_ADMIN: where.admin },
  })
  const load = async (w: World) => {
    const body = JSON.stringify(handWritten(w, where))
    const { status, text } = await post(adminPort, '/load', body)
    if (status !== 200) throw new Error(`Caddy refused: ${text}`)
  }
  await eventually('Caddy answers', () => load(world).then(() => true), { timeoutMs: 60_000 })
  const served = { httpPort, program: boot }
  await answers(served)
  const stop = async () => {
    await boot.kill('SIGKILL')
    folder[Symbol.dispose]()
  }
  return { ...served, load, [Symbol.asyncDispose]: stop }
}

const answers = ({ httpPort }: Pick<Served, 'httpPort'>) =>
  eventually(
    'the first host answers',
    async () => (await visit({ port: httpPort, name: nameOf(1) })).status === 200,
  )

function post(port: number, path: string, body: string): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }
    const req = request({ host: '127.0.0.1', port, path, method: 'POST', headers, agent: false }, (res) => {
      let text = ''
      res.on('data', (chunk: Buffer) => {
        text += chunk.toString('utf8')
      })
      res.on('end', () => resolve({ status: res.statusCode ?? 0, text }))
      res.on('error', reject)
    })
    req.on('error', reject)
    req.end(body)
  })
}
