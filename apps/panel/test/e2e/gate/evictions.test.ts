import { groupCreate, groupUpdate, login, type User, userCreate, userRole } from '@argos/contract'
import {
  type ApiClient,
  echo,
  eventually,
  openWebSocket,
  type Stack,
  type StreamsUpstream,
  startStack,
  streams,
  type Upstream,
} from '@argos/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { guarded, namePanel, policy, signedIn, type Tab, tab } from '../../support/sso.ts'
import { type RunVerb, verbsFor } from '../../support/verbs.ts'

const APP = 'app.one.test'
const FAMILY = 'family.two.example'
const LIVE = 'live.one.test'
const password = 'a long password for tests'

let stack: Stack
let app: Upstream
let open: StreamsUpstream
let argos: RunVerb
let group: string
beforeAll(async () => {
  stack = await startStack()
  argos = verbsFor(stack)
  app = await echo('app')
  open = await streams()
  await namePanel(stack)
  group = (await stack.api.call(groupCreate, { body: { name: 'family', members: [] } })).group.id
  const all = await policy(stack, 'Signed in', signedIn)
  const family = await policy(stack, 'Family', { ...signedIn, who: 'these', groups: [group] })
  await guarded(stack, [APP], app, all)
  await guarded(stack, [FAMILY], app, family)
  await guarded(stack, [LIVE], open, all)
}, 120_000)
afterAll(async () => {
  await stack.stop()
  await Promise.all([app.close(), open.close()])
})

interface Somebody {
  readonly user: User
  readonly api: ApiClient
  readonly browser: Tab
}
let made = 0
/** A member who has just opened the app: the edge goes by what it knows of them. */
async function somebody(): Promise<Somebody> {
  made += 1
  const username = `person${made}`
  const { user } = await stack.api.call(userCreate, {
    body: { username, password, role: 'member', displayName: '', email: '', groups: [] },
  })
  const api = stack.stranger()
  api.signedIn(await api.call(login, { body: { username, password } }))
  const browser = tab(stack.ports.https)
  expect((await browser.enter(APP, api)).status).toBe(200)
  return { user, api, browser }
}
const told = async (...args: readonly string[]) => {
  const { code, out, err } = await argos(...args)
  expect([code, err]).toEqual([0, ''])
  return out
}

describe('FA-19 what ends somebody’s access is so on their next request', () => {
  test('FA-19 from a command line of its own: an account is disabled, or deleted', async () => {
    const { user, browser } = await somebody()
    await told('user', 'disable', user.username)
    expect((await browser.go(APP)).status).toBe(302)

    const gone = await somebody()
    await told('user', 'delete', gone.user.username)
    expect((await gone.browser.go(APP)).status).toBe(302)
  })

  test('FA-19 from the panel: another role ends the session, a group taken away closes what it opened', async () => {
    const promoted = await somebody()
    await stack.api.call(userRole, { params: { id: promoted.user.id }, body: { role: 'admin' } })
    expect((await promoted.browser.go(APP)).status).toBe(302)

    const { user, api, browser } = await somebody()
    const members = (ids: string[]) =>
      stack.api.call(groupUpdate, { params: { id: group }, body: { members: ids } })
    await members([user.id])
    expect((await browser.enter(FAMILY, api)).status).toBe(200)
    await members([])
    expect((await browser.go(FAMILY)).status).toBe(403)
    expect((await browser.go(APP)).status).toBe(200)
    await members([user.id])
    expect((await browser.go(FAMILY)).status).toBe(200)
  })

  test('FA-19 an edge that does not listen is told as soon as it does, and its streams end then', async () => {
    const { user, api, browser } = await somebody()
    await browser.enter(LIVE, api)
    const socket = await openWebSocket({
      ...{ port: stack.ports.https, name: LIVE, tls: true },
      headers: { cookie: browser.cookie(LIVE) },
    })
    const pid = stack.edge.pid() ?? 0
    process.kill(pid, 'SIGSTOP')
    const said = await argos('user', 'disable', user.username)
    process.kill(pid, 'SIGCONT')
    expect(said.out).toContain('within 30 seconds')
    await eventually('the stream ends', () => socket.endedAt() !== null)
    expect((await browser.go(APP)).status).toBe(302)
  })
})
