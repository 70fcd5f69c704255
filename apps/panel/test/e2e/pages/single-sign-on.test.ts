import { oidcSettingsView, signInMethods } from '@argos/contract'
import { type Stack, tools } from '@argos/testkit'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { inEveryLook } from '../../support/looks.ts'
import { type PageBench, pageBench, type SignedIn } from '../../support/pages.ts'

const path = '/settings/single-sign-on'
const secret = 'kept-by-the-panel-alone'

describe.skipIf(!tools.chromium)('single sign-on, in the settings', () => {
  let bench: PageBench
  let stack: Stack
  let visitor: SignedIn
  let page: Page
  beforeAll(async () => {
    bench = await pageBench()
    stack = bench.stack
    visitor = await bench.signedIn()
    page = visitor.page
  })
  afterEach(() => expect(visitor.complaints()).toEqual([]))
  afterAll(() => bench.close())

  const view = () => stack.api.call(oidcSettingsView, {})
  const offered = async () => (await stack.stranger().call(signInMethods, {})).methods.map(({ kind }) => kind)
  const choose = async (provider: string) => {
    await page.getByRole('combobox', { name: 'Which one' }).click()
    await page.getByRole('option', { name: provider, exact: true }).click()
  }
  const save = () =>
    page.getByRole('region', { name: 'Edits' }).getByRole('button', { name: 'Save', exact: true }).click()

  test('is found in the settings, and is off before anything is set up', async () => {
    await visitor.open('/settings')
    await page
      .getByRole('navigation', { name: 'Settings' })
      .getByRole('link', { name: 'Single sign-on' })
      .click()
    await page.getByRole('heading', { level: 1, name: 'Single sign-on' }).waitFor()
    const on = page.getByRole('button', { name: 'Switch on…' })
    expect(await on.getAttribute('aria-disabled')).toBe('true')
    await page.getByText('The panel has no name yet.').waitFor()
    expect(await offered()).not.toContain('oidc')
  })

  test('a provider brings what is known of it; a template is not saved', async () => {
    await visitor.open(path)
    await choose('Keycloak')
    await page.getByText('only the standard flow').waitFor()
    expect(await page.getByLabel('Issuer').inputValue()).toContain('/realms/')
    await save()
    await page.getByText('Put your own in place of the capitals.').waitFor()
    await page.getByLabel('Issuer').fill('https://id.example.test/realms/home')
    await page.getByLabel('Client id').fill('argos')
    await page.getByLabel('Client secret').fill(secret)
    await page.getByLabel('Domains').fill('home.example')
    await page.getByText('Nobody gets an account by signing in.').waitFor()
    await page.getByRole('switch', { name: 'Make an account at the first sign-in' }).click()
    await page.getByText('everybody at home.example').waitFor()
    await save()
    await page.getByRole('region', { name: 'Edits' }).waitFor({ state: 'detached' })
    const { settings, hasSecret } = await view()
    expect(hasSecret).toBe(true)
    expect(settings).toMatchObject({
      enabled: false,
      preset: 'keycloak',
      issuer: 'https://id.example.test/realms/home',
      clientId: 'argos',
      domains: ['home.example'],
      autoProvision: true,
      requireVerifiedEmail: true,
    })
  })

  test('SC-07 the secret is answered to nobody: its field is empty, and an untouched one keeps it', async () => {
    await visitor.open(path)
    expect(await page.getByLabel('Client secret').inputValue()).toBe('')
    expect(await page.content()).not.toContain(secret)
    await page.getByLabel('Words on the button').fill('Home')
    await save()
    await page.getByRole('region', { name: 'Edits' }).waitFor({ state: 'detached' })
    expect((await view()).hasSecret).toBe(true)
  })

  test('the test says in words what is to be fixed, and saves nothing', async () => {
    const before = (await view()).version
    await visitor.open(path)
    await page.getByRole('button', { name: 'Test', exact: true }).click()
    await page.getByText('People cannot sign in like this yet.').waitFor({ timeout: 20_000 })
    expect(await page.locator('.checks li').count()).toBeGreaterThan(1)
    await page.getByLabel('Client id').fill('another')
    await page.getByText('It was tested before the last edit.').waitFor()
    expect((await view()).version).toBe(before)
    await page.getByRole('button', { name: 'Discard' }).click()
  })

  test('CS-07 the page, in every look', async () => {
    await inEveryLook(bench, {
      name: 'single-sign-on',
      path,
      shows: (one) => one.getByRole('heading', { name: 'Provider', exact: true }).waitFor(),
    })
  })
})
