import type { FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '../errors.ts'
import { type File, fileOf, readFiles } from './files.ts'
import { openApi, openApiText } from './openapi.ts'
import { referencePage, referenceStyle } from './reference-page.ts'
import type { Routes } from './route.ts'

const page = { config: { page: true as const } }

/** The UI with its fallback for client-side paths, the API's description and its reference page. All public. */
export function pageRoutes({ webDir, version }: { webDir: string; version: string }): Routes {
  const ui = readFiles(webDir)
  const index = ui.get('/index.html') ?? notBuilt
  const api = new Map<string, File>([
    ['/api/openapi.json', fileOf(Buffer.from(openApiText(version)), 'application/json; charset=utf-8')],
    ['/api/docs', fileOf(Buffer.from(referencePage(openApi(version))), 'text/html; charset=utf-8')],
    ['/api/docs.css', fileOf(Buffer.from(referenceStyle), 'text/css; charset=utf-8')],
  ])
  return async (app) => {
    for (const [path, file] of api) app.get(path, page, (req, reply) => send(req, reply, file))
    app.get('/*', page, (req, reply) => {
      const path = req.url.split('?', 1)[0] ?? '/'
      const file = ui.get(path)
      if (file) return send(req, reply, file)
      // A missing file or operation is no page of the UI; everything else is, and the UI knows which.
      if (path.startsWith('/api/') || /\.\w+$/.test(path))
        throw new AppError('not_found', 'There is nothing here.')
      return send(req, reply, index)
    })
  }
}

async function send(req: FastifyRequest, reply: FastifyReply, file: File): Promise<FastifyReply> {
  reply.headers({
    'cache-control': file.immutable ? 'public, max-age=31536000, immutable' : 'no-cache',
    etag: file.etag,
    vary: 'accept-encoding',
  })
  if (req.headers['if-none-match'] === file.etag) return reply.code(304).send()
  const wantsBrotli = /(^|[\s,])br([\s,;]|$)/.test(String(req.headers['accept-encoding'] ?? ''))
  const compressed = wantsBrotli ? await file.brotli() : null
  if (compressed) reply.header('content-encoding', 'br')
  return reply.type(file.type).send(compressed ?? file.body)
}

const notBuilt = fileOf(
  Buffer.from(
    '<!doctype html><html lang="en"><meta charset="utf-8"><title>Argos</title><h1>The pages are not built</h1><p>Run <code>./argos build web</code> and restart. The API works: see <a href="/api/docs">its reference</a>.</p></html>',
  ),
  'text/html; charset=utf-8',
)
