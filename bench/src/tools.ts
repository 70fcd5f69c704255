import { execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { edgeBinary, findProgram, repository } from '@argos/testkit'

/** The programs that are compared, and those that load them. */
export interface Tools {
  readonly edge: string
  /** Stock Caddy of the version the edge is built on, from the same modules and with the same flags. */
  readonly caddy: string
  readonly upstream: string
  /** Loads a host over TLS. */
  readonly hammer: string
  readonly wrk: string
}

const built = join(repository, '.cache/bench')

/** Builds what is not there yet. Throws with words about what is missing. */
export function prepareTools(): Tools {
  const wrk = findProgram('wrk')
  if (wrk === null) throw new Error('`wrk` is needed: install the package of that name.')
  if (!existsSync(edgeBinary)) throw new Error('There is no edge yet: `./argos build edge` makes it.')
  mkdirSync(built, { recursive: true })
  return {
    edge: edgeBinary,
    wrk,
    caddy: build('caddy', 'apps/edge', 'github.com/caddyserver/caddy/v2/cmd/caddy'),
    upstream: build('upstream', 'bench/upstream', 'main.go'),
    hammer: build('hammer', 'bench/hammer', 'main.go'),
  }
}

function build(name: string, folder: string, what: string): string {
  const go = process.env.ARGOS_GO ?? ''
  if (go === '') throw new Error('Go is needed to build what the edge is compared with.')
  const output = join(built, name)
  execFileSync(go, ['build', '-trimpath', '-buildvcs=false', '-ldflags', '-s -w', '-o', output, what], {
    cwd: join(repository, folder),
    env: { ...process.env, CGO_ENABLED: '0', GOTOOLCHAIN: 'local' },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  return output
}

export interface Loaded {
  readonly requestsPerSecond: number
  readonly p99Ms: number
  readonly errors: number
}

/** Asks one host again and again over kept connections, and tells how fast answers came. */
export async function wrk(
  tools: Tools,
  {
    port,
    name,
    seconds,
    connections = 32,
  }: { port: number; name: string; seconds: number; connections?: number },
): Promise<Loaded> {
  const args = [
    ...['-t', '1', '-c', String(connections), '-d', `${seconds}s`, '--latency', '--timeout', '10s'],
    ...['-H', `Host: ${name}`, `http://127.0.0.1:${port}/`],
  ]
  const text = await output(tools.wrk, args)
  const rate = Number(/Requests\/sec:\s+([\d.]+)/.exec(text)?.[1])
  const [, p99 = '', unit = ''] = /99%\s+([\d.]+)(us|ms|s)/.exec(text) ?? []
  const non2xx = Number(/Non-2xx or 3xx responses: (\d+)/.exec(text)?.[1] ?? 0)
  const socket = /Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)/.exec(text)
  const errors = non2xx + (socket ? socket.slice(1).reduce((sum, n) => sum + Number(n), 0) : 0)
  if (!Number.isFinite(rate)) throw new Error(`wrk said something else:\n${text}`)
  return {
    requestsPerSecond: rate,
    p99Ms: Number(p99) * (unit === 'us' ? 0.001 : unit === 's' ? 1000 : 1),
    errors,
  }
}

export const output = (command: string, args: readonly string[]): Promise<string> =>
  new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] })
    let text = ''
    child.stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString('utf8')
    })
    child.once('error', reject)
    child.once('close', (code) =>
      code === 0 ? resolve(text) : reject(new Error(`${command} ended with ${code}`)),
    )
  })
