import { once } from 'node:events'
import { chmodSync, lstatSync, rmSync } from 'node:fs'
import type { Server as HttpServer } from 'node:http'
import { connect } from 'node:net'
import { splitAddress } from '../config.ts'
import type { App } from './route.ts'

/** The panel cannot start here. Said in one line, without a stack. */
export class StartRefusal extends Error {
  override readonly name = 'StartRefusal'
}

/** Listens on the private socket, 0660: the edge is of the same group. Replaces a file that a killed panel left. */
export async function listenOnSocket(app: App, path: string): Promise<void> {
  await clearWay(path)
  await app.listen({ path })
  chmodSync(path, 0o660)
}

/** The same for a server of Node's own. */
export async function serveOnSocket(server: HttpServer, path: string): Promise<void> {
  await clearWay(path)
  server.listen({ path })
  await once(server, 'listening')
  chmodSync(path, 0o660)
}

/** For programs of this machine or network that know a secret; it has no TLS. */
export async function serveOnAddress(server: HttpServer, address: string): Promise<void> {
  const parts = splitAddress(address)
  if (parts === null) throw new StartRefusal(`${address} is no address to listen on.`)
  server.listen(parts)
  await once(server, 'listening')
}

/** What is being answered is; connections that are only kept open end. */
export const closeServer = (server: HttpServer): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve())
    server.closeIdleConnections()
  })

async function clearWay(path: string): Promise<void> {
  const found = lstatSync(path, { throwIfNoEntry: false })
  if (found && !found.isSocket()) throw new StartRefusal(`${path} is in the way and is no socket; move it.`)
  if (found) {
    if (await answers(path)) {
      throw new StartRefusal(
        `Another panel serves ${path} already. One panel per folder: stop it, or use another.`,
      )
    }
    rmSync(path)
  }
}

/** Listens on TCP without TLS; the configuration has made sure that this is wanted. */
export async function listenPlain(app: App, address: string): Promise<void> {
  const parts = splitAddress(address)
  if (parts === null) throw new StartRefusal(`${address} is no address to listen on.`)
  await app.listen(parts)
}

const answers = (path: string): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(path)
    const end = (alive: boolean) => {
      socket.destroy()
      resolve(alive)
    }
    socket.once('connect', () => end(true))
    socket.once('error', (err: NodeJS.ErrnoException) =>
      end(err.code !== 'ECONNREFUSED' && err.code !== 'ENOENT'),
    )
  })
