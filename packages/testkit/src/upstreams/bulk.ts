import { createServer } from 'node:http'
import { finished } from 'node:stream'
import { listen, type Upstream } from './server.ts'

const BLOCK = Buffer.alloc(256 * 1024, 0x61)

export interface BulkUpstream extends Upstream {
  /** Bytes that uploads have brought so far, unfinished ones included. */
  received(): number
}

/**
 * Bodies of any size, none of them ever held: GET `/?bytes=n` streams n bytes, PUT or POST counts what comes and
 * answers `{"bytes":n}`. A GET stops producing when nobody reads.
 */
export async function bulk(): Promise<BulkUpstream> {
  let received = 0
  const server = createServer((req, res) => {
    if (req.method === 'GET') {
      let left = Number(new URL(req.url ?? '/', 'http://upstream').searchParams.get('bytes') ?? 0)
      res.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': left })
      const pump = () => {
        while (left > 0) {
          const block = left >= BLOCK.length ? BLOCK : BLOCK.subarray(0, left)
          left -= block.length
          if (!res.write(block)) {
            res.once('drain', pump)
            return
          }
        }
        res.end()
      }
      pump()
      return
    }
    let bytes = 0
    req.on('data', (chunk: Buffer) => {
      bytes += chunk.length
      received += chunk.length
    })
    finished(req, (err) => {
      if (err) res.destroy()
      else res.setHeader('content-type', 'application/json').end(JSON.stringify({ bytes }))
    })
  })
  // An upload of gigabytes takes as long as it takes.
  server.requestTimeout = 0
  const upstream = await listen(server)
  return { ...upstream, received: () => received }
}
