import { authorize, logout } from '@argos/contract'
import {
  type Echo,
  echo,
  eventually,
  freePorts,
  type Stack,
  startStack,
  type Upstream,
  visit,
} from '@argos/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { valuesOf } from '../../support/edge.ts'
import { nginx, noNginx } from '../../support/nginx.ts'
import { guarded, namePanel, PANEL, policy, signedIn, tab } from '../../support/sso.ts'
import { noCaddy, stockCaddy } from '../../support/stock-caddy.ts'

const NAME = 'app.elsewhere.test'
const secret = 'not-to-be-guessed-in-a-hundred-years'

let stack: Stack
let app: Upstream
let ports: { argos: number; proxy: number; caddy: number }
beforeAll(async () => {
  const [argos = 0, proxy = 0, caddy = 0] = await freePorts(3)
  ports = { argos, proxy, caddy }
  stack = await startStack({
    env: {
      ARGOS_FORWARD_AUTH_LISTEN: `127.0.0.1:${argos}`,
      ARGOS_FORWARD_AUTH_SECRET: secret,
      ARGOS_FORWARD_AUTH_PORT: String(proxy),
    },
  })
  app = await echo('app')
  await namePanel(stack)
  const home = { ...signedIn, who: 'everyone' as const, networks: ['10.0.0.0/8'] }
  const inHome = await policy(stack, 'At home', home)
  await guarded(stack, [NAME], app, await policy(stack, 'Signed in', signedIn), {
    paths: [
      { path: '/share/', access: 'public' },
      { path: '/home/', access: inHome },
    ],
  })
}, 120_000)
afterAll(async () => {
  await stack.stop()
  await app.close()
})

const proxies = [
  {
    title: 'nginx',
    missing: noNginx,
    port: () => ports.proxy,
    start: () => nginx(ports.proxy, [{ name: NAME, app: app.port, argos: ports.argos, secret }]),
  },
  {
    title: 'stock Caddy',
    missing: noCaddy,
    port: () => ports.caddy,
    start: () =>
      stockCaddy(ports.caddy, {
        [NAME]: `
          forward_auth 127.0.0.1:${ports.argos} {
            uri /verify
            header_up X-Argos-Secret ${secret}
            copy_headers Remote-User Remote-Name Remote-Email Remote-Groups
          }
          reverse_proxy 127.0.0.1:${app.port} {
            header_up Cookie "(^|; *)__Host-argos(-state)?=[^;]*" ""
          }`,
      }),
  },
]

describe.each(proxies)('$title asks the panel', ({ title, missing, port, start }) => {
  test.skipIf(missing !== null)(
    `F16 FA-12 ${title} lets in whom the policy lets in, and tells the app who it is`,
    { timeout: 180_000 },
    async () => {
      await using _ = await start()
      const api = await stack.signIn()
      const browser = tab(port())
      const stranger = tab(port())

      // Nobody yet: browsers are sent to sign in, programs told 401.
      const asked = await stranger.go(NAME, '/photos?a=1')
      expect(asked.status).toBe(302)
      const location = new URL(asked.headers.location ?? '')
      expect(location.origin).toBe(`https://${PANEL}:${stack.ports.https}`)
      expect((await stranger.go(NAME, '/', { headers: { accept: 'application/json' } })).status).toBe(401)
      expect((await stranger.go(NAME, '/share/x')).status).toBe(200)
      // The visitor's address is whom the proxy sees.
      expect((await stranger.go(NAME, '/home/', { headers: { 'x-forwarded-for': '10.0.0.1' } })).status).toBe(
        403,
      )
      for (const path of ['/share/../x', '/share/%2e%2e/x', '/share%2f..%2fx'])
        expect((await stranger.go(NAME, path)).status).not.toBe(200)
      // What the visitor says of itself is not believed, signed in or not.
      const forged = { 'remote-user': 'root', 'x-argos-secret': 'x', 'x-forwarded-uri': '/share/x' }
      expect((await stranger.go(NAME, '/', { headers: forged })).status).toBe(302)
      const open = JSON.parse((await stranger.go(NAME, '/share/x', { headers: forged })).body) as Echo
      expect(valuesOf(open, 'remote-user').filter((value) => value !== '')).toEqual([])

      const query = Object.fromEntries(location.searchParams)
      const way = await api.call(authorize, {
        body: { host: '', state: '', ...query, rd: query.rd ?? '', factor: false },
      })
      expect(way.kind === 'go' && new URL(way.url).origin).toBe(`https://${NAME}:${ports.proxy}`)
      const first = await browser.enter(NAME, api, '/photos?a=1')
      expect([first.status, (JSON.parse(first.body) as Echo).url]).toEqual([200, '/photos?a=1'])
      const cookie = 'theme=dark'
      const seen = JSON.parse((await browser.go(NAME, '/', { headers: { ...forged, cookie } })).body) as Echo
      expect(valuesOf(seen, 'remote-user')).toEqual(['admin'])
      expect(valuesOf(seen, 'cookie').join('')).toContain(cookie)
      expect(valuesOf(seen, 'cookie').join('')).not.toContain('__Host-argos')
      const sent = await browser.go(NAME, '/upload', { method: 'POST' })
      expect(sent.status).toBe(200)

      await api.call(logout, {})
      expect((await browser.go(NAME)).status).toBe(302)
    },
  )

  test.skipIf(missing !== null)(
    `F16 FA-13 FA-19 through ${title} somebody signs out on the host itself, and without the panel nobody comes in`,
    { timeout: 180_000 },
    async () => {
      await using _ = await start()
      const api = await stack.signIn()
      const browser = tab(port())
      await browser.enter(NAME, api)
      const own = { 'sec-fetch-site': 'same-origin' }
      expect((await browser.go(NAME, '/_argos/logout', { method: 'POST', headers: own })).status).toBe(200)
      expect((await browser.go(NAME)).status).toBe(302)

      const again = await stack.signIn()
      await browser.enter(NAME, again)
      await stack.kill('panel')
      expect((await browser.go(NAME)).status).toBeGreaterThanOrEqual(500)
      stack.start('panel')
      await stack.reachable()
      await eventually('it answers again', async () => (await browser.go(NAME)).status === 200)
    },
  )
})

test('FA-12 whoever does not know the secret is told that there is nothing', async () => {
  for (const path of ['/verify', '/auth-request', '/_argos/logout', '/'])
    expect((await visit({ port: ports.argos, name: NAME, path })).status).toBe(404)
})
