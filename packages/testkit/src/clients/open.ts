import { connect as netConnect, type Socket } from 'node:net'
import { connect as tlsConnect } from 'node:tls'
import { WebSocket } from 'ws'
import type { EdgeRequest } from './request.ts'

type Where = Pick<EdgeRequest, 'port' | 'name' | 'tls' | 'path' | 'headers'>

/** Something that stays open through the edge until one side ends it. */
export interface Open {
  /** Messages or bytes that came so far. */
  received(): number
  /** Milliseconds (of `performance.now`) at which the edge ended it, or null while it is open. */
  endedAt(): number | null
  close(): void
}

/** An open WebSocket through the edge. `ask` sends a text and resolves with its echo. */
export interface OpenWebSocket extends Open {
  ask(text: string): Promise<string>
}

export async function openWebSocket({
  port,
  name,
  tls = false,
  path = '/ws',
  headers = {},
}: Where): Promise<OpenWebSocket> {
  const socket = new WebSocket(`${tls ? 'wss' : 'ws'}://127.0.0.1:${port}${path}`, {
    headers: { host: name, ...(headers as Record<string, string>) },
    ...(tls ? { rejectUnauthorized: false, servername: name } : {}),
  })
  let received = 0
  let endedAt: number | null = null
  socket.on('message', () => {
    received += 1
  })
  await new Promise<void>((resolve, reject) => socket.once('open', resolve).once('error', reject))
  socket.on('error', () => socket.terminate())
  socket.once('close', () => {
    endedAt = performance.now()
  })
  return {
    received: () => received,
    endedAt: () => endedAt,
    close: () => socket.terminate(),
    ask: (text) =>
      new Promise((resolve, reject) => {
        if (socket.readyState !== WebSocket.OPEN) reject(new Error('the WebSocket is closed'))
        socket.once('message', (data) => resolve(data.toString()))
        socket.send(text, (err) => err && reject(err))
      }),
  }
}

/** An event stream through the edge; `received` counts its bytes. Resolves once the first one has come. */
export async function openEventStream({ path = '/sse', ...where }: Where): Promise<Open> {
  const open = await raw({ path, ...where })
  await new Promise<void>((resolve, reject) => {
    open.socket.once('data', () => resolve())
    open.socket.once('close', () => reject(new Error('the stream ended before its first byte')))
  })
  return open
}

/** A client that asks for a large body and never reads it: its handler is stuck in a write until it is cut. */
export async function openStalled({ path = '/?bytes=1000000000', ...where }: Where): Promise<Open> {
  const open = await raw({ path, ...where })
  await new Promise<void>((resolve) => open.socket.once('data', () => resolve()))
  open.socket.pause()
  // A paused socket does not hear of its end, so its other half is asked: a write to a cut connection fails.
  let endedAt: number | null = null
  const probe = setInterval(() => open.socket.write('\r\n'), 50)
  const ended = () => {
    endedAt ??= performance.now()
    clearInterval(probe)
  }
  open.socket.once('error', ended).once('close', ended)
  return {
    ...open,
    endedAt: () => endedAt ?? open.endedAt(),
    close: () => {
      clearInterval(probe)
      open.close()
    },
  }
}

async function raw({
  port,
  name,
  tls = false,
  path = '/',
  headers = {},
}: Where): Promise<Open & { socket: Socket }> {
  const socket: Socket = tls
    ? tlsConnect({
        host: '127.0.0.1',
        port,
        servername: name,
        rejectUnauthorized: false,
        ALPNProtocols: ['http/1.1'],
      })
    : netConnect({ host: '127.0.0.1', port })
  await new Promise<void>((resolve, reject) =>
    socket.once(tls ? 'secureConnect' : 'connect', () => resolve()).once('error', reject),
  )
  let received = 0
  let endedAt: number | null = null
  socket.on('error', () => socket.destroy())
  socket.on('data', (chunk: Buffer) => {
    received += chunk.length
  })
  socket.once('close', () => {
    endedAt = performance.now()
  })
  const lines = Object.entries(headers).map(([header, value]) => `${header}: ${value}\r\n`)
  socket.write(`GET ${path} HTTP/1.1\r\nHost: ${name}\r\n${lines.join('')}\r\n`)
  return { socket, received: () => received, endedAt: () => endedAt, close: () => socket.destroy() }
}
