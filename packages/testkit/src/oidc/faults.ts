import type { ServerResponse } from 'node:http'
import { gzipSync } from 'node:zlib'

/** Ways not to answer, or to answer nonsense. */
export type Faulty =
  | 'hangs'
  | 'drips'
  | 'drops'
  | 'fails'
  | 'garbage'
  | 'bomb'
  | 'huge'
  | { redirect: string }

export function fault(kind: Faulty, res: ServerResponse): void {
  const begun = () => res.writeHead(200, { 'content-type': 'application/json' })
  if (typeof kind === 'object') return void res.writeHead(302, { location: kind.redirect }).end()
  switch (kind) {
    case 'hangs':
      return
    case 'drips': {
      begun()
      const timer = setInterval(() => res.write(' '), 200)
      res.once('close', () => clearInterval(timer))
      return
    }
    case 'drops':
      begun().write('{"keys":[')
      setImmediate(() => res.destroy())
      return
    case 'fails':
      res.writeHead(500, { 'content-type': 'text/html' }).end('<h1>Internal Server Error</h1>')
      return
    case 'garbage':
      begun().end('{"access_token": }')
      return
    case 'bomb':
      res.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' })
      res.end(gzipSync(Buffer.alloc(30 * 1024 * 1024, 0x20)))
      return
    case 'huge': {
      begun()
      const block = Buffer.alloc(256 * 1024, 0x20)
      let left = 200
      const more = () => {
        while (left > 0 && !res.destroyed) {
          left -= 1
          if (!res.write(block)) {
            res.once('drain', more)
            return
          }
        }
        res.end('{}')
      }
      more()
    }
  }
}
