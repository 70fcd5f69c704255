import { readFileSync } from 'node:fs'
import { request } from 'node:http'
import { type Echo, type EdgeAnswer, type EdgeRequest, type Stack, visit } from '@argos/testkit'

/** Visits a name over plain HTTP, or over TLS with `tls`, as a browser that resolved it would. */
export const browse = (stack: Stack, name: string, more: Partial<EdgeRequest> = {}): Promise<EdgeAnswer> =>
  visit({ port: more.tls ? stack.ports.https : stack.ports.http, name, ...more })

export const statusOf = async (stack: Stack, name: string): Promise<number> =>
  (await browse(stack, name)).status

/** Visits an echo upstream and answers what it saw. */
export async function echoed(stack: Stack, name: string, more: Partial<EdgeRequest> = {}): Promise<Echo> {
  const answer = await browse(stack, name, more)
  if (answer.status !== 200) throw new Error(`${name}: ${answer.status} ${answer.body.slice(0, 200)}`)
  return JSON.parse(answer.body) as Echo
}

/** All values of a header as the upstream got them, whatever its case. */
export const valuesOf = ({ headers }: Echo, name: string): string[] =>
  headers.filter(([n]) => n.toLowerCase() === name.toLowerCase()).map(([, value]) => value)

/** Asks the edge's control socket. */
export const control = (socketPath: string, path: string): Promise<{ status: number; body: string }> =>
  new Promise((resolve, reject) => {
    const req = request({ socketPath, path, agent: false }, (res) => {
      let body = ''
      res.setEncoding('utf8')
      res.on('data', (chunk: string) => {
        body += chunk
      })
      res.on('error', reject)
      res.on('end', () => resolve({ status: res.statusCode ?? 0, body }))
    })
    req.on('error', reject)
    req.end()
  })

export interface EdgeState {
  readonly pid: number
  readonly etag: string
  readonly base: string | null
  readonly generation: number
  readonly boot: { readonly from: string; readonly errors: readonly string[] | null }
  readonly open_requests: number
}

/** What the edge says of itself. */
export const edgeState = async (stack: Pick<Stack, 'edgeSocket'>): Promise<EdgeState> =>
  JSON.parse((await control(stack.edgeSocket, '/argos/info?summary=1')).body) as EdgeState

/** Each host's and pool's Caddy JSON as the edge serves it, by `host:id` and `pool:id`. */
export async function objectsAtEdge({
  edgeSocket,
}: Pick<Stack, 'edgeSocket'>): Promise<Map<string, unknown>> {
  const { body } = await control(edgeSocket, '/config/apps/argos')
  const { hosts, pools } = JSON.parse(body) as Partial<Record<'hosts' | 'pools', Record<string, unknown>>>
  const keyed = (kind: string, all: Record<string, unknown> = {}) =>
    Object.entries(all).map(([id, value]) => [`${kind}:${id}`, value] as const)
  return new Map([...keyed('host', hosts), ...keyed('pool', pools)])
}

/** The most memory a process has had, in bytes; 0 where the system does not tell. */
export function peakMemory(pid: number | null): number {
  const [, kb] = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  return Number(kb ?? 0) * 1024
}

/** Processor time that a process has used so far, in milliseconds (proc(5): utime and stime, in hundredths). */
export function processorMs(pid: number | null): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  // The name stands in brackets and may have blanks of its own.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) * 10
}
