import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { login, type Problem } from '@argos/contract'
import SQLite from 'better-sqlite3'
import { afterAll, describe, expect, test } from 'vitest'
import { openDatabase } from '../db/open.ts'
import { admin, clientOf, origin, testPanel, throughEdge } from '../testing.ts'

const MINUTE = 60_000
const folder = mkdtempSync(join(tmpdir(), 'argos-login-'))
afterAll(() => rmSync(folder, { recursive: true }))

async function panel(database?: Awaited<ReturnType<typeof openDatabase>>) {
  const services = await testPanel(database ? { database } : {})
  const { app } = services
  const tryFrom = (address: string, password = 'wrong', username: string = admin.username) =>
    clientOf(app, { ...throughEdge, 'x-argos-client': address }).send({
      method: 'POST',
      url: login.path,
      headers: { origin },
      payload: { username, password },
    })
  return { ...services, tryFrom }
}

describe('signing in', () => {
  test('the right name and password answer who it is and set a cookie no page can read', async () => {
    const { tryFrom, db } = await panel()
    const res = await tryFrom('203.0.113.7', admin.password, ' Anna ')
    expect(res.statusCode).toBe(200)
    expect(res.json()).toMatchObject({
      kind: 'signed_in',
      me: {
        user: { username: 'anna', role: 'admin' },
        pending: ['recovery_sheet', 'panel_domain', 'first_host'],
        warnings: [],
      },
    })
    expect(res.cookies).toMatchObject([
      { name: '__Host-panel', path: '/', secure: true, httpOnly: true, sameSite: 'Strict' },
      { name: '__Host-argos-device', path: '/', secure: true, httpOnly: true, sameSite: 'Strict' },
    ])
    const [session] = await db.selectFrom('session').selectAll().execute()
    expect(session?.token_hash).toMatch(/^[0-9a-f]{64}$/)
    expect(JSON.stringify(session)).not.toContain(res.cookies[0]?.value)
    expect(session?.address).toBe('203.0.113.7')
  })

  test('a wrong name and a wrong password get the same answer for the price of one hash each', async () => {
    const { tryFrom, hashed } = await panel()
    const [wrong, unknown, impossible] = [
      await tryFrom('203.0.113.1', 'wrong'),
      await tryFrom('203.0.113.2', 'wrong', 'nobody'),
      await tryFrom('203.0.113.3', 'wrong', 'not a name\u0000!'),
    ]
    const seen = (res: typeof wrong) => ({ ...res.json<Problem>(), requestId: '', status: res.statusCode })
    expect(seen(unknown)).toEqual(seen(wrong))
    expect(seen(impossible)).toEqual(seen(wrong))
    expect(wrong.statusCode).toBe(401)
    expect(hashed).toHaveLength(3)
    const names = (res: typeof wrong) => Object.keys(res.headers).sort()
    expect(names(unknown)).toEqual(names(wrong))
  })

  test('a disabled account is refused like a wrong password, and its sessions end at once', async () => {
    const { app, db, tryFrom } = await panel()
    const anna = clientOf(app)
    await anna.signIn()
    await db.updateTable('user').set({ disabled: 1 }).execute()
    expect((await anna.send({ method: 'GET', url: '/api/v1/me' })).statusCode).toBe(401)
    expect((await tryFrom('203.0.113.9', admin.password)).json()).toMatchObject({
      message: 'Name or password is not right.',
    })
  })

  test('LG-01 the sixth try after five failures is refused for 30 minutes, the right password too', async () => {
    const { app, clock, tryFrom, hashed } = await panel()
    for (let n = 1; n <= 5; n++) expect((await tryFrom('203.0.113.7')).statusCode).toBe(401)
    const sixth = await tryFrom('203.0.113.7', admin.password)
    expect(sixth.statusCode).toBe(429)
    expect(sixth.headers['retry-after']).toBe('1800')
    expect(sixth.json()).toMatchObject({ code: 'rate_limited', retryAfterS: 1800 })
    clock.advance(30 * MINUTE - 1)
    expect((await tryFrom('203.0.113.7', admin.password)).statusCode).toBe(429)
    expect(hashed).toHaveLength(5)
    clock.advance(1)
    expect((await tryFrom('203.0.113.7', admin.password)).statusCode).toBe(200)
    const anna = clientOf(app)
    await anna.signIn()
    const trail = await anna.send({ method: 'GET', url: '/api/v1/audit?q=refuses+203.0.113.7' })
    expect(trail.json<{ entries: unknown[] }>().entries).toHaveLength(1)
  })

  test('LG-01 failures count for five minutes, successes never, and other addresses are not concerned', async () => {
    const { clock, tryFrom } = await panel()
    for (let n = 1; n <= 4; n++) await tryFrom('203.0.113.7')
    for (let n = 1; n <= 6; n++) expect((await tryFrom('203.0.113.7', admin.password)).statusCode).toBe(200)
    clock.advance(5 * MINUTE)
    for (let n = 1; n <= 4; n++) expect((await tryFrom('203.0.113.7')).statusCode).toBe(401)
    expect((await tryFrom('203.0.113.7', admin.password)).statusCode).toBe(200)
    expect((await tryFrom('203.0.113.7')).statusCode).toBe(401)
    expect((await tryFrom('203.0.113.7')).statusCode).toBe(429)
    expect((await tryFrom('203.0.113.8', admin.password)).statusCode).toBe(200)
  })

  test.each([6, 20])('LG-02 a restart at minute %i of the ban does not lift it', async (minute) => {
    const path = join(folder, `ban-${minute}.db`)
    const first = await panel(await openDatabase(path))
    for (let n = 1; n <= 5; n++) await first.tryFrom('203.0.113.7')
    await first.database.close()
    const second = await panel(await openDatabase(path))
    second.clock.advance(minute * MINUTE)
    await second.limiter.tidy()
    expect((await second.tryFrom('203.0.113.7', admin.password)).statusCode).toBe(429)
    second.clock.advance((30 - minute) * MINUTE)
    expect((await second.tryFrom('203.0.113.7', admin.password)).statusCode).toBe(200)
    await second.database.close()
  })

  test('LG-03 a hundred wrong passwords at once cost five hashes', async () => {
    const { tryFrom, hashed } = await panel()
    const answers = await Promise.all(Array.from({ length: 100 }, () => tryFrom('203.0.113.7')))
    expect(hashed).toHaveLength(5)
    const counts = Map.groupBy(answers, (res) => res.statusCode)
    expect([counts.get(401)?.length, counts.get(429)?.length]).toEqual([5, 95])
  })

  test('LG-04 a whole IPv6 /64 is one address, and IPv4 in IPv6 is IPv4', async () => {
    const { tryFrom } = await panel()
    for (let n = 1; n <= 5; n++) await tryFrom(`2001:db8:1:2::${n}`)
    expect((await tryFrom('2001:db8:1:2:dead:beef:0:1', admin.password)).statusCode).toBe(429)
    expect((await tryFrom('2001:db8:1:3::1', admin.password)).statusCode).toBe(200)
    for (let n = 1; n <= 5; n++) await tryFrom('::ffff:203.0.113.7')
    expect((await tryFrom('203.0.113.7', admin.password)).statusCode).toBe(429)
  })

  test('LG-06 headers that a visitor can send ban nobody else', async () => {
    const { app, tryFrom } = await panel()
    const spoofed = {
      'x-forwarded-for': '203.0.113.50',
      'x-real-ip': '203.0.113.50',
      forwarded: 'for=203.0.113.50',
      'cf-connecting-ip': '203.0.113.50',
      'true-client-ip': '203.0.113.50',
    }
    const attacker = clientOf(app, { ...throughEdge, ...spoofed, 'x-argos-client': '198.51.100.1' })
    for (let n = 1; n <= 6; n++) {
      const payload = { username: admin.username, password: 'wrong' }
      await attacker.send({ method: 'POST', url: login.path, headers: { origin }, payload })
    }
    expect((await tryFrom('203.0.113.50', admin.password)).statusCode).toBe(200)
    expect((await tryFrom('198.51.100.1', admin.password)).statusCode).toBe(429)
  })

  test('LG-06 on the plain listener even the header of the edge says nothing', async () => {
    const { app, db } = await testPanel({ listener: 'plain' })
    for (let n = 1; n <= 6; n++) {
      await clientOf(app, { host: 'panel.lan:9080', 'x-argos-client': '203.0.113.50' }).send({
        method: 'POST',
        url: login.path,
        headers: { origin: 'http://panel.lan:9080' },
        payload: { username: admin.username, password: 'wrong' },
      })
    }
    const bans = await db.selectFrom('login_ban').select('bucket').execute()
    expect(bans).toEqual([{ bucket: '127.0.0.1' }])
  })

  test('LG-12 with the limiter out of reach nobody is let in, and nothing is hashed', async () => {
    const path = join(folder, 'locked.db')
    const { tryFrom, hashed, database } = await panel(await openDatabase(path))
    const other = new SQLite(path)
    other.exec('begin immediate')
    const res = await tryFrom('203.0.113.7', admin.password)
    expect(res.statusCode).toBe(503)
    expect(res.headers['retry-after']).toBe('2')
    expect(hashed).toEqual([])
    other.exec('rollback')
    other.close()
    expect((await tryFrom('203.0.113.7', admin.password)).statusCode).toBe(200)
    await database.close()
  })
})
