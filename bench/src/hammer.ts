import { spawn } from 'node:child_process'
import type { Tools } from './tools.ts'

export interface Blows {
  readonly requests: number
  readonly errors: number
  /** How often each status was answered. */
  readonly statuses: Readonly<Record<string, number>>
  readonly perSecond: number
  /** Milliseconds; at a fixed rate from when the request was due. */
  readonly p50: number
  readonly p99: number
  /** Answers of 200 to requests that were sent after the mark. */
  readonly afterMark: number
}
export interface Hammering {
  readonly done: Promise<Blows>
  /** From now on answers of 200 are counted apart. */
  mark(): void
}
export interface Hammer {
  readonly port: number
  readonly name: string
  readonly seconds: number
  readonly connections?: number
  /** Requests a second over all connections; left out: as many as can be. */
  readonly rate?: number
  /** Header lines; those that begin with `0|` and `1|` take turns. */
  readonly headers?: readonly string[]
}

/** Asks a host over kept TLS connections (bench/hammer). */
export function hammer(tools: Pick<Tools, 'hammer'>, wish: Hammer): Hammering {
  const { port, name, seconds, connections = 32, rate = 0, headers = [] } = wish
  const args = [
    ...[`-port=${port}`, `-name=${name}`, `-for=${seconds}s`, `-connections=${connections}`, `-rate=${rate}`],
    ...headers.map((line) => `-header=${line}`),
  ]
  const child = spawn(tools.hammer, args, { stdio: ['pipe', 'pipe', 'inherit'] })
  const done = new Promise<Blows>((resolve, reject) => {
    let text = ''
    child.stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString('utf8')
    })
    child.once('error', reject)
    child.once('close', (code) =>
      code === 0 ? resolve(JSON.parse(text) as Blows) : reject(new Error(`hammer ended with ${code}`)),
    )
  })
  return { done, mark: () => void child.stdin.write('now\n') }
}

/** Throws when anything was answered but what is expected: a rate of refusals says nothing. */
export function only(status: string, blows: Blows): Blows {
  const other = blows.requests - (blows.statuses[status] ?? 0)
  if (other > 0 || blows.errors > 0)
    throw new Error(`expected ${status} only: ${JSON.stringify({ ...blows.statuses, errors: blows.errors })}`)
  return blows
}
