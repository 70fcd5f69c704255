import type { Server as HttpServer } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'

/** A service behind the edge. Closing it also ends what is open. */
export interface Upstream extends AsyncDisposable {
  readonly port: number
  /** `127.0.0.1:port`, as a pool's target dials it. */
  readonly dial: string
  close(): Promise<void>
}

/** Puts a server on a free loopback port, or on a given one. */
export async function listen(server: HttpServer, port = 0): Promise<Upstream> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve, reject) =>
    server.once('error', reject).listen(port, '127.0.0.1', resolve),
  )
  const bound = (server.address() as AddressInfo).port
  const close = async () => {
    for (const socket of sockets) socket.destroy()
    await new Promise((resolve) => server.close(resolve))
  }
  return { port: bound, dial: `127.0.0.1:${bound}`, close, [Symbol.asyncDispose]: close }
}
