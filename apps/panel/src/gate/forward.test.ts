import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { authorize } from '@argos/contract'
import { describe, expect, onTestFinished, test } from 'vitest'
import { newToken } from '../secrets.ts'
import { clientOf } from '../testing.ts'
import { gateBench, insertGroup, insertHost, insertPolicy, now } from './testing.ts'

const secret = 's'.repeat(40)
const signedIn = {
  ...{ who: 'signed_in', people: [], groups: [], networks: [], times: [], factorHours: null },
}

async function bench() {
  const b = await gateBench({
    env: { ARGOS_FORWARD_AUTH_LISTEN: '127.0.0.1:9081', ARGOS_FORWARD_AUTH_SECRET: secret },
  })
  const server = b.gate.forward
  if (server === null) throw new Error('it is not there')
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  await b.db
    .updateTable('setting')
    .set({ json: JSON.stringify({ panelDomain: 'panel.example.com' }) })
    .execute()
  await insertPolicy(b.db, 'o_in', [signedIn])
  await insertPolicy(b.db, 'o_home', [{ ...signedIn, who: 'everyone', networks: ['192.168.0.0/16'] }])
  await insertPolicy(b.db, 'o_family', [{ ...signedIn, who: 'these', groups: ['g_family'] }])
  await insertPolicy(b.db, 'o_strong', [{ ...signedIn, factorHours: 12 }])
  const paths = [
    { path: '/share/', access: 'public' as const },
    { path: '/lan/', access: 'o_home' },
    { path: '/family/', access: 'o_family' },
    { path: '/admin/', access: 'o_strong' },
  ]
  const access = { kind: 'policy' as const, policyId: 'o_in', paths, keep: true, assertion: true }
  await insertHost(b.db, 'h_app', ['app.example.com'], { access })
  await insertHost(b.db, 'h_www', ['www.example.com'])
  await b.user('u_maya', { display_name: 'Mäya', email: '' })
  const raw = async (url: string, headers: Record<string, string | string[]> = {}, method = 'GET') => {
    const req = request({ host: '127.0.0.1', port, path: url, method, headers })
    req.end()
    const [res] = (await once(req, 'response')) as [IncomingMessage]
    let body = ''
    for await (const chunk of res.setEncoding('utf8')) body += chunk
    return { status: res.statusCode ?? 0, headers: res.headers, body }
  }
  const about = (uri: string, more: Record<string, string | string[]> = {}) => ({
    ...{ 'x-argos-secret': secret, 'x-forwarded-host': 'app.example.com', 'x-forwarded-uri': uri },
    ...{ 'x-forwarded-method': 'GET', 'x-forwarded-proto': 'https', 'x-forwarded-for': '203.0.113.7' },
    ...more,
  })
  const verify = (uri: string, more: Record<string, string | string[]> = {}) =>
    raw('/verify', about(uri, more))
  const cookieOf = async (userId: string) => {
    const { id } = await b.session(userId)
    return { id, cookie: `__Host-argos=${await b.cookie(id)}` }
  }
  return { ...b, raw, about, verify, cookieOf }
}
const html = { accept: 'text/html' }

describe('the second endpoint', () => {
  test('FA-12 without the secret there is nothing, whatever is asked', async () => {
    const b = await bench()
    const { cookie } = await b.cookieOf('u_maya')
    for (const given of [
      {},
      { 'x-argos-secret': 'x' },
      { 'x-argos-secret': '' },
      { 'x-argos-secret': [secret, secret] },
    ])
      for (const url of ['/verify', '/auth-request', '/_argos/logout', '/verify/wrong', '/', '/api/v1/me']) {
        const { 'x-argos-secret': _, ...said } = b.about('/', { cookie })
        expect((await b.raw(url, { ...said, ...given })).status).toBe(404)
      }
    expect(
      (await b.raw(`/verify/${secret}`, { ...b.about('/', { cookie }), 'x-argos-secret': [] })).status,
    ).toBe(200)
    // The panel's own address says nothing of the kind.
    const res = await b.app.inject({
      url: '/verify',
      headers: { ...b.about('/'), host: 'panel.example.com' },
    })
    expect(res.headers['remote-user']).toBeUndefined()
  })

  test('the same policy decides: path, network, group and second factor', async () => {
    const b = await bench()
    const { cookie, id } = await b.cookieOf('u_maya')
    const status = async (uri: string, more = {}) => (await b.verify(uri, { cookie, ...more })).status
    expect((await b.verify('/')).status).toBe(401)
    expect((await b.verify('/share/x')).status).toBe(200)
    expect((await b.verify('/lan/x')).status).toBe(403)
    expect((await b.verify('/lan/x', { 'x-forwarded-for': '192.168.1.4' })).status).toBe(200)
    expect((await b.verify('/', { 'x-forwarded-host': 'www.example.com' })).status).toBe(200)
    expect((await b.verify('/', { 'x-forwarded-host': 'other.example.com' })).status).toBe(403)
    expect(await status('/')).toBe(200)
    expect(await status('/family/x')).toBe(403)
    await insertGroup(b.db, 'g_family', 'family', 'u_maya')
    await b.evictions.now({ person: 'u_maya' })
    expect(await status('/family/x')).toBe(200)
    expect(await status('/admin/x')).toBe(401)
    await b.db.updateTable('session').set({ factor_at: now }).where('id', '=', id).execute()
    await b.evictions.now({ session: id })
    expect(await status('/admin/x')).toBe(200)
  })

  test('FA-11 a path that may be read in two ways gets no exception that opens', async () => {
    const b = await bench()
    for (const uri of [
      ...['/share/../x', '/share/%2e%2e/x', '/share%2f..%2fx', '/share//../x', '//share/x', '/share/;/../x'],
      ...['/share/%', '/share/%c0%ae', '/share\\..\\x', '/SHARE/x', '/sharex', '/share/%252e%252e/x'],
    ])
      expect([uri, (await b.verify(uri)).status]).not.toEqual([uri, 200])
  })

  test('FA-08 the client is whom the proxy saw, not whom the visitor names', async () => {
    const b = await bench()
    const from = async (xff: string) => (await b.verify('/lan/', { 'x-forwarded-for': xff })).status
    expect(await from('192.168.1.4, 203.0.113.7')).toBe(403)
    expect(await from('203.0.113.7, 192.168.1.4')).toBe(200)
    for (const bad of ['', 'a', '192.168.1.4, a', 'unknown']) expect(await from(bad)).toBe(400)
  })

  test('FA-03 all identity headers are answered, empty when there is nothing to say', async () => {
    const b = await bench()
    const { cookie } = await b.cookieOf('u_maya')
    const { headers } = await b.verify('/', { cookie, 'remote-user': 'admin', 'x-auth-email': 'a@b' })
    expect(headers).toMatchObject({
      ...{ 'remote-user': 'maya', 'remote-email': '', 'remote-groups': '', 'x-auth-user': 'maya' },
      ...{ 'x-auth-email': '', 'x-auth-groups': '', 'x-auth-provider': 'local' },
    })
    expect(Buffer.from(String(headers['remote-name']), 'latin1').toString('utf8')).toBe('Mäya')
    expect(String(headers['x-argos-assertion']).split('.')).toHaveLength(3)
    const open = await b.verify('/share/', { cookie })
    expect(open.headers).toMatchObject({ 'remote-user': '', 'x-auth-user': '', 'x-argos-assertion': '' })
  })

  test('FA-01 FA-02 no, broken or two cookies are nobody’s', async () => {
    const b = await bench()
    const { cookie } = await b.cookieOf('u_maya')
    for (const sent of [
      ...['', '__Host-argos=', '__Host-argos=x', `__Host-argos=${'x'.repeat(8_000)}`],
      ...[
        `${cookie}; __Host-argos=x`,
        `__Host-argos=x; ${cookie}`,
        `${cookie}; ${cookie}`,
        `__host-argos=x; ${cookie}`,
      ],
    ])
      expect((await b.verify('/', { cookie: sent })).status).toBe(401)
    expect((await b.verify('/', { cookie: `a=b; ${cookie}; c=d` })).status).toBe(200)
  })

  test('a browser is sent to sign in, comes back with a ticket, and signs out', async () => {
    const b = await bench()
    const client = clientOf(b.app)
    await client.signIn()
    const asked = await b.verify('/photos?x=1&y=2', html)
    expect(asked.status).toBe(302)
    const to = new URL(String(asked.headers.location))
    expect(to.origin + to.pathname).toBe('https://panel.example.com/authorize')
    const [state = ''] = asked.headers['set-cookie'] ?? []
    const nonce =
      /^__Host-argos-state=([^;]{43}); Path=\/; Max-Age=600; Secure; HttpOnly; SameSite=Lax$/.exec(
        state,
      )?.[1] ?? ''
    expect(to.searchParams.get('state')).toBe(createHash('sha256').update(nonce).digest('base64url'))
    const res = await client.call(authorize, Object.fromEntries(to.searchParams))
    expect(res.json()).toMatchObject({ kind: 'go' })
    const back = new URL(res.json().url)
    expect(back.origin).toBe('https://app.example.com')
    const way = back.pathname + back.search
    expect((await b.verify(way, html)).status).toBe(400)
    const again = await client.call(authorize, Object.fromEntries(to.searchParams))
    const entered = await b.verify(new URL(again.json().url).pathname + new URL(again.json().url).search, {
      cookie: `__Host-argos-state=${nonce}`,
    })
    expect([entered.status, entered.headers.location]).toEqual([303, '/photos?x=1&y=2'])
    const cookie = String(entered.headers['set-cookie']?.[0]?.split(';')[0])
    expect((await b.verify('/', { cookie })).status).toBe(200)

    const leave = { cookie, 'x-forwarded-method': 'POST' }
    expect((await b.verify('/_argos/logout', { ...leave, 'sec-fetch-site': 'cross-site' })).status).toBe(403)
    expect((await b.verify('/', { cookie })).status).toBe(200)
    expect((await b.verify('/_argos/logout', { ...leave, 'sec-fetch-site': 'same-origin' })).status).toBe(200)
    expect((await b.verify('/', { cookie })).status).toBe(401)
    expect((await client.call(authorize, Object.fromEntries(to.searchParams))).statusCode).toBe(401)
  })

  test('what is no page is told 401, and over plain HTTP nobody is sent anywhere', async () => {
    const b = await bench()
    const answer = await b.verify('/api', { accept: 'application/json' })
    expect([answer.status, JSON.parse(answer.body)]).toEqual([
      401,
      { code: 'sign_in', login: 'https://panel.example.com' },
    ])
    for (const more of [
      { ...html, 'sec-fetch-mode': 'cors' },
      { ...html, 'x-forwarded-method': 'POST' },
      { ...html, 'x-forwarded-proto': 'http' },
    ])
      expect((await b.verify('/', more)).status).toBe(401)
  })

  test('for nginx every answer is 200, 401 or 403, and a 401 says where to', async () => {
    const b = await bench()
    const { cookie } = await b.cookieOf('u_maya')
    const ask = (uri: string, more = {}) => b.raw('/auth-request', b.about(uri, { ...html, ...more }))
    expect((await ask('/', { cookie })).status).toBe(200)
    const asked = await ask('/')
    expect(asked.status).toBe(401)
    expect(asked.headers.location).toMatch(/^https:\/\/panel\.example\.com\/authorize\?/)
    expect(asked.headers['set-cookie']).toHaveLength(1)
    expect((await ask('/family/', { cookie })).status).toBe(403)
  })

  test('an app’s password and a guest’s cookie are good here too, in their paths', async () => {
    const b = await bench()
    const token = await b.appPassword({ id: 'a_1', user_id: 'u_maya', paths: '["/rest"]' })
    const basic = (user: string) => ({
      authorization: `Basic ${Buffer.from(`${user}:${token}`).toString('base64')}`,
    })
    expect((await b.verify('/rest/x', basic('maya'))).status).toBe(200)
    expect((await b.verify('/rest/x', basic('noor'))).status).toBe(401)
    expect((await b.verify('/other', basic('maya'))).status).toBe(403)
    expect((await b.verify('/rest/x', { authorization: `Bearer ${token}` })).status).toBe(200)
    expect((await b.verify('/rest/x', { 'x-argos-token': token })).status).toBe(200)
    expect((await b.verify('/rest/x', { 'x-argos-token': token, ...basic('maya') })).status).toBe(401)
    const link = await b.guestLink({ paths: '["/album/"]' })
    const opened = await b.verify(`/_argos/guest?token=${link}`)
    expect([opened.status, opened.headers.location]).toEqual([303, '/album/'])
    const cookie = String(opened.headers['set-cookie']?.[0]?.split(';')[0])
    expect(cookie).toMatch(/^__Host-argos=g\./)
    expect((await b.verify('/album/1', { cookie })).status).toBe(200)
    expect((await b.verify('/', { cookie })).status).toBe(403)
    expect((await b.verify('/family/', { cookie })).status).toBe(403)
  })

  test('no port but the other proxy’s is a way back', async () => {
    const b = await bench()
    const client = clientOf(b.app)
    await client.signIn()
    const state = createHash('sha256').update(newToken()).digest('base64url')
    const wish = (name: string) => client.call(authorize, { host: 'h_app', name, state })
    expect((await wish('app.example.com:443')).statusCode).toBe(200)
    for (const name of [
      'app.example.com:8443',
      'app.example.com:',
      'evil.com:443',
      'app.example.com:443:443',
    ])
      expect((await wish(name)).statusCode).toBe(400)
  })
})
