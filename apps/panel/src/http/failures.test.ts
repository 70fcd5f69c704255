import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { hostList, operation, operations, recoverySheetConfirm, settingsUpdate } from '@argos/contract'
import SQLite from 'better-sqlite3'
import pino from 'pino'
import { afterAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { openDatabase } from '../db/open.ts'
import { AppError } from '../errors.ts'
import { createLog } from '../log.ts'
import { admin, clientOf, testPanel } from '../testing.ts'
import { toProblem } from './problem.ts'
import { type Routes, route } from './route.ts'

const folder = mkdtempSync(join(tmpdir(), 'argos-failures-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** Where a log's lines can be read again. */
function kept() {
  const lines: string[] = []
  return { lines, log: createLog('debug', { write: (line: string) => void lines.push(line) }) }
}
const failing = (id: string, fail: () => unknown): { op: ReturnType<typeof op>; routes: Routes } => {
  const made = op(id)
  return {
    op: made,
    routes: async (app) => void app.route({ ...route(made), handler: async () => fail() as never }),
  }
}
const op = (id: string) =>
  operation({
    id,
    method: 'GET',
    path: `/api/v1/${id}`,
    scope: 'public',
    tag: 'Test',
    summary: id,
    status: 200,
    response: z.object({ ok: z.boolean() }),
  })

describe('when something goes wrong inside', () => {
  const secret = 'select password from vault'
  test.each([
    [
      'a handler throws',
      () => {
        throw new Error(secret)
      },
    ],
    [
      'a handler throws something that is no error',
      () => {
        throw secret
      },
    ],
    ['a promise in it is rejected', () => Promise.reject(new Error(secret))],
    ['a query fails', () => Promise.reject(Object.assign(new Error(secret), { code: 'SQLITE_CONSTRAINT' }))],
    ['it answers what the contract does not know', () => ({ ok: secret })],
  ])('FT-08 %s: 500 with the request’s id, nothing leaks, the next request is served', async (_, fail) => {
    const { lines, log } = kept()
    const broken = failing('broken', fail)
    const { app } = await testPanel({ more: [broken.routes], log })
    const visitor = clientOf(app)
    const res = await visitor.call(broken.op)
    expect(res.statusCode).toBe(500)
    expect(res.json()).toMatchObject({ code: 'internal', requestId: expect.stringMatching(/^[\w-]{12}$/) })
    expect(res.body).not.toContain('vault')
    const { requestId } = res.json<{ requestId: string }>()
    expect(lines.filter((line) => line.includes(requestId))).not.toEqual([])
    expect((await visitor.send({ method: 'GET', url: '/healthz' })).statusCode).toBe(200)
  })

  test('FT-08 a plugin that fails while it is registered stops the start, not the running process', async () => {
    await expect(
      testPanel({ more: [() => Promise.reject(new Error('cannot be registered'))] }),
    ).rejects.toThrow('cannot be registered')
  })

  test('columns that the contract does not name never leave', async () => {
    const loose = failing('loose', () => ({ ok: true, password_hash: '$2b$12$…' }))
    const { app } = await testPanel({ more: [loose.routes] })
    expect((await clientOf(app).call(loose.op)).json()).toEqual({ ok: true })
  })

  test('FT-04 with the database held by another program writes are put off with 503 and reads go on', async () => {
    const path = join(folder, 'held.db')
    const { app, database } = await testPanel({ database: await openDatabase(path) })
    const anna = clientOf(app)
    await anna.signIn()
    const other = new SQLite(path)
    other.exec('begin immediate')
    const settings = {
      panelDomain: '',
      panelTls: 'auto',
      acmeDirectory: '',
      acmeEmail: 'a@example.com',
      acmeRootPem: '',
      trustedProxies: [],
    }
    for (const res of [
      await anna.call(settingsUpdate, { settings, version: 1 }),
      await anna.call(recoverySheetConfirm, { lastFour: 'c7c7' }),
    ]) {
      expect(res.statusCode).toBe(503)
      expect(res.headers['retry-after']).toBe('2')
      expect(res.json()).toMatchObject({ code: 'busy', retryAfterS: 2 })
    }
    expect((await anna.call(hostList)).statusCode).toBe(200)
    expect((await anna.send({ method: 'GET', url: '/api/v1/me' })).statusCode).toBe(200)
    other.exec('rollback')
    other.close()
    expect((await anna.call(settingsUpdate, { settings, version: 1 })).statusCode).toBe(200)
    await database.close()
  })

  test('LD-05 while it stops, what has begun is answered, and what comes is told so as every refusal is', async () => {
    const begun = Promise.withResolvers<void>()
    const goOn = Promise.withResolvers<void>()
    const slow = failing('slow', async () => {
      begun.resolve()
      await goOn.promise
      return { ok: true }
    })
    const { app } = await testPanel({ more: [slow.routes] })
    const path = join(folder, 'stopping.sock')
    await app.listen({ path })
    const connection = connect(path).setEncoding('utf8')
    let said = ''
    connection.on('data', (chunk: string) => {
      said += chunk
    })
    const ended = once(connection, 'close')
    const get = (url: string) => connection.write(`GET ${url} HTTP/1.1\r\nHost: panel\r\n\r\n`)
    get(slow.op.path)
    await begun.promise
    const closed = app.close()
    await expect.poll(() => app.server.listening).toBe(false)
    get('/healthz')
    goOn.resolve()
    await Promise.all([closed, ended])
    const answers = said.split(/(?=HTTP\/1\.1 )/)
    expect(answers).toEqual([
      expect.stringMatching(/ 200 [\s\S]*\{"ok":true\}$/),
      expect.stringMatching(/ 503 [\s\S]*retry-after: 5[\s\S]*\{"code":"busy",/),
    ])
  })

  test('F9 without an edge everything is answered, and the status says so', async () => {
    const { app, workers } = await testPanel()
    const anna = clientOf(app)
    await anna.signIn()
    const watcher = workers.find((w) => w.name === 'edge-watch')
    await watcher?.run(AbortSignal.timeout(5_000))
    for (const reading of operations.filter((o) => o.method === 'GET')) {
      expect((await anna.call(reading)).statusCode).toBeLessThan(500)
    }
    const status = (await anna.send({ method: 'GET', url: '/api/v1/system' })).json()
    expect(status).toMatchObject({ edge: { state: 'unreachable' }, warnings: [{ code: 'edge_unreachable' }] })
  })
})

describe('what the caller hears', () => {
  test.each([
    ['an outcome', new AppError('stale', 'Load it again.'), 409, 'stale'],
    ['a busy database', Object.assign(new Error('x'), { code: 'SQLITE_BUSY_SNAPSHOT' }), 503, 'busy'],
    ['a full disk', Object.assign(new Error('x'), { code: 'SQLITE_FULL' }), 503, 'busy'],
    ['a bug', new TypeError('x is undefined'), 500, 'internal'],
    ['nothing at all', undefined, 500, 'internal'],
  ])('%s', (_, err, status, code) => {
    expect(toProblem(err, 'r1')).toMatchObject({ status, body: { code, requestId: 'r1' } })
  })

  test('FT-03 a full disk is told without its words, which stand in the log with the request’s id', async () => {
    const { lines, log } = kept()
    const full = failing('full', () => {
      throw Object.assign(new Error('database or disk is full at /vault'), { code: 'SQLITE_FULL' })
    })
    const { app } = await testPanel({ more: [full.routes], log })
    const res = await clientOf(app).call(full.op)
    expect([res.statusCode, res.headers['retry-after'], res.body.includes('vault')]).toEqual([
      503,
      '60',
      false,
    ])
    const { requestId } = res.json<{ requestId: string }>()
    expect(lines.find((line) => line.includes(requestId))).toContain('database or disk is full')
  })
})

describe('the log', () => {
  test('has no password, token or cookie of a request, on any level', async () => {
    const { lines, log } = kept()
    log.level = 'trace'
    const { app } = await testPanel({ log })
    const anna = clientOf(app)
    await anna.send({ method: 'GET', url: '/api/v1/setup?token=a-very-secret-token' })
    await anna.signIn()
    await anna.send({
      method: 'POST',
      url: '/api/v1/login',
      payload: { username: 'anna', password: 'a wrong password' },
    })
    log.error(
      {
        password: admin.password,
        headers: { cookie: anna.cookie() },
        deep: { er: { token: 'a-very-secret-token' } },
      },
      'by mistake',
    )
    const all = lines.join('\n')
    expect(all).toContain('by mistake')
    for (const secret of [
      admin.password,
      'a wrong password',
      'a-very-secret-token',
      anna.cookie(),
      anna.csrf(),
    ]) {
      expect(all).not.toContain(secret)
    }
  })

  test('of an error it has the chain of causes and nothing the error carries along', () => {
    const { lines, log } = kept()
    const cause = Object.assign(new Error('inner'), { parameters: ['a-secret'] })
    log.error({ err: new Error('outer', { cause }) }, 'failed')
    expect(lines.join()).toMatch(/outer[\s\S]*inner/)
    expect(lines.join()).not.toContain('a-secret')
    expect(pino.levels.values.error).toBe(50)
  })
})
