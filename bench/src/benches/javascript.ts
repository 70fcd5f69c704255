import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { repository } from '@argos/testkit'
import { atMost, type Bench } from '../bench.ts'

/** What a browser must have before the first page is drawn: the scripts that index.html names. */
export const javascript: Bench = {
  name: 'javascript',
  summary: 'initial JavaScript of the pages, gzip',
  async run() {
    const dist = join(repository, 'apps/web/dist')
    const html = readFileSync(join(dist, 'index.html'), 'utf8')
    const files = [...html.matchAll(/(?:src|href)="\/?([^"]+\.js)"/g)].map(([, file = '']) => file)
    const bytes = new Set(files)
      .values()
      .reduce((sum, f) => sum + gzipSync(readFileSync(join(dist, f))).length, 0)
    return [atMost('scripts that index.html names', bytes / 1024, 180, 'KB')]
  },
}
