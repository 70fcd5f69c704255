import type { Me, Operation } from '@argos/contract'
import type { InjectOptions, LightMyRequestResponse } from 'fastify'
import pino from 'pino'
import { type AppDeps, buildApp } from '../app.ts'
import { auditRoutes } from '../audit/audit.routes.ts'
import { auditService } from '../audit/audit.service.ts'
import type { Database } from '../db/open.ts'
import { fakeClock, testDatabase } from '../db/testing.ts'
import { identityRoutes } from '../identity/identity.routes.ts'
import { identityService } from '../identity/identity.service.ts'
import { loginLimiter } from '../identity/login-limiter.ts'
import { type Passwords, passwords } from '../identity/passwords.ts'
import { recoverySheets } from '../identity/recovery-sheet.ts'
import { sessionService } from '../identity/sessions.ts'
import type { Listener } from './listener.ts'
import { pageRoutes } from './pages.ts'
import type { App, Routes } from './route.ts'

export const testKey = Buffer.from('c7'.repeat(32), 'hex')
export const admin = { username: 'anna', password: 'correct horse battery' } as const
/** As the edge passes on a request to the panel's own address. */
export const throughEdge = {
  host: 'panel.example.com',
  'x-argos-client': '203.0.113.7',
  'x-argos-proto': 'https',
}
export const origin = 'https://panel.example.com'

/** Identity and audit on a database in memory, with cheap hashes and a clock that stands still. */
export async function testServices(options: { database?: Database; passwords?: Passwords } = {}) {
  const database = options.database ?? (await testDatabase())
  const { db } = database
  const clock = fakeClock()
  const audit = auditService({ db, clock })
  const sessions = sessionService({ db, clock, masterKey: testKey })
  const hashed: string[] = []
  const cheap = options.passwords ?? passwords({ cost: 4 })
  const counted: Passwords = {
    hash: cheap.hash,
    verify: (password, hash) => {
      hashed.push(password)
      return cheap.verify(password, hash)
    },
  }
  const limiter = loginLimiter({ db, clock, audit })
  const identity = identityService({ db, clock, audit, sessions, limiter, passwords: counted })
  const sheets = recoverySheets({ db, clock, audit, masterKey: testKey, keyLocation: '.env' })
  /** Passwords that were hashed to be compared, in order. */
  return { database, db, clock, audit, sessions, limiter, identity, sheets, hashed }
}
export type TestServices = Awaited<ReturnType<typeof testServices>>

export async function testApp(
  services: TestServices,
  { listener = 'edge', more = [], ...over }: { listener?: Listener; more?: Routes[] } & Partial<AppDeps> = {},
): Promise<App> {
  const { identity, sheets, audit, sessions } = services
  return buildApp(
    {
      log: pino({ level: 'silent' }),
      sessions,
      features: [identityRoutes({ identity, sheets }), auditRoutes({ audit }), ...more],
      pages: pageRoutes({ webDir: '/nowhere', version: '0.0.0' }),
      ...over,
    },
    listener,
  )
}

export interface Client {
  send(options: InjectOptions): Promise<LightMyRequestResponse>
  call(op: Operation, body?: unknown, headers?: Record<string, string>): Promise<LightMyRequestResponse>
  signIn(credentials?: { username: string; password: string }): Promise<Me>
  csrf(): string
  cookie(): string
}

/** A browser's side of one visitor: keeps the cookie and the token, and says where it comes from. */
export function clientOf(app: App, base: Readonly<Record<string, string>> = throughEdge): Client {
  let cookie = ''
  let csrf = ''
  const send = async (options: InjectOptions) => {
    const headers = { ...base, ...(cookie === '' ? {} : { cookie }), ...options.headers }
    const res = await app.inject({ ...options, headers })
    for (const { name, value } of res.cookies) cookie = value === '' ? '' : `${name}=${value}`
    return res
  }
  const call: Client['call'] = (op, body, headers = {}) =>
    send({
      method: op.method,
      url: op.path.replaceAll(/:\w+/g, 'x'),
      headers: { ...(op.method === 'GET' ? {} : { origin, 'x-csrf-token': csrf }), ...headers },
      ...(body === undefined ? {} : { payload: body as object }),
    })
  return {
    send,
    call,
    csrf: () => csrf,
    cookie: () => cookie,
    async signIn(credentials = admin) {
      const res = await send({
        method: 'POST',
        url: '/api/v1/login',
        headers: { origin },
        payload: credentials,
      })
      if (res.statusCode !== 200) throw new Error(`login: ${res.statusCode} ${res.body}`)
      const me = res.json<Me>()
      csrf = me.csrfToken
      return me
    },
  }
}
