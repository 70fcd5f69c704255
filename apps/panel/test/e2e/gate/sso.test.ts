import { statSync } from 'node:fs'
import { join } from 'node:path'
import { appPasswordCreate, appPasswordDelete, authorize, logout, meView } from '@argos/contract'
import {
  type ApiClient,
  ApiRefusal,
  type Echo,
  echo,
  eventually,
  openEventStream,
  openWebSocket,
  type Stack,
  type StreamsUpstream,
  startStack,
  streams,
  type Upstream,
} from '@argos/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { browse, valuesOf } from '../../support/edge.ts'
import { edit, live } from '../../support/hosts.ts'
import { guarded, namePanel, PANEL, policy, signedIn, type Tab, tab } from '../../support/sso.ts'

const ONE = 'app.one.test'
const TWO = 'files.two.example'
const LIVE = 'live.one.test'

let stack: Stack
let app: Upstream
let open: StreamsUpstream
let one: string
beforeAll(async () => {
  stack = await startStack()
  app = await echo('app')
  open = await streams()
  await namePanel(stack)
  const id = await policy(stack, 'Signed in', signedIn)
  one = await guarded(stack, [ONE, 'second.one.test'], app, id, {
    paths: [{ path: '/share/', access: 'public' }],
    assertion: true,
  })
  await guarded(stack, [TWO], app, id, { keep: false })
  await guarded(stack, [LIVE], open, id)
}, 120_000)
afterAll(async () => {
  await stack.stop()
  await Promise.all([app.close(), open.close()])
})

const seen = (body: string): Echo => JSON.parse(body) as Echo
const visitor = (): Tab => tab(stack.ports.https)
const bounces = async (one: Tab, name: string) => {
  const { status, headers } = await one.go(name)
  return status === 302 && headers.location?.startsWith(`https://${PANEL}`)
}

describe('one session, several hosts', () => {
  test('FA-16 FA-19 somebody opens two hosts of unrelated names, signs out, and the next visit to either bounces', async () => {
    const api = await stack.signIn()
    const browser = visitor()
    const first = await browser.enter(ONE, api, '/photos?x=1&y=%20')
    expect([first.status, seen(first.body).url]).toEqual([200, '/photos?x=1&y=%20'])
    expect((await browser.enter(TWO, api)).status).toBe(200)

    const again = await browser.go(ONE, '/', {
      headers: { cookie: 'theme=dark', 'remote-user': 'root', 'X-Auth-Groups': 'admins' },
    })
    const echoed = seen(again.body)
    expect(valuesOf(echoed, 'cookie')).toEqual(['theme=dark'])
    expect(valuesOf(echoed, 'remote-user')).toEqual(['admin'])
    expect(valuesOf(echoed, 'x-auth-groups')).toEqual([])
    expect(valuesOf(echoed, 'x-argos-assertion').join('').split('.')).toHaveLength(3)
    expect(JSON.stringify(echoed)).not.toContain('__Host-argos')
    const without = seen((await browser.go(TWO)).body)
    expect(valuesOf(without, 'x-argos-assertion')).toEqual([])

    await api.call(logout, {})
    expect(await bounces(browser, ONE)).toBe(true)
    expect(await bounces(browser, TWO)).toBe(true)
  })

  test('FA-16 F19 the cookie of one host is nothing at another, nor at the panel', async () => {
    const api = await stack.signIn()
    const browser = visitor()
    await browser.enter(ONE, api)
    const [cookie = ''] = /__Host-argos=[\w-]{43}/.exec(browser.cookie(ONE)) ?? []
    expect((await visitor().go(TWO, '/', { headers: { cookie } })).status).toBe(302)
    const asPanel = cookie.replace('__Host-argos', '__Host-panel')
    const me = await visitor().go(PANEL, meView.path, { headers: { cookie: asPanel } })
    expect(me.status).toBe(401)
    // Another name of the same host is the same host.
    expect((await visitor().go('second.one.test', '/', { headers: { cookie } })).status).toBe(200)
  })

  test('a ticket is good once, and in the browser that asked for it', async () => {
    const api = await stack.signIn()
    const browser = visitor()
    const asked = await browser.go(ONE)
    const {
      host = '',
      name = '',
      rd = '',
      state = '',
    } = Object.fromEntries(new URL(asked.headers.location ?? '').searchParams)
    const ticket = async () => {
      const answer = await api.call(authorize, { body: { host, name, rd, state, factor: false } })
      if (answer.kind !== 'go') throw new Error(answer.kind)
      return new URL(answer.url).pathname + new URL(answer.url).search
    }
    expect((await visitor().go(ONE, await ticket())).status).toBe(400)
    const good = await ticket()
    expect((await browser.go(ONE, good)).status).toBe(303)
    expect((await visitor().go(ONE, good)).status).toBe(400)
  })

  test('FA-19 signing out at a host ends all of it', async () => {
    const api = await stack.signIn()
    const browser = visitor()
    await browser.enter(ONE, api)
    await browser.enter(TWO, api)
    const page = await browser.go(ONE, '/_argos/logout')
    expect(page.status).toBe(200)
    const foreign = { 'sec-fetch-site': 'cross-site' }
    expect((await browser.go(ONE, '/_argos/logout', { method: 'POST', headers: foreign })).status).toBe(403)
    expect((await browser.go(TWO)).status).toBe(200)
    const own = { 'sec-fetch-site': 'same-origin' }
    expect((await browser.go(ONE, '/_argos/logout', { method: 'POST', headers: own })).status).toBe(200)
    expect(await bounces(browser, TWO)).toBe(true)
    await expect(api.call(meView, {})).rejects.toThrow(ApiRefusal)
  })

  test('FA-19 what is open ends with the session, and what others have open stays', async () => {
    const [api, other] = [await stack.signIn(), await stack.signIn()]
    const [browser, second] = [visitor(), visitor()]
    await browser.enter(LIVE, api)
    await second.enter(LIVE, other)
    const where = { port: stack.ports.https, name: LIVE, tls: true }
    const [stream, socket, theirs] = [
      await openEventStream({ ...where, headers: { cookie: browser.cookie(LIVE) } }),
      await openWebSocket({ ...where, headers: { cookie: browser.cookie(LIVE) } }),
      await openWebSocket({ ...where, headers: { cookie: second.cookie(LIVE) } }),
    ]
    const at = performance.now()
    await api.call(logout, {})
    const ends = await eventually('both end', () => {
      const both = [stream.endedAt(), socket.endedAt()]
      return both.every((end) => end !== null) ? both : null
    })
    for (const end of ends) expect(Number(end) - at).toBeLessThan(1_000)
    expect(await theirs.ask('still here')).toBe('still here')
    theirs.close()
  })

  test('F18 what is public of a host stays so, and programs are told 401', async () => {
    expect((await visitor().go(ONE, '/share/x')).status).toBe(200)
    const { status, headers, body } = await visitor().go(ONE, '/api', {
      headers: { accept: 'application/json' },
    })
    expect(status).toBe(401)
    expect(headers['content-type']).toContain('json')
    expect(JSON.parse(body)).toMatchObject({
      code: 'sign_in',
      login: `https://${PANEL}:${stack.ports.https}`,
    })
    expect((await visitor().go(ONE, '/', { method: 'POST' })).status).toBe(401)
  })

  test('F18 an app’s password and a browser’s session live side by side, and end alone', async () => {
    const api = await stack.signIn()
    const browser = visitor()
    await browser.enter(ONE, api)
    const made = await api.call(appPasswordCreate, {
      body: { name: 'phone', hostId: one, paths: [], days: null },
    })
    const basic = `Basic ${Buffer.from(`${made.username}:${made.password}`).toString('base64')}`
    const phone = () => visitor().go(ONE, '/rest', { headers: { authorization: basic, accept: '*/*' } })
    const echoed = seen((await phone()).body)
    expect(valuesOf(echoed, 'remote-user')).toEqual(['admin'])
    expect(valuesOf(echoed, 'authorization')).toEqual([])
    expect((await browser.go(ONE)).status).toBe(200)
    await api.call(appPasswordDelete, { params: { id: made.appPassword.id } })
    expect((await phone()).status).toBe(401)
    expect((await browser.go(ONE)).status).toBe(200)
  })

  test('RT-01 RT-04 whatever way back is asked for, the browser stays on the host', async () => {
    const api = await stack.signIn()
    const browser = visitor()
    const asked = await browser.go(ONE)
    const {
      host = '',
      name = '',
      state = '',
    } = Object.fromEntries(new URL(asked.headers.location ?? '').searchParams)
    for (const rd of ['//evil.com', '/\\evil.com', '/%2f%2fevil.com', 'https://evil.com/', '/..//evil.com']) {
      const answer = await api.call(authorize, { body: { host, name, rd, state, factor: false } })
      if (answer.kind !== 'go') throw new Error(answer.kind)
      const { pathname, search } = new URL(answer.url)
      const entered = await browser.go(ONE, pathname + search)
      expect([rd, entered.status, entered.headers.location]).toEqual([rd, 303, '/'])
    }
  })
})

describe('who may ask', () => {
  test('FA-12 the gate’s socket is the group’s alone, and no listener of the edge leads to it', async () => {
    expect(statSync(join(stack.runDir, 'gate.sock')).mode & 0o777).toBe(0o660)
    expect(statSync(stack.runDir).mode & 0o007).toBe(0)
    for (const path of ['/facts', '/redeem', '/guest', '/logout', '/verify', '/auth-request']) {
      const answer = await visitor().go(PANEL, path, {
        method: 'POST',
        headers: { accept: 'application/json' },
      })
      expect([path, answer.status]).toEqual([path, 404])
      expect(answer.body).not.toContain('facts')
    }
  })
})

describe('when the panel is away', () => {
  test('FA-13 who was admitted goes on for a while, others wait outside, and what is public is served', async () => {
    const api = await stack.signIn()
    const browser = visitor()
    await browser.enter(ONE, api)
    await browser.enter(TWO, api)
    await stack.kill('panel')
    expect((await browser.go(ONE)).status).toBe(200)
    expect((await visitor().go(ONE, '/share/x')).status).toBe(200)
    const at = performance.now()
    // This host has the panel asked each time.
    expect((await browser.go(TWO)).status).toBe(503)
    expect(performance.now() - at).toBeLessThan(5_500)
    stack.start('panel')
    await stack.reachable()
    expect(await eventually('it is served', async () => (await browser.go(TWO)).status === 200)).toBe(true)
  })
})

test('FA-09 who is signed in but not meant is refused on the host, and before that at the panel', async () => {
  const api: ApiClient = await stack.signIn()
  const nobody = await policy(stack, 'Nobody')
  const browser = visitor()
  await browser.enter(ONE, api)
  const { access } = await live(stack, one)
  if (access.kind !== 'policy') throw new Error(access.kind)
  await edit(stack, one, () => ({ access: { ...access, policyId: nobody } }))
  await live(stack, one)
  expect((await browser.go(ONE)).status).toBe(403)
  await edit(stack, one, () => ({ access }))
  await live(stack, one)
  expect((await browser.go(ONE)).status).toBe(200)
  expect((await browse(stack, 'nobody.one.test')).status).not.toBe(200)
})
