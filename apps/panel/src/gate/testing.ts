import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Access } from '@argos/contract'
import type { Insertable, Kysely } from 'kysely'
import { onTestFinished } from 'vitest'
import type { AppPasswordTable, GuestLinkTable } from '../db/schema.identity.ts'
import type { DB } from '../db/schema.ts'
import { hashToken, newToken } from '../secrets.ts'
import { type TestOptions, testPanel } from '../testing.ts'

export const now = Date.UTC(2026, 0, 1)

/** The whole panel with its gate's server on a real socket, and what the edge would send. */
export async function gateBench(options: TestOptions = {}) {
  const panel = await testPanel(options)
  const folder = mkdtempSync(join(tmpdir(), 'argos-gate-'))
  const socketPath = join(folder, 'gate.sock')
  panel.gate.server.listen(socketPath)
  await once(panel.gate.server, 'listening')
  onTestFinished(() => {
    panel.gate.server.closeAllConnections()
    panel.gate.server.close()
    rmSync(folder, { recursive: true, force: true })
  })
  const ask = (path: string, body: unknown) => post(socketPath, path, JSON.stringify(body))
  const { db } = panel
  return {
    ...panel,
    socketPath,
    ask,
    facts: (token: string, more: object = {}) =>
      ask('/facts', {
        ...{ credential: hashToken(token), kind: 'cookie', host: 'h_app', name: 'app.example.com' },
        ...{ client: '203.0.113.7', ...more },
      }),
    user: (id: string, more: object = {}) => insertUser(db, id, more),
    /** A session of the panel, begun now. */
    session: async (userId: string) => {
      const from = { address: '203.0.113.7', userAgent: 'test' }
      return db.transaction().execute((trx) => panel.sessions.open(trx, userId, from, 'password'))
    },
    /** The cookie that a host's visitor has by this session. */
    cookie: async (sessionId: string, host = 'h_app') => {
      const token = newToken()
      await db
        .insertInto('edge_session')
        .values({
          ...{ token_hash: hashToken(token), host_id: host, session_id: sessionId },
          ...{ created_at: now, expires_at: now + 30 * 86_400_000 },
        })
        .execute()
      return token
    },
    appPassword: async (row: Partial<Insertable<AppPasswordTable>> & { id: string; user_id: string }) => {
      const token = `argos_${newToken()}`
      await db
        .insertInto('app_password')
        .values({
          ...{ host_id: 'h_app', name: 'phone', paths: '[]', created_at: now },
          ...{ ...row, token_hash: hashToken(token) },
        })
        .execute()
      return token
    },
    guestLink: async (row: Partial<Insertable<GuestLinkTable>> = {}) => {
      const token = newToken()
      await db
        .insertInto('guest_link')
        .values({
          ...{ id: 'l_1', host_id: 'h_app', name: 'party', paths: '[]', created_at: now, created_by: 'anna' },
          ...{ expires_at: now + 3_600_000, uses: 0, ...row, token_hash: hashToken(token) },
        })
        .execute()
      return token
    },
  }
}

export async function insertHost(
  db: Kysely<DB>,
  id: string,
  names: readonly string[],
  more: { readonly access?: Access; readonly enabled?: 0 | 1; readonly tls?: 'auto' | 'none' } = {},
): Promise<void> {
  const times = { version: 1, created_at: now, updated_at: now }
  await db
    .insertInto('pool')
    .values({
      ...{ id: `p_${id}`, name: `p_${id}`, protocol: 'http', verify_tls: 1, preserve_host: 1 },
      ...{ health: '{}', targets: '[]', ...times },
    })
    .execute()
  await db
    .insertInto('host')
    .values({
      ...{
        id,
        name: names[0] ?? id,
        enabled: more.enabled ?? 1,
        tls: more.tls ?? 'auto',
        tags: '[]',
        note: '',
      },
      ...{ access: JSON.stringify(more.access ?? { kind: 'public' }), pool_id: `p_${id}`, ...times },
    })
    .execute()
  for (const [position, name] of names.entries())
    await db.insertInto('host_domain').values({ name, host_id: id, position }).execute()
}

export async function insertUser(db: Kysely<DB>, id: string, more: object = {}): Promise<void> {
  await db
    .insertInto('user')
    .values({
      ...{ id, username: id.replace('u_', ''), password_hash: '', role: 'member', disabled: 0 },
      ...{ created_at: now, ...more },
    })
    .execute()
}

export async function insertPolicy(db: Kysely<DB>, id: string, any: readonly object[]): Promise<void> {
  await db
    .insertInto('policy')
    .values({ id, name: id, rules: JSON.stringify({ any }), version: 1, created_at: now, updated_at: now })
    .execute()
}

export async function insertGroup(db: Kysely<DB>, id: string, name: string, userId: string): Promise<void> {
  await db.insertInto('person_group').values({ id, name, created_at: now }).execute()
  await db.insertInto('group_member').values({ group_id: id, user_id: userId, source: 'manual' }).execute()
}

export interface Answered {
  readonly status: number
  // biome-ignore lint/suspicious/noExplicitAny: what the other side reads is looked at field by field
  readonly body: any
}

export async function post(
  socketPath: string,
  path: string,
  body: string,
  method = 'POST',
): Promise<Answered> {
  const req = request({ socketPath, path, method, headers: { 'content-type': 'application/json' } })
  req.end(body)
  const [res] = (await once(req, 'response')) as [import('node:http').IncomingMessage]
  let text = ''
  for await (const chunk of res.setEncoding('utf8')) text += chunk
  return { status: res.statusCode ?? 0, body: text === '' ? null : JSON.parse(text) }
}
