import { rmSync } from 'node:fs'
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/**
 * What stands between two parts that speak HTTP over a unix socket.
 * `pass`: nothing. `absent`: nobody listens. `refuse`: each request is answered 500 and not handed on. `hang`: taken and
 * never answered nor handed on. `deaf`: handed on, the answer withheld. `cut`: handed on, the answer reset in its middle.
 */
export type Trouble = 'pass' | 'absent' | 'refuse' | 'hang' | 'deaf' | 'cut'

export interface SocketProxy extends AsyncDisposable {
  readonly path: string
  /** Changes what happens from now on; connections that are open end. */
  set(trouble: Trouble): Promise<void>
  /** Requests that came since the trouble was set last. */
  seen(): number
  close(): Promise<void>
}

/** Listens on the socket `path` and hands requests on to the one at `target`. */
export async function socketProxy(path: string, target: () => string): Promise<SocketProxy> {
  let trouble: Trouble = 'pass'
  let seen = 0
  const sockets = new Set<Socket>()
  const server = createServer((req, res) => {
    seen += 1
    if (trouble === 'hang') return
    if (trouble === 'refuse') {
      req.resume()
      res.writeHead(500, { 'content-type': 'application/json' }).end('{"error":"out of order"}')
      return
    }
    handOn(req, res, target(), trouble)
  })
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    socket.on('error', () => socket.destroy())
  })
  const open = () =>
    new Promise<void>((resolve, reject) => server.once('error', reject).listen(path, () => resolve()))
  const shut = async () => {
    for (const socket of sockets) socket.destroy()
    if (server.listening) await new Promise((resolve) => server.close(resolve))
    rmSync(path, { force: true })
  }
  await open()
  return {
    path,
    seen: () => seen,
    set: async (next) => {
      trouble = next
      seen = 0
      if (next === 'absent') return shut()
      for (const socket of sockets) socket.destroy()
      if (!server.listening) await open()
    },
    close: shut,
    [Symbol.asyncDispose]: shut,
  }
}

function handOn(req: IncomingMessage, res: ServerResponse, socketPath: string, trouble: Trouble): void {
  const onward = request(
    { socketPath, path: req.url, method: req.method, headers: req.headers, agent: false },
    (answer) => {
      if (trouble === 'deaf') {
        answer.resume()
        return
      }
      res.writeHead(answer.statusCode ?? 502, answer.rawHeaders)
      if (trouble === 'pass') {
        answer.pipe(res)
        return
      }
      answer.once('data', (chunk: Buffer) => {
        res.write(chunk.subarray(0, Math.ceil(chunk.length / 2)), () => res.socket?.destroy())
      })
      answer.resume()
    },
  )
  onward.on('error', () => res.socket?.destroy())
  req.pipe(onward)
}
