import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { LoginAnswer, Me, Operation } from '@argos/contract'
import type { InjectOptions, LightMyRequestResponse } from 'fastify'
import pino from 'pino'
import { onTestFinished } from 'vitest'
import { buildApp } from './app.ts'
import { compose } from './compose.ts'
import { loadConfig } from './config.ts'
import type { Database } from './db/open.ts'
import { fakeClock, testDatabase } from './db/testing.ts'
import type { Listener } from './http/listener.ts'
import { pageRoutes } from './http/pages.ts'
import type { App, Routes } from './http/route.ts'
import { type Passwords, passwords } from './identity/passwords.ts'

export const admin = { username: 'anna', password: 'correct horse battery' } as const
/** As the edge passes on a request to the panel's own address. */
export const throughEdge = {
  host: 'panel.example.com',
  'x-argos-client': '203.0.113.7',
  'x-argos-proto': 'https',
}
export const origin = 'https://panel.example.com'

export interface TestOptions {
  readonly database?: Database
  readonly listener?: Listener
  /** False leaves the first administrator to be made. */
  readonly withAdmin?: boolean
  readonly env?: Readonly<Record<string, string>>
  readonly more?: readonly Routes[]
  readonly log?: pino.Logger
  readonly webDir?: string
}

/**
 * The whole panel as `main` composes it, on a database in memory, with cheap hashes and a clock that stands still. Its
 * edge is not there: nothing answers on that socket.
 */
export async function testPanel(options: TestOptions = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'argos-panel-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const config = loadConfig({
    ARGOS_DATA_DIR: folder,
    ARGOS_MASTER_KEY: 'c7'.repeat(32),
    ARGOS_WEB_DIR: options.webDir ?? join(folder, 'web'),
    ...options.env,
  })
  const database = options.database ?? (await testDatabase())
  const clock = fakeClock()
  const log = options.log ?? pino({ level: 'silent' })
  /** Passwords that were hashed to be compared, in order. */
  const hashed: string[] = []
  const cheap = passwords({ cost: 4 })
  const counted: Passwords = {
    hash: cheap.hash,
    verify: (password, hash) => {
      hashed.push(password)
      return cheap.verify(password, hash)
    },
  }
  const panel = compose({ config, database, clock, log, version: '0.0.0', passwords: counted })
  onTestFinished(() => panel.close())
  if (options.withAdmin ?? true) await panel.identity.ensureInitialAdmin(admin)
  const pages = pageRoutes({ webDir: config.webDir, version: '0.0.0' })
  const app = await buildApp(
    {
      log,
      sessions: panel.sessions,
      proofs: panel.proofs,
      tokens: panel.tokens,
      features: [...panel.features, ...(options.more ?? [])],
      pages,
    },
    options.listener ?? 'edge',
  )
  return { ...panel, app, config, database, db: database.db, clock, hashed }
}

export type TestPanel = Awaited<ReturnType<typeof testPanel>>

export interface Client {
  send(options: InjectOptions): Promise<LightMyRequestResponse>
  /** Calls an operation as the page does, with `x` for each parameter of its path. */
  call(op: Operation, body?: unknown, headers?: Record<string, string>): Promise<LightMyRequestResponse>
  signIn(credentials?: { username: string; password: string }): Promise<Me>
  /** Takes up a session that another operation than `login` answered with. */
  signedIn(me: Pick<Me, 'csrfToken'>): void
  csrf(): string
  cookie(): string
}

export const urlOf = (op: Operation): string => op.path.replaceAll(/:\w+/g, 'x')

/** A browser's side of one visitor: keeps the cookie and the token, and says where its page is from. */
export function clientOf(
  app: App,
  base: Readonly<Record<string, string>> = throughEdge,
  from = origin,
): Client {
  const jar = new Map<string, string>()
  const cookie = () => [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
  let csrf = ''
  const send = async (options: InjectOptions) => {
    const headers = { ...base, ...(jar.size === 0 ? {} : { cookie: cookie() }), ...options.headers }
    const res = await app.inject({ ...options, headers })
    for (const { name, value } of res.cookies) {
      if (value === '') jar.delete(name)
      else jar.set(name, value)
    }
    return res
  }
  const call: Client['call'] = (op, body, headers = {}) =>
    send({
      method: op.method,
      url: urlOf(op),
      headers: { ...(op.method === 'GET' ? {} : { origin: from, 'x-csrf-token': csrf }), ...headers },
      ...(body === undefined ? {} : { payload: body as object }),
    })
  return {
    send,
    call,
    signedIn: (me) => {
      csrf = me.csrfToken
    },
    csrf: () => csrf,
    cookie,
    async signIn(credentials = admin) {
      const headers = { origin: from }
      const res = await send({ method: 'POST', url: '/api/v1/login', headers, payload: credentials })
      if (res.statusCode !== 200) throw new Error(`login: ${res.statusCode} ${res.body}`)
      const answer = res.json<LoginAnswer>()
      if (answer.kind === 'challenge') throw new Error(`login: a second factor is asked for`)
      csrf = answer.me.csrfToken
      return answer.me
    },
  }
}
