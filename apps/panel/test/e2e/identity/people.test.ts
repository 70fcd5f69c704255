import {
  auditList,
  invitationAccept,
  invitationCreate,
  login,
  meView,
  passwordChange,
  resetFinish,
  sessionEnd,
  userList,
} from '@argos/contract'
import {
  type ApiClient,
  ApiRefusal,
  eventually,
  openEventStream,
  type Stack,
  type StreamsUpstream,
  startStack,
  streams,
} from '@argos/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { guarded, namePanel, PANEL, policy, signedIn, tab } from '../../support/sso.ts'
import { type RunVerb, verbsFor } from '../../support/verbs.ts'

const NAME = 'live.people.test'
const password = 'a password for people'

let stack: Stack
let upstream: StreamsUpstream
let argos: RunVerb
beforeAll(async () => {
  stack = await startStack()
  upstream = await streams()
  argos = verbsFor(stack)
  await namePanel(stack)
  await guarded(stack, [NAME], upstream, await policy(stack, 'Signed in', signedIn))
}, 120_000)
afterAll(async () => {
  await stack?.stop()
  await upstream?.close()
})

const ok = async (...args: readonly string[]) => {
  const ended = await argos(...args)
  expect(ended, args.join(' ')).toMatchObject({ code: 0, err: '' })
  return ended.out
}
const tokenIn = (out: string): string => /#token=([\w-]{43})/.exec(out)?.[1] ?? ''
const signIn = async (username: string, typed = password): Promise<ApiClient> => {
  const client = stack.stranger()
  client.signedIn(await client.call(login, { body: { username, password: typed } }))
  return client
}
/** Somebody with an account, signed in at the panel and at the host, with a stream open there. */
async function visiting(username: string) {
  const { link } = await stack.api.call(invitationCreate, { body: {} })
  const api = stack.stranger()
  api.signedIn(await api.call(invitationAccept, { body: { token: link.token, username, password } }))
  return { username, api, ...(await entered(api)) }
}
async function entered(api: ApiClient) {
  const browser = tab(stack.ports.https)
  await browser.enter(NAME, api)
  const headers = { cookie: browser.cookie(NAME) }
  const stream = await openEventStream({ port: stack.ports.https, name: NAME, tls: true, headers })
  return { browser, stream }
}
type Visiting = Pick<Awaited<ReturnType<typeof visiting>>, 'api' | 'browser' | 'stream'>

/** What is asked for next is refused at the panel and at the host, and the stream ends within a second. */
async function isOut({ api, browser, stream }: Visiting, at: number): Promise<void> {
  expect((await browser.go(NAME)).status).toBe(302)
  await expect(api.call(meView, {})).rejects.toThrow(ApiRefusal)
  expect(Number(await eventually('the stream ends', () => stream.endedAt())) - at).toBeLessThan(1_000)
}

describe('FA-19 SE-05 what a process of the command line does is so for the next request', () => {
  test.each(['disable', 'sign-out', 'delete'])('user %s', async (verb) => {
    const someone = await visiting(`cli-${verb}`)
    expect((await someone.browser.go(NAME)).status).toBe(200)
    const ended = ok('user', verb, someone.username)
    const at = await ended.then(() => performance.now())
    await isOut(someone, at)
    if (verb === 'disable') {
      await expect(signIn(someone.username)).rejects.toThrow('401')
      await ok('user', 'enable', someone.username)
      expect((await tab(stack.ports.https).enter(NAME, await signIn(someone.username))).status).toBe(200)
    }
  })

  test('user create and user reset-password print links that lead to the panel, and work once', async () => {
    const made = await ok('user', 'create', 'Dora', '--email', 'dora@home.example', '--name', 'Dora D.')
    expect(made).toContain('Made an account for dora, as a member.')
    expect(made).toContain(`https://${PANEL}:${stack.ports.https}/reset#token=`)
    const first = { token: tokenIn(made), password }
    await stack.stranger().call(resetFinish, { body: first })
    await expect(stack.stranger().call(resetFinish, { body: first })).rejects.toThrow('403')
    const api = await signIn('dora')
    const there = { api, ...(await entered(api)) }
    const token = tokenIn(await ok('user', 'reset-password', 'DORA'))
    // The link alone ends nothing; its use does.
    expect((await there.browser.go(NAME)).status).toBe(200)
    await stack.stranger().call(resetFinish, { body: { token, password: 'another password' } })
    await isOut(there, performance.now())
    expect((await (await signIn('dora', 'another password')).call(meView, {})).user.email).toBe(
      'dora@home.example',
    )
  })

  test('says what is wrong, and changes nothing', async () => {
    expect(await argos('user', 'disable', 'nobody')).toMatchObject({ code: 3 })
    expect(await argos('user', 'disable', 'admin')).toMatchObject({
      code: 1,
      err: expect.stringContaining('the only administrator'),
    })
    expect(await argos('user', 'create', 'x', '--password-stdin')).toMatchObject({ code: 4 })
    expect(await argos('user', 'create', 'x', '--group', 'nobody')).toMatchObject({ code: 3 })
    expect(await ok('user', 'list')).toMatch(/^admin +admin +active +password/m)
    const { users } = await stack.api.call(userList, {})
    expect(users.map(({ username }) => username)).not.toContain('x')
  })

  test('stands in the trail, as the command line’s', async () => {
    await ok('user', 'create', 'trail')
    await ok('user', 'disable', 'trail')
    const { entries } = await stack.api.call(auditList, { query: { q: 'trail', limit: 10 } })
    expect(entries.map(({ action, actor }) => `${actor.kind} ${action}`)).toEqual([
      'cli user.disable',
      'cli user.reset_link',
      'cli user.create',
    ])
  })
})

test('SE-05 FA-19 a new password ends the other sessions at every host, and this one goes on', async () => {
  const here = await visiting('eva')
  const api = await signIn('eva')
  const there = { api, ...(await entered(api)) }
  await here.api.call(passwordChange, { body: { current: password, password: 'another password' } })
  await isOut(there, performance.now())
  expect((await here.browser.go(NAME)).status).toBe(200)
  expect(here.stream.endedAt()).toBeNull()
})

test('SE-07 FA-19 a session ended from another browser is out at every host', async () => {
  const here = await visiting('finn')
  const api = await signIn('finn')
  const there = { api, ...(await entered(api)) }
  const { session } = await there.api.call(meView, {})
  await here.api.call(sessionEnd, { params: { id: session.id } })
  await isOut(there, performance.now())
  expect((await here.browser.go(NAME)).status).toBe(200)
  await expect(here.api.call(sessionEnd, { params: { id: session.id } })).rejects.toThrow('404')
})
