import { createHash } from 'node:crypto'
import { authorize, logout } from '@argos/contract'
import { describe, expect, test } from 'vitest'
import { hashToken, newToken } from '../secrets.ts'
import { admin, clientOf } from '../testing.ts'
import { gateBench, insertGroup, insertHost, insertPolicy, now } from './testing.ts'

const nonce = newToken()
const state = createHash('sha256').update(nonce).digest('base64url')
const protectedBy = (policyId: string, paths: { path: string; access: string }[] = []) => ({
  access: { kind: 'policy' as const, policyId, paths, keep: true, assertion: false },
})
const clause = (more: object) => ({
  ...{ who: 'these', people: [], groups: [], networks: [], times: [], factorHours: null },
  ...more,
})

async function bench() {
  const b = await gateBench()
  await insertPolicy(b.db, 'o_all', [clause({ who: 'signed_in' })])
  await insertHost(b.db, 'h_app', ['app.example.com', 'app.other.net'], protectedBy('o_all'))
  await insertHost(b.db, 'h_git', ['git.example.com'], protectedBy('o_all'))
  const client = clientOf(b.app)
  const me = await client.signIn(admin)
  const wish = (more: object = {}) =>
    client.call(authorize, { host: 'h_app', rd: '/files?x=1', state, ...more })
  const ticketOf = (url: string) => new URL(url).searchParams.get('ticket') ?? ''
  const redeem = (ticket: string, more: object = {}) =>
    b.ask('/redeem', { ticket: hashToken(ticket), nonce, host: 'h_app', ...more })
  const ticket = async (more: object = {}) => {
    const res = await wish(more)
    expect(res.json()).toMatchObject({ kind: 'go' })
    return ticketOf(res.json().url)
  }
  return { ...b, client, me, wish, ticket, redeem }
}

describe('from the panel to a host', () => {
  test('a ticket opens a session of that host, of that person, and leads back to where they were going', async () => {
    const b = await bench()
    const res = await b.wish({ name: 'app.other.net' })
    expect(res.statusCode).toBe(200)
    const url = new URL(res.json().url)
    expect(url.origin + url.pathname).toBe('https://app.other.net/_argos/session')
    const { status, body } = await b.redeem(url.searchParams.get('ticket') ?? '')
    expect(status).toBe(200)
    expect(body.rd).toBe('/files?x=1')
    expect(body.max_age_s).toBeGreaterThan(3_600)
    expect((await b.facts(body.token)).body.facts).toMatchObject({
      person: { id: b.me.user.id },
      session: b.me.session.id,
    })
    expect((await b.facts(body.token, { host: 'h_git' })).body).toEqual({ facts: null })
  })

  test('a ticket is good once, for a minute, at its host, in the browser that asked', async () => {
    const b = await bench()
    const none = { status: 200, body: { token: null } }
    const used = await b.ticket()
    expect((await b.redeem(used)).body.token).toHaveLength(43)
    expect(await b.redeem(used)).toEqual(none)
    expect(await b.redeem(await b.ticket(), { host: 'h_git' })).toEqual(none)
    const stolen = await b.ticket()
    expect(await b.redeem(stolen, { nonce: newToken() })).toEqual(none)
    // Tried from another browser it is used up.
    expect(await b.redeem(stolen)).toEqual(none)
    const old = await b.ticket()
    b.clock.advance(60_000)
    expect(await b.redeem(old)).toEqual(none)
    expect(await b.redeem(newToken())).toEqual(none)
  })

  test('FA-19 a ticket of a session that ended meanwhile opens nothing', async () => {
    const b = await bench()
    const ticket = await b.ticket()
    expect((await b.client.call(logout)).statusCode).toBe(204)
    expect((await b.redeem(ticket)).body).toEqual({ token: null })
  })

  test('RT-04 the target is looked at when it starts and when it is used: a host taken away is none', async () => {
    const b = await bench()
    const ticket = await b.ticket()
    await b.db.updateTable('host').set({ enabled: 0 }).where('id', '=', 'h_app').execute()
    expect((await b.redeem(ticket)).body).toEqual({ token: null })
    expect((await b.wish()).statusCode).toBe(404)
    await insertHost(b.db, 'h_plain', ['plain.example.com'], { tls: 'none' })
    expect((await b.wish({ host: 'h_plain' })).statusCode).toBe(404)
  })

  test('RT-01 RT-06 a target that leads elsewhere is the start of the host, one that is none is refused', async () => {
    const b = await bench()
    for (const rd of [
      '//evil.com',
      'https://evil.com/',
      '/\\evil.com',
      '/%2f%2fevil.com',
      'javascript:alert(1)',
      '',
    ]) {
      const { body } = await b.redeem(await b.ticket({ rd }))
      expect([rd, body.rd]).toEqual([rd, '/'])
    }
    for (const rd of [
      ['/', '//evil.com'],
      { rd: '/' },
      7,
      `/${'a'.repeat(2_048)}`,
      `/${'a'.repeat(900_000)}`,
    ])
      expect((await b.wish({ rd })).statusCode).toBe(400)
    expect((await b.wish({ name: 'evil.com' })).statusCode).toBe(400)
    expect((await b.wish({ state: 'short' })).statusCode).toBe(400)
  })

  test('FA-10 a wildcard’s names are its own, but for those that another host has', async () => {
    const b = await bench()
    await insertHost(b.db, 'h_wild', ['*.wild.net'], protectedBy('o_all'))
    await insertHost(b.db, 'h_own', ['own.wild.net'], protectedBy('o_all'))
    await insertHost(b.db, 'h_off', ['off.wild.net'], { enabled: 0 })
    const at = async (name?: string) => {
      const res = await b.wish({ host: 'h_wild', ...(name === undefined ? {} : { name }) })
      return res.statusCode === 200 ? new URL(res.json().url).host : res.statusCode
    }
    expect(await at('x.wild.net')).toBe('x.wild.net')
    for (const name of [
      'own.wild.net',
      'off.wild.net',
      'a.x.wild.net',
      'wild.net',
      '*.wild.net',
      'x.other.net',
      '3405803786/.wild.net',
      'evil?.wild.net',
      'evil#.wild.net',
      'evil\\.wild.net',
      'me@evil/.wild.net',
    ])
      expect([name, await at(name)]).toEqual([name, 400])
    expect(await at()).toBe(400)
    expect(await b.gate.targets.of('https://x.wild.net/y')).toBe('https://x.wild.net/y')
    for (const bad of [
      'https://off.wild.net/',
      'https://a.x.wild.net/',
      'https://*.wild.net/',
      'https://wild.net/',
    ])
      expect(await b.gate.targets.of(bad)).toBeNull()
  })

  test('a host that is public by now is gone to without a ticket, which its app would see', async () => {
    const b = await bench()
    await insertHost(b.db, 'h_www', ['www.example.com'])
    expect((await b.wish({ host: 'h_www' })).json()).toEqual({
      kind: 'go',
      url: 'https://www.example.com/files?x=1',
    })
  })

  test('without a session it is a 401, and another site’s page gets nowhere with one', async () => {
    const b = await bench()
    const stranger = clientOf(b.app)
    const body = { host: 'h_app', rd: '/', state }
    expect((await stranger.call(authorize, body)).statusCode).toBe(401)
    const foreign = { origin: 'https://evil.com', 'sec-fetch-site': 'cross-site' }
    expect((await b.client.call(authorize, body, foreign)).statusCode).toBe(403)
    expect((await b.client.call(authorize, body, { 'x-csrf-token': 'no' })).statusCode).toBe(403)
  })

  test('FA-09 whom no policy of the host lets in is told so here, and not sent in a circle', async () => {
    const b = await bench()
    await insertPolicy(b.db, 'o_family', [clause({ groups: ['g_family'] })])
    await insertHost(b.db, 'h_nas', ['nas.example.com'], protectedBy('o_family'))
    expect((await b.wish({ host: 'h_nas' })).json()).toEqual({ kind: 'denied', name: 'nas.example.com' })
    await insertGroup(b.db, 'g_family', 'family', b.me.user.id)
    expect((await b.wish({ host: 'h_nas' })).json()).toMatchObject({ kind: 'go' })
  })

  test('who gets into one path of it goes on: the gate judges the rest', async () => {
    const b = await bench()
    await insertPolicy(b.db, 'o_none', [])
    await insertPolicy(b.db, 'o_me', [clause({ people: [b.me.user.id] })])
    await insertHost(
      b.db,
      'h_1',
      ['one.example.com'],
      protectedBy('o_none', [{ path: '/a', access: 'o_me' }]),
    )
    await insertHost(
      b.db,
      'h_2',
      ['two.example.com'],
      protectedBy('o_none', [{ path: '/a', access: 'public' }]),
    )
    expect((await b.wish({ host: 'h_1' })).json()).toMatchObject({ kind: 'go' })
    expect((await b.wish({ host: 'h_2' })).json()).toMatchObject({ kind: 'denied' })
  })

  test('TO-06 a second factor is asked for where nothing opens without a fresh one, or the gate says so', async () => {
    const b = await bench()
    await insertPolicy(b.db, 'o_strong', [
      clause({ who: 'signed_in', factorHours: 2 }),
      clause({ who: 'signed_in', factorHours: 12 }),
    ])
    await insertPolicy(b.db, 'o_either', [
      clause({ who: 'signed_in', networks: ['192.168.0.0/16'] }),
      clause({ who: 'signed_in', factorHours: 12 }),
    ])
    await insertHost(b.db, 'h_s', ['s.example.com'], protectedBy('o_strong'))
    await insertHost(b.db, 'h_e', ['e.example.com'], protectedBy('o_either'))
    const kinds = async () =>
      Promise.all(
        [{ host: 'h_s' }, { host: 'h_s', factor: true }, { host: 'h_e' }, { host: 'h_e', factor: true }].map(
          async (more) => (await b.wish(more)).json().kind,
        ),
      )
    const factorAt = (ms: number | null) =>
      b.db.updateTable('session').set({ factor_at: ms }).where('id', '=', b.me.session.id).execute()
    expect(await kinds()).toEqual(['factor', 'factor', 'go', 'factor'])
    await factorAt(now - 5 * 3_600_000)
    expect(await kinds()).toEqual(['go', 'factor', 'go', 'go'])
    await factorAt(now - 3_600_000)
    expect(await kinds()).toEqual(['go', 'go', 'go', 'go'])
    await factorAt(now - 13 * 3_600_000)
    expect(await kinds()).toEqual(['factor', 'factor', 'go', 'factor'])
  })
})

describe('signing out at a host', () => {
  test('FA-19 ends the session at the panel and at every other host', async () => {
    const b = await bench()
    const app = (await b.redeem(await b.ticket())).body.token
    const git = await b.cookie(b.me.session.id, 'h_git')
    const known = async () => [
      (await b.facts(app)).body.facts !== null,
      (await b.facts(git, { host: 'h_git' })).body.facts !== null,
    ]
    expect(await known()).toEqual([true, true])
    const asked = { credential: hashToken(app), host: 'h_app', client: '203.0.113.7' }
    expect(await b.ask('/logout', asked)).toEqual({ status: 204, body: null })
    expect(await known()).toEqual([false, false])
    expect((await b.wish()).statusCode).toBe(401)
    expect(await b.ask('/logout', asked)).toEqual({ status: 204, body: null })
    const entry = await b.db.selectFrom('audit').selectAll().orderBy('id', 'desc').executeTakeFirst()
    expect(entry).toMatchObject({ action: 'logout', words: 'Signed out at app.example.com' })
  })

  test('or at this host only, when asked', async () => {
    const b = await bench()
    const app = (await b.redeem(await b.ticket())).body.token
    expect((await b.facts(app)).body.facts).not.toBeNull()
    await b.ask('/logout', { credential: hashToken(app), host: 'h_app', here: true })
    expect((await b.facts(app)).body).toEqual({ facts: null })
    expect((await b.wish()).statusCode).toBe(200)
  })

  test('a cookie of another host ends nothing', async () => {
    const b = await bench()
    const git = await b.cookie(b.me.session.id, 'h_git')
    await b.ask('/logout', { credential: hashToken(git), host: 'h_app' })
    expect((await b.wish()).statusCode).toBe(200)
  })
})

describe('guests', () => {
  test('a link opens its host, in its paths, until it ends; each use is counted', async () => {
    const b = await bench()
    const link = await b.guestLink({ paths: '["/album/"]', most_uses: 2 })
    const open = () => b.ask('/guest', { token: link, host: 'h_app', client: '198.51.100.1' })
    const { body } = await open()
    expect(body).toMatchObject({ rd: '/album/', max_age_s: 3_600 })
    expect((await b.facts(body.token, { kind: 'guest' })).body.facts).toEqual({
      ...{ session: 'l_1', person: null, groups: [], factor_at: null, auth_at: now },
      ...{ paths: ['/album/'], until: now + 3_600_000, source: 'guest' },
    })
    expect((await b.facts(body.token, { kind: 'guest', host: 'h_git' })).body).toEqual({ facts: null })
    expect((await b.facts(body.token)).body).toEqual({ facts: null })
    expect((await open()).body.token).toHaveLength(43)
    expect((await open()).body).toEqual({ token: null })
    const row = await b.db.selectFrom('guest_link').select('uses').executeTakeFirst()
    expect(row).toEqual({ uses: 2 })
    b.clock.advance(3_600_000)
    expect((await b.facts(body.token, { kind: 'guest' })).body).toEqual({ facts: null })
  })

  test('a link that is over, of another host, or none opens nothing, and guessing is throttled', async () => {
    const b = await bench()
    const link = await b.guestLink()
    const open = (token: string, host = 'h_app') => b.ask('/guest', { token, host, client: '198.51.100.1' })
    expect((await open(link, 'h_git')).body).toEqual({ token: null })
    b.clock.advance(3_600_000)
    expect((await open(link)).body).toEqual({ token: null })
    for (let n = 0; n < 4; n++) expect((await open(newToken())).body).toEqual({ token: null })
    expect((await open(newToken())).status).toBe(429)
  })

  test('taking a link back puts out whoever came in by it', async () => {
    const b = await bench()
    const { body } = await b.ask('/guest', { token: await b.guestLink(), host: 'h_app', client: '' })
    expect((await b.facts(body.token, { kind: 'guest' })).body.facts).not.toBeNull()
    await b.db.deleteFrom('guest_link').where('id', '=', 'l_1').execute()
    await b.evictions.now({ session: 'l_1' })
    expect((await b.facts(body.token, { kind: 'guest' })).body).toEqual({ facts: null })
  })
})
