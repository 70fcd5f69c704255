import {
  invitationAccept,
  invitationCreate,
  login,
  loginChallenge,
  meView,
  totpBegin,
  totpConfirm,
  totpDisable,
} from '@argos/contract'
import {
  type ApiClient,
  ApiRefusal,
  eventually,
  openEventStream,
  type Stack,
  type StreamsUpstream,
  startBrowser,
  startStack,
  streams,
  tools,
} from '@argos/testkit'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { base32, codeAt } from '../../../src/factors/testing.ts'
import { settled, watch } from '../../support/browser.ts'
import { signIn as signInOnPage, withPasskeys } from '../../support/door.ts'
import { guarded, namePanel, PANEL, policy, signedIn, tab } from '../../support/sso.ts'
import { verbsFor } from '../../support/verbs.ts'

const NAME = 'live.factors.test'
const password = 'a password for factors'

let stack: Stack
let upstream: StreamsUpstream
beforeAll(async () => {
  stack = await startStack()
  upstream = await streams()
  await namePanel(stack)
  await guarded(stack, [NAME], upstream, await policy(stack, 'Signed in', signedIn))
}, 120_000)
afterAll(async () => {
  await stack?.stop()
  await upstream?.close()
})

async function someone(username: string): Promise<ApiClient> {
  const { link } = await stack.api.call(invitationCreate, { body: {} })
  const api = stack.stranger()
  api.signedIn(await api.call(invitationAccept, { body: { token: link.token, username, password } }))
  return api
}
/** Signed in at the host by this session, with a stream open there. */
async function entered(api: ApiClient) {
  const browser = tab(stack.ports.https)
  await browser.enter(NAME, api)
  const headers = { cookie: browser.cookie(NAME) }
  const stream = await openEventStream({ port: stack.ports.https, name: NAME, tls: true, headers })
  expect((await browser.go(NAME)).status).toBe(200)
  return { api, browser, stream }
}
async function isOut({ api, browser, stream }: Awaited<ReturnType<typeof entered>>): Promise<void> {
  const at = performance.now()
  expect((await browser.go(NAME)).status).toBe(302)
  await expect(api.call(meView, {})).rejects.toThrow(ApiRefusal)
  expect(Number(await eventually('the stream ends', () => stream.endedAt())) - at).toBeLessThan(1_000)
}
test('SE-05 FA-19 an authenticator app that is turned on, or taken away on the console, ends sessions at hosts for the next request', async () => {
  const username = 'tom'
  const api = await someone(username)
  const phone = stack.stranger()
  phone.signedIn(await phone.call(login, { body: { username, password } }))
  const there = await entered(phone)
  const { secret } = await api.call(totpBegin, {})
  const { recoveryCodes, atOnce } = await api.call(totpConfirm, {
    body: { code: codeAt(base32(secret), Date.now()) },
  })
  expect([recoveryCodes?.length, atOnce]).toEqual([10, true])
  await isOut(there)
  expect((await api.call(meView, {})).session.factorAt).not.toBeNull()

  const half = await phone.call(login, { body: { username, password } })
  if (half.kind !== 'challenge') throw new Error('no second factor was asked for')
  const factor = { method: 'recovery' as const, code: recoveryCodes?.[0] ?? '' }
  phone.signedIn(await phone.call(loginChallenge, { body: { id: half.challenge.id, factor } }))
  const again = await entered(phone)
  const took = await verbsFor(stack)('user', 'disable-2fa', username)
  expect(took).toMatchObject({
    code: 0,
    err: '',
    out: expect.stringContaining('the authenticator app of tom'),
  })
  await isOut(again)
  await expect(api.call(totpDisable, { body: { password, factor } })).rejects.toThrow('401')
  phone.signedIn(await phone.call(login, { body: { username, password } }))
})

describe.skipIf(!tools.chromium)('a passkey in Chromium, through the edge', () => {
  test('TO-05 is added at the panel’s name, asked for after the password, and signs in alone; elsewhere it cannot', async () => {
    const username = 'paula'
    await someone(username)
    await using browser = await startBrowser({ [PANEL]: '127.0.0.1' })
    const { page, complaints } = await watch(await browser.page())
    const at = (path: string) => `https://${PANEL}:${stack.ports.https}${path}`
    await withPasskeys(page)

    await page.goto(at('/login'))
    await signInOnPage(page, { username, password })
    await signedInAs(page, username)
    await page.goto(at('/account'))
    await settled(page)
    await page.getByRole('button', { name: 'Add a passkey' }).click()
    await page.getByRole('dialog').getByLabel('Name').fill('Test key')
    await page.getByRole('button', { name: 'Make passkey' }).click()
    await page.getByRole('heading', { name: 'Keep these recovery codes' }).waitFor()
    await page.getByRole('button', { name: 'I have kept them' }).click()
    await page.getByRole('button', { name: 'Rename Test key' }).waitFor()

    await page.context().clearCookies()
    await page.goto(at('/login'))
    await signInOnPage(page, { username, password })
    await page.getByRole('button', { name: 'Use your passkey' }).click()
    await signedInAs(page, username)

    await page.context().clearCookies()
    await page.goto(at('/login'))
    await page.getByRole('button', { name: 'Use a passkey' }).click()
    const me = await signedInAs(page, username)
    // Two readings of the clock, one sign-in: the passkey is the second factor as well.
    expect(me.session.authAt - (me.session.factorAt ?? 0)).toBeLessThan(60_000)

    // At its address the panel is the same, and the passkey is nobody's.
    const address = await browser.page()
    await address.goto(`${stack.panelUrl}/login`)
    await signInOnPage(address, { username, password })
    await address.getByLabel('Recovery code').waitFor()
    expect(complaints()).toEqual([])
  })
})

interface SignedInMe {
  readonly user: { readonly username: string }
  readonly session: { readonly authAt: number; readonly factorAt: number | null }
}
/** What the panel answers to the page's own session. */
async function signedInAs(page: Page, username: string): Promise<SignedInMe> {
  const ask = "fetch('/api/v1/me').then((res) => res.ok ? res.json() : null)"
  return eventually(`${username} is signed in`, async () => {
    const me = await page.evaluate<SignedInMe | null>(ask).catch(() => null)
    return me?.user.username === username ? me : null
  })
}
