import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { brotliDecompressSync } from 'node:zlib'
import { operations } from '@argos/contract'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { clientOf, testPanel } from '../testing.ts'
import { openApi, openApiText } from './openapi.ts'

const root = resolve(import.meta.dirname, '../../../..')
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }
const webDir = mkdtempSync(join(tmpdir(), 'argos-web-'))
const script = `console.log(${JSON.stringify('x'.repeat(5_000))})`
beforeAll(() => {
  mkdirSync(join(webDir, 'assets'))
  mkdirSync(join(webDir, '.vite'))
  writeFileSync(join(webDir, 'index.html'), '<!doctype html><title>Argos</title>')
  writeFileSync(join(webDir, 'assets/main-abc123.js'), script)
  writeFileSync(join(webDir, 'favicon.svg'), '<svg/>')
  writeFileSync(join(webDir, '.vite/manifest.json'), '{}')
})
afterAll(() => rmSync(webDir, { recursive: true }))

async function get(url: string, headers: Record<string, string> = {}) {
  const { app } = await testPanel({ webDir })
  return clientOf(app).send({ method: 'GET', url, headers })
}

describe('the description of the API', () => {
  test('openapi.json is what the contract says; `pnpm openapi` writes it', () => {
    expect(readFileSync(join(root, 'openapi.json'), 'utf8')).toBe(openApiText(version))
  })

  test('it has every operation with its scope, and is served', async () => {
    const { paths } = openApi(version)
    const ids = Object.values(paths).flatMap((methods) => Object.values(methods).map((op) => op.operationId))
    expect(ids.sort()).toEqual(operations.map((op) => op.id).sort())
    const res = await get('/api/openapi.json')
    expect(res.json()).toEqual(JSON.parse(openApiText('0.0.0')))
  })

  test('the reference page names every operation and needs no script and no inline style', async () => {
    const page = await get('/api/docs')
    expect(page.headers['content-type']).toBe('text/html; charset=utf-8')
    for (const op of operations) expect(page.body).toContain(`id="${op.id}"`)
    expect(page.body).not.toMatch(/<script|<style|style="|\son\w+=|undefined|\[object/)
    expect((await get('/api/docs.css')).headers['content-type']).toBe('text/css; charset=utf-8')
  })
})

describe('the pages', () => {
  test.each(['/', '/hosts', '/hosts/h_1/tls', '/setup'])(
    '%s is the UI, looked for anew each time',
    async (url) => {
      const res = await get(url)
      expect([res.statusCode, res.headers['cache-control']]).toEqual([200, 'no-cache'])
      expect(res.body).toContain('<title>Argos</title>')
    },
  )

  test('what has a hash in its name is kept for ever, compressed for those that take it', async () => {
    const res = await get('/assets/main-abc123.js', { 'accept-encoding': 'gzip, deflate, br, zstd' })
    expect(res.headers).toMatchObject({
      'cache-control': 'public, max-age=31536000, immutable',
      'content-type': 'text/javascript; charset=utf-8',
      'content-encoding': 'br',
      vary: 'accept-encoding',
    })
    expect(brotliDecompressSync(res.rawPayload).toString()).toBe(script)
    expect((await get('/assets/main-abc123.js')).body).toBe(script)
  })

  test('an unchanged page is not sent again', async () => {
    const { etag } = (await get('/')).headers
    const res = await get('/', { 'if-none-match': String(etag) })
    expect([res.statusCode, res.body]).toEqual([304, ''])
  })

  test.each([
    '/assets/gone.js',
    '/../config.ts',
    '/%2e%2e/config.ts',
    '/assets/..%2f..%2findex.html',
    '/.vite/manifest.json',
    '/api/v1/nothing',
    '/api/v2/hosts',
  ])('%s is not there', async (url) => {
    const res = await get(url)
    expect(res.statusCode).toBe(404)
    expect(res.json()).toMatchObject({ code: 'not_found' })
  })

  test('F9 without built pages there is still the API, and a page that says so', async () => {
    const { app } = await testPanel()
    const res = await clientOf(app).send({ method: 'GET', url: '/' })
    expect(res.body).toContain('The pages are not built')
  })
})

describe('headers of every answer', () => {
  const urls = [
    '/',
    '/assets/main-abc123.js',
    '/api/docs',
    '/api/openapi.json',
    '/healthz',
    '/api/v1/me',
    '/api/nothing',
    '/%zz',
  ]

  test.each(urls)(
    'CS-06 CS-07 %s: no frames, no opener, no inline script, nothing from elsewhere',
    async (url) => {
      const { headers } = await get(url)
      const policy = Object.fromEntries(
        String(headers['content-security-policy'])
          .split('; ')
          .map((part) => [part.split(' ')[0], part.slice(part.indexOf(' ') + 1)]),
      )
      expect(policy).toMatchObject({
        'default-src': "'none'",
        'script-src': "'self'",
        'style-src': "'self'",
        'connect-src': "'self'",
        'base-uri': "'none'",
        'frame-ancestors': "'none'",
      })
      expect(String(headers['content-security-policy'])).not.toMatch(/unsafe|\*|https?:/)
      expect(headers).toMatchObject({
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
        'referrer-policy': 'no-referrer',
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
      })
      // Only the edge knows whether the name is the panel's own.
      expect(headers['strict-transport-security']).toBeUndefined()
    },
  )

  test.each(urls.filter((url) => url.startsWith('/api/v1') || url === '/healthz'))(
    '%s is kept by no cache',
    async (url) => {
      expect((await get(url)).headers['cache-control']).toBe('no-store')
    },
  )
})
