import { oidcSettingsUpdate, oidcSettingsView } from '@argos/contract'
import {
  type Echo,
  echo,
  type HonestProvider,
  honestProvider,
  type Stack,
  startBrowser,
  startStack,
  type TestBrowser,
  type Upstream,
} from '@argos/testkit'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { addressesAt } from '../../../src/oidc/oidc.settings.ts'
import { valuesOf } from '../../support/edge.ts'
import { guarded, namePanel, PANEL, policy, signedIn } from '../../support/sso.ts'
import { verbsFor } from '../../support/verbs.ts'

const ONE = 'app.one.test'
const TWO = 'files.two.example'

let stack: Stack
let browser: TestBrowser
let provider: HonestProvider
let app: Upstream
const at = (name: string) => `https://${name}:${stack.ports.https}`
beforeAll(async () => {
  stack = await startStack({ env: { ARGOS_CALL_NETWORKS: '127.0.0.1' } })
  app = await echo('app')
  browser = await startBrowser({ [PANEL]: '127.0.0.1', [ONE]: '127.0.0.1', [TWO]: '127.0.0.1' })
  await namePanel(stack)
  const id = await policy(stack, 'Signed in', signedIn)
  await guarded(stack, [ONE], app, id)
  await guarded(stack, [TWO], app, id)
  provider = await honestProvider({
    ...addressesAt(at(PANEL)),
    port: stack.ports.https,
    people: {
      bea: { email: 'bea@home.example', email_verified: true, name: 'Bea Baum', preferred_username: 'bea' },
    },
  })
  const { issuer, clientId, clientSecret } = provider
  const { settings, version } = await stack.api.call(oidcSettingsView, {})
  const house = {
    name: 'House',
    issuer,
    clientId,
    domains: ['home.example'],
    autoProvision: true,
    enabled: true,
  }
  await stack.api.call(oidcSettingsUpdate, {
    body: { settings: { ...settings, ...house }, clientSecret, version },
  })
}, 120_000)
afterAll(async () => {
  await browser?.close()
  await provider?.close()
  await stack?.stop()
  await app?.close()
})

/** What the app saw of the visit that the page shows. */
const seen = async (page: Page): Promise<Echo> =>
  JSON.parse((await page.locator('pre').textContent()) ?? '') as Echo
const offered = (page: Page) => page.getByRole('button', { name: 'Continue with House' })
const signInThere = async (page: Page) => {
  await offered(page).click()
  await page.getByLabel('Your name there').fill('bea')
  await page.getByRole('button', { name: 'Sign in there' }).click()
}
/** Waits until a page is there; says where it was left instead, and what the provider said. */
const arrives = async (page: Page, url: string) => {
  try {
    await page.waitForURL(url)
  } catch (cause) {
    const shown = await page.locator('body').textContent()
    throw new Error(`${page.url()}: ${shown?.slice(0, 600)}\n${provider.troubles.join('\n')}`, { cause })
  }
}
/** Asked who they are: the page of the panel, with its ways to sign in. */
const bounces = async (page: Page, name: string) => {
  await page.goto(at(name))
  await expect.poll(() => new URL(page.url()).hostname).toBe(PANEL)
  await page.getByLabel('Password', { exact: true }).waitFor()
}

test('a member signs in with the provider, opens two hosts of unrelated names, signs out, and is out of both', async () => {
  const page = await browser.page()
  await page.goto(`${at(ONE)}/photos?x=1`)
  await signInThere(page)
  await arrives(page, `${at(ONE)}/photos?x=1`)
  const first = await seen(page)
  expect(first.url).toBe('/photos?x=1')
  expect(valuesOf(first, 'remote-user')).toEqual(['bea'])
  expect(valuesOf(first, 'remote-email')).toEqual(['bea@home.example'])

  // Nobody is asked a second time, and neither app is given a cookie of ours.
  await page.goto(at(TWO))
  await arrives(page, `${at(TWO)}/`)
  for (const visit of [first, await seen(page)]) {
    expect(valuesOf(visit, 'cookie')).toEqual([])
    expect(JSON.stringify(visit)).not.toMatch(/__Host-/)
  }

  await page.goto(at(PANEL))
  await page.getByRole('button', { name: 'Account of bea' }).click()
  await page.getByRole('menuitem', { name: 'Sign out' }).click()
  await page.getByRole('button', { name: 'Sign out there' }).click()
  await arrives(page, `${at(PANEL)}/login`)
  await bounces(page, ONE)
  await bounces(page, TWO)
  expect(provider.troubles).toEqual([])
}, 90_000)

test('switched off on the command line, its sessions end at once, and passwords are what is left', async () => {
  const page = await browser.page()
  await page.goto(at(ONE))
  await signInThere(page)
  await arrives(page, `${at(ONE)}/`)

  const argos = verbsFor(stack)
  expect(await argos('oidc', 'status')).toMatchObject({ code: 0, out: expect.stringContaining('is on') })
  expect(await argos('oidc', 'disable')).toMatchObject({ code: 0, out: expect.stringContaining('ended') })
  await bounces(page, ONE)
  expect(await offered(page).count()).toBe(0)
  expect(await argos('oidc', 'enable')).toMatchObject({ code: 0, out: 'Single sign-on is on.\n' })
  await page.reload()
  await offered(page).waitFor()
}, 90_000)
