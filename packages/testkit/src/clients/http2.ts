import { connect } from 'node:http2'
import type { Open } from './open.ts'
import type { EdgeRequest } from './request.ts'

type Where = Pick<EdgeRequest, 'port' | 'name' | 'path'>

/** A response over HTTP/2 that stays open; with `stalled` it is not read after its first bytes. */
export async function openHttp2(
  { port, name, path = '/sse' }: Where,
  { stalled = false } = {},
): Promise<Open> {
  const session = connect(`https://127.0.0.1:${port}`, { servername: name, rejectUnauthorized: false })
  let received = 0
  let endedAt: number | null = null
  const ended = () => {
    endedAt ??= performance.now()
  }
  const stream = session.request({ ':path': path, ':authority': name })
  await new Promise<void>((resolve, reject) => {
    session.once('error', reject)
    stream.once('error', reject)
    stream.once('data', () => resolve())
  })
  session.on('error', ended).once('close', ended)
  stream.on('error', ended).once('close', ended).once('aborted', ended)
  if (stalled) stream.pause()
  stream.on('data', (chunk: Buffer) => {
    received += chunk.length
  })
  if (stalled) stream.pause()
  return { received: () => received, endedAt: () => endedAt, close: () => session.destroy() }
}
