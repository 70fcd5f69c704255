import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { extname, join, relative } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants } from 'node:zlib'

export interface File {
  readonly body: Buffer
  readonly type: string
  readonly etag: string
  /** Whether its name changes with its content, so that it may be kept for ever. */
  readonly immutable: boolean
  /** Compressed on first use; null when that would not help. */
  brotli(): Promise<Buffer> | null
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.json': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.txt': 'text/plain; charset=utf-8',
}
const compressible = /^(text|application|image\/svg)/
const compress = promisify(brotliCompress)

/** The built pages, read once: what is served is exactly what was there at the start, and no path leads elsewhere. */
export function readFiles(folder: string): ReadonlyMap<string, File> {
  let names: string[]
  try {
    names = readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
  } catch (err) {
    if ((err as NodeJS.ErrnoException).code === 'ENOENT') return new Map()
    throw err
  }
  const files = names.flatMap((name) => {
    const type = types[extname(name)]
    // Vite's manifest and source maps are nobody's business.
    if (type === undefined || name.startsWith('.vite')) return []
    return [[`/${name}`, fileOf(readFileSync(join(folder, name)), type, name.startsWith('assets/'))] as const]
  })
  return new Map(files)
}

export function fileOf(body: Buffer, type: string, immutable = false): File {
  let compressed: Promise<Buffer> | undefined
  return {
    body,
    type,
    immutable,
    etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`,
    brotli: () => {
      if (!compressible.test(type) || body.length < 1_000) return null
      compressed ??= compress(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } })
      return compressed
    },
  }
}
