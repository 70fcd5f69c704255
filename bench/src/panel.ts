import { Agent, request } from 'node:https'
import { join } from 'node:path'
import type { Host } from '@argos/contract'
import { type Stack, startStack } from '@argos/testkit'
import { seed, type World } from './world.ts'

/** A panel with its edge, and a world saved and live in them. */
export interface Panel extends AsyncDisposable {
  readonly stack: Stack
  /** A request over a kept connection, as a browser has one. Rejects when the panel refuses. */
  ask<T>(method: string, path: string, body?: unknown): Promise<T>
}

export async function startPanel(world: World | null): Promise<Panel> {
  const stack = await startStack()
  if (world) {
    await stack.kill('panel', 'SIGTERM')
    await seed(join(stack.dataDir, 'argos.db'), world)
    stack.start('panel')
    await stack.reachable(60_000)
    await stack.inSync(600_000)
  }
  const agent = new Agent({ keepAlive: true, maxSockets: 1, rejectUnauthorized: false })
  const origin = new URL(stack.panelUrl)
  const ask = <T>(method: string, path: string, body?: unknown): Promise<T> =>
    new Promise((resolve, reject) => {
      const text = body === undefined ? undefined : JSON.stringify(body)
      const req = request({
        ...{ agent, host: origin.hostname, port: origin.port, method, path },
        headers: {
          ...{ cookie: stack.api.cookie(), origin: origin.origin, 'x-csrf-token': stack.api.csrfToken() },
          ...(text === undefined
            ? {}
            : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }),
        },
      })
      req.on('response', (res) => {
        const chunks: Buffer[] = []
        res.on('data', (chunk: Buffer) => chunks.push(chunk))
        res.on('error', reject)
        res.on('end', () => {
          const answer = Buffer.concat(chunks).toString('utf8')
          if ((res.statusCode ?? 0) < 300) resolve(JSON.parse(answer) as T)
          else reject(new Error(`${method} ${path}: ${res.statusCode} ${answer.slice(0, 300)}`))
        })
      })
      req.on('error', reject)
      req.end(text)
    })
  const stop = async () => {
    agent.destroy()
    await stack.stop()
  }
  return { stack, ask, [Symbol.asyncDispose]: stop }
}

export interface Written {
  readonly host: Host
  readonly saved: { readonly generation: number; readonly live: boolean }
}

/** What a form sends back. */
export function formOf({ id: _, poolName: _1, state: _2, createdAt: _3, updatedAt: _4, ...form }: Host) {
  return form
}
