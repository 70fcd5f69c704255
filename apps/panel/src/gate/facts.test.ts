import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import { hashToken, newToken } from '../secrets.ts'
import { gateBench, insertGroup, insertHost, now, post } from './testing.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

async function bench() {
  const b = await gateBench()
  await insertHost(b.db, 'h_app', ['app.example.com'])
  await insertHost(b.db, 'h_git', ['git.example.com'])
  await b.user('u_maya', { display_name: 'Maya', email: 'maya@example.com' })
  return b
}

describe('what a cookie of a host stands for', () => {
  test('the person, their groups, and how long it may be believed', async () => {
    const b = await bench()
    await insertGroup(b.db, 'g_family', 'family', 'u_maya')
    const { id } = await b.session('u_maya')
    const { status, body } = await b.facts(await b.cookie(id))
    expect(status).toBe(200)
    expect(body.facts).toEqual({
      session: id,
      person: {
        ...{ id: 'u_maya', username: 'maya', name: 'Maya', email: 'maya@example.com' },
        ...{ groups: ['family'], provider: 'local' },
      },
      groups: ['g_family'],
      factor_at: null,
      auth_at: now,
      paths: null,
      until: now + 24 * HOUR,
      source: 'session',
    })
  })

  test('FA-03 what is not known of a person is empty, never made up', async () => {
    const b = await bench()
    await b.user('u_noor')
    const { id } = await b.session('u_noor')
    const { body } = await b.facts(await b.cookie(id))
    expect(body.facts.person).toMatchObject({ name: 'noor', email: '', groups: [] })
  })

  test('FA-04 no name of a person or group makes another header, or another group', async () => {
    const b = await bench()
    await b.user('u_eve', { display_name: 'Eve\r\nRemote-User: admin', email: 'e@x\u2028y' })
    await insertGroup(b.db, 'g_1', 'users,admins', 'u_eve')
    await insertGroup(b.db, 'g_2', 'al\nl', 'u_eve')
    const { id } = await b.session('u_eve')
    const { person, groups } = (await b.facts(await b.cookie(id))).body.facts
    expect(person.name).toBe('EveRemote-User: admin')
    expect(person.email).toBe('e@xy')
    expect(person.groups).toEqual(['all'])
    // Policies go by ids.
    expect(groups.toSorted()).toEqual(['g_1', 'g_2'])
  })

  test('FA-01 FA-16 it stands for nothing at another host, as another kind, or as the panel’s own', async () => {
    const b = await bench()
    const { id, token } = await b.session('u_maya')
    const cookie = await b.cookie(id)
    expect((await b.facts(cookie)).body.facts).not.toBeNull()
    for (const more of [{ host: 'h_git' }, { host: 'h_none' }, { kind: 'guest' }, { kind: 'bearer' }])
      expect((await b.facts(cookie, more)).body).toEqual({ facts: null })
    expect((await b.facts(token)).body).toEqual({ facts: null })
    expect(await b.sessions.find(cookie)).toBeNull()
  })

  test('FA-19 it ends with the session, and with the person', async () => {
    const b = await bench()
    const { id, tokenHash } = await b.session('u_maya')
    const cookie = await b.cookie(id)
    expect((await b.facts(cookie)).body.facts).not.toBeNull()
    await b.db.transaction().execute((trx) => b.sessions.end(trx, tokenHash))
    expect(await b.evictions.now({ session: id })).toBe(false)
    expect((await b.facts(cookie)).body).toEqual({ facts: null })

    const other = await b.session('u_maya')
    const second = await b.cookie(other.id)
    expect((await b.facts(second)).body.facts).not.toBeNull()
    await b.db.updateTable('user').set({ disabled: 1 }).where('id', '=', 'u_maya').execute()
    await b.evictions.now({ person: 'u_maya' })
    expect((await b.facts(second)).body).toEqual({ facts: null })
  })

  test('FA-21 it is never believed past the session’s own end, absolute or idle', async () => {
    const b = await bench()
    const absolute = await b.session('u_maya')
    const cookie = await b.cookie(absolute.id)
    const end = now + 5_000
    await b.db.updateTable('session').set({ expires_at: end }).where('id', '=', absolute.id).execute()
    expect((await b.facts(cookie)).body.facts.until).toBe(end)
    b.clock.set(end - 1)
    expect((await b.facts(cookie)).body.facts).not.toBeNull()
    b.clock.set(end)
    expect((await b.facts(cookie)).body).toEqual({ facts: null })

    const idle = await b.session('u_maya')
    const other = await b.cookie(idle.id)
    const last = b.clock.now()
    expect((await b.facts(other)).body.facts.until).toBe(last + 24 * HOUR)
    b.clock.set(last + 24 * HOUR)
    expect((await b.facts(other)).body).toEqual({ facts: null })
  })

  test('whoever uses only apps stays signed in: a question counts as a use', async () => {
    const b = await bench()
    const { id } = await b.session('u_maya')
    const cookie = await b.cookie(id)
    for (let hours = 20; hours <= 100; hours += 20) {
      b.clock.set(now + hours * HOUR)
      expect((await b.facts(cookie)).body.facts?.session).toBe(id)
    }
  })

  test('FA-18 asking writes nothing', async () => {
    const b = await bench()
    const { id } = await b.session('u_maya')
    const [cookie, app] = [await b.cookie(id), await b.appPassword({ id: 'a_1', user_id: 'u_maya' })]
    const writes = async () => (await sql<{ n: number }>`select total_changes() as n`.execute(b.db)).rows
    const before = await writes()
    for (let n = 0; n < 20; n++) {
      b.clock.advance(31_000)
      await b.facts(cookie)
      await b.facts(newToken())
      await b.facts(app, { kind: 'bearer' })
      await b.facts(`argos_${newToken()}`, { kind: 'bearer', client: '198.51.100.9' })
    }
    expect(await writes()).toEqual(before)
  })
})

describe('passwords of apps', () => {
  test('one is good at its host, under its owner’s name, in its paths, until it ends', async () => {
    const b = await bench()
    const row = { id: 'a_1', user_id: 'u_maya', paths: '["/rest/"]', expires_at: now + HOUR }
    const token = await b.appPassword(row)
    const basic = { kind: 'basic', user: 'Maya' }
    const { facts } = (await b.facts(token, basic)).body
    expect(facts).toMatchObject({
      ...{ session: 'a_1', source: 'app', paths: ['/rest/'], until: now + HOUR, factor_at: null },
      person: { id: 'u_maya' },
    })
    expect((await b.facts(token, { kind: 'header' })).body.facts).not.toBeNull()
    expect((await b.facts(token, { ...basic, user: 'anna' })).body).toEqual({ facts: null })
    expect((await b.facts(token, { kind: 'basic' })).body).toEqual({ facts: null })
    expect((await b.facts(token, { kind: 'bearer', host: 'h_git' })).body).toEqual({ facts: null })
    expect((await b.facts(token, { kind: 'cookie' })).body).toEqual({ facts: null })
    b.clock.set(now + HOUR)
    expect((await b.facts(token, { kind: 'header' })).body).toEqual({ facts: null })
  })

  test('taking one back leaves another, and the browser’s session', async () => {
    const b = await bench()
    const { id } = await b.session('u_maya')
    const cookie = await b.cookie(id)
    const [one, two] = [
      await b.appPassword({ id: 'a_1', user_id: 'u_maya' }),
      await b.appPassword({ id: 'a_2', user_id: 'u_maya' }),
    ]
    const known = async () =>
      Promise.all([b.facts(one, { kind: 'bearer' }), b.facts(two, { kind: 'bearer' }), b.facts(cookie)]).then(
        (all) => all.map(({ body }) => body.facts !== null),
      )
    expect(await known()).toEqual([true, true, true])
    await b.db.deleteFrom('app_password').where('id', '=', 'a_1').execute()
    await b.evictions.now({ credential: hashToken(one) })
    expect(await known()).toEqual([false, true, true])
  })

  test('guesses are refused like wrong sign-ins, by address and IPv6 network', async () => {
    const b = await bench()
    const token = await b.appPassword({ id: 'a_1', user_id: 'u_maya' })
    const guess = (client: string) => b.facts(`argos_${newToken()}`, { kind: 'bearer', client })
    for (let n = 1; n <= 5; n++) expect((await guess(`2001:db8::${n}`)).body).toEqual({ facts: null })
    expect(await guess('2001:db8::77')).toEqual({ status: 429, body: { retry_after_s: 1800 } })
    expect((await b.facts(token, { kind: 'bearer', client: '2001:db8::78' })).status).toBe(429)
    // Elsewhere it is good, and cookies are no guesses.
    expect((await b.facts(token, { kind: 'bearer', client: '2001:db8:0:1::1' })).body.facts).not.toBeNull()
    expect((await b.facts(newToken(), { client: '2001:db8::77' })).body).toEqual({ facts: null })
    b.clock.advance(30 * MINUTE)
    expect((await guess('2001:db8::77')).status).toBe(200)
  })

  test('a phone whose password was taken back is no guesser, however often it tries', async () => {
    const b = await bench()
    const old = `argos_${newToken()}`
    for (let n = 0; n < 50; n++) expect((await b.facts(old, { kind: 'bearer' })).status).toBe(200)
  })

  test('when it was last used is written down later, all at once', async () => {
    const b = await bench()
    const token = await b.appPassword({ id: 'a_1', user_id: 'u_maya' })
    await b.facts(token, { kind: 'bearer', client: '198.51.100.9' })
    const row = () => b.db.selectFrom('app_password').selectAll().where('id', '=', 'a_1').executeTakeFirst()
    expect(await row()).toMatchObject({ last_used_at: null })
    const tidying = b.gate.workers.find(({ name }) => name === 'gate-tidying')
    await tidying?.run(AbortSignal.timeout(1_000))
    expect(await row()).toMatchObject({ last_used_at: now, last_address: '198.51.100.9' })
  })
})

describe('the socket', () => {
  test('FA-01 FA-12 what is no question of the gate’s is refused, and the next one answered', async () => {
    const b = await bench()
    const good = { credential: 'a'.repeat(64), kind: 'cookie', host: 'h_app', client: '' }
    const status = async (path: string, body: string, method?: string) =>
      (await post(b.socketPath, path, body, method)).status
    expect(await status('/facts', JSON.stringify(good))).toBe(200)
    expect(await status('/facts', '')).toBe(400)
    expect(await status('/facts', '{')).toBe(400)
    expect(await status('/facts', 'null')).toBe(400)
    for (const more of [
      { credential: 'A'.repeat(64) },
      { credential: ['a'.repeat(64)] },
      { credential: randomBytes(33).toString('hex') },
      { kind: 'password' },
      { host: '../x' },
      { host: '__proto__ ' },
      { client: 'x'.repeat(65) },
    ])
      expect(await status('/facts', JSON.stringify({ ...good, ...more }))).toBe(400)
    expect(await status('/facts', '', 'GET')).toBe(404)
    for (const path of ['/', '/facts/', '/facts?x', '/constructor', '/__proto__', '/api/v1/me'])
      expect(await status(path, JSON.stringify(good))).toBe(404)
    expect(await status('/facts', JSON.stringify(good))).toBe(200)
  })

  test('a body that is too long is not read', async () => {
    const b = await bench()
    expect((await post(b.socketPath, '/facts', 'x'.repeat(4_097))).status).toBe(413)
  })
})
