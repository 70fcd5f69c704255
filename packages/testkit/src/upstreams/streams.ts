import { createServer, type ServerResponse } from 'node:http'
import { WebSocketServer } from 'ws'
import { listen, type Upstream } from './server.ts'

export interface StreamsUpstream extends Upstream {
  /** How many WebSockets and event streams are open right now, as the upstream sees it. */
  open(): { sockets: number; streams: number }
}

/** `/ws` echoes WebSocket messages; `/sse` ticks `data: n` every `?ms=` (default 50) and never ends by itself. */
export async function streams(): Promise<StreamsUpstream> {
  const ticking = new Set<ServerResponse>()
  const server = createServer((req, res) => {
    const url = new URL(req.url ?? '/', 'http://upstream')
    if (url.pathname !== '/sse') {
      res.end('ok')
      return
    }
    res.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
    ticking.add(res)
    let n = 0
    const tick = () => void res.write(`data: ${n++}\n\n`)
    tick()
    const timer = setInterval(tick, Number(url.searchParams.get('ms') ?? 50))
    res.once('close', () => {
      clearInterval(timer)
      ticking.delete(res)
    })
  })
  const sockets = new WebSocketServer({ server, path: '/ws' })
  sockets.on('connection', (socket) => {
    socket.on('message', (data, binary) => socket.send(data, { binary }))
    socket.on('error', () => socket.terminate())
  })
  const upstream = await listen(server)
  return { ...upstream, open: () => ({ sockets: sockets.clients.size, streams: ticking.size }) }
}
