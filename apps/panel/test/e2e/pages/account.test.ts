import { tools } from '@argos/testkit'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { base32, codeAt } from '../../../src/factors/testing.ts'
import { settled, type Watched } from '../../support/browser.ts'
import { withDatabase } from '../../support/database.ts'
import { type DoorBench, doorBench, FILES, member, PHOTOS, signIn, withPasskeys } from '../../support/door.ts'
import { browse } from '../../support/edge.ts'
import { inBothThemes, widths } from '../../support/looks.ts'

describe.skipIf(!tools.chromium)('one’s own account, from the first sign-in to a passkey alone', () => {
  let bench: DoorBench
  let mine: Watched
  let page: Page
  beforeAll(async () => {
    bench = await doorBench()
    mine = await bench.visitor('/login')
    page = mine.page
    await withPasskeys(page)
  })
  afterAll(() => bench?.close())
  const dialog = () => page.getByRole('dialog')

  test('SE-09 a member sees their apps and their account, whatever address they open', async () => {
    await signIn(page)
    await page.getByRole('heading', { name: 'Your apps' }).waitFor()
    await page.getByRole('link', { name: /^Photos/ }).waitFor()
    for (const path of ['/hosts', '/settings', '/people', '/audit']) {
      await page.goto(bench.panel + path)
      await page.getByRole('heading', { name: 'Your apps' }).waitFor()
      expect(new URL(page.url()).pathname).toBe('/')
    }
    expect(await page.getByRole('navigation', { name: 'Sections' }).count()).toBe(0)
  })
  test('an app opens from there without another sign-in, and is the first one from then on', async () => {
    await page.getByRole('link', { name: /^Photos/ }).click()
    await page.waitForURL(bench.at(PHOTOS))
    await page.goto(`${bench.panel}/`)
    await page
      .getByRole('list', { name: 'Opened last' })
      .getByRole('link', { name: /^Photos/ })
      .waitFor()
    await page.goto(bench.at(FILES))
    await page.waitForURL(bench.at(FILES))
  })
  test.each(widths)('CS-07 the portal, $on', async ({ on, options }) => {
    await page.goto(`${bench.panel}/`)
    await settled(page)
    if (on === 'phone') await page.setViewportSize(options.viewport ?? { width: 390, height: 844 })
    await inBothThemes(mine, 'portal', on)
    await page.setViewportSize({ width: 1440, height: 900 })
  })

  let secret: Buffer = Buffer.alloc(0)
  let recovery: string[] = []
  test('TO-08 an authenticator app is set up with a code of it, and its recovery codes are shown once', async () => {
    await page.goto(`${bench.panel}/account`)
    await settled(page)
    await page.getByRole('button', { name: 'Set up', exact: true }).click()
    const shown = await dialog().locator('.secret').textContent()
    secret = base32((shown ?? '').replaceAll(/\s/g, ''))
    await dialog().getByRole('img', { name: 'QR code of the secret' }).waitFor()
    await inBothThemes(mine, 'account-totp')
    await dialog().getByLabel('6-digit code from the app').fill('000000')
    await dialog().getByRole('alert').waitFor()
    await dialog().getByLabel('6-digit code from the app').fill(codeAt(secret, Date.now()))
    await page.getByRole('heading', { name: 'Keep these recovery codes' }).waitFor()
    recovery = await dialog()
      .getByRole('list', { name: 'Recovery codes' })
      .getByRole('listitem')
      .allTextContents()
    expect(recovery).toHaveLength(10)
    await inBothThemes(mine, 'account-codes')
    await dialog().getByRole('button', { name: 'I have kept them' }).click()
    await dialog().waitFor({ state: 'detached' })
    await page.getByText('10 of 10 recovery codes left').waitFor()
  })

  const code = () => codeAt(secret, Date.now())
  /** The next code that was not used: each fits once. */
  const freshCode = async () => {
    const used = code()
    await expect.poll(code, { timeout: 40_000, interval: 500 }).not.toBe(used)
    return code()
  }

  test('a passkey is added, renamed, and signs in alone, without a name or a password', async () => {
    await page.getByRole('button', { name: 'Add a passkey' }).click()
    await dialog().getByLabel('Name').fill('My phone')
    await dialog().getByRole('button', { name: 'Make passkey' }).click()
    await page.getByText('My phone is added.').waitFor()
    await page.getByRole('button', { name: 'Rename My phone' }).click()
    await dialog().getByLabel('Name').fill('Pocket')
    await dialog().getByRole('button', { name: 'Rename', exact: true }).click()
    await page.getByRole('button', { name: 'Remove Pocket' }).waitFor()
    await inBothThemes(mine, 'account')
    await page.getByRole('button', { name: /^Account of/ }).click()
    await page.getByRole('menuitem', { name: 'Sign out' }).click()
    await page.getByRole('button', { name: 'Use a passkey' }).click()
    await page.getByRole('heading', { name: 'Your apps' }).waitFor()
  })

  test('what takes protection away asks for the password and the factor together', async () => {
    await page.goto(`${bench.panel}/account`)
    await page.getByRole('button', { name: 'New codes' }).click()
    await dialog().getByRole('button', { name: 'Use a recovery code' }).click()
    await dialog()
      .getByLabel('Recovery code')
      .fill(recovery[0] ?? '')
    await dialog().getByRole('button', { name: 'Make new codes' }).click()
    await dialog().getByText('Enter your password as well.').waitFor()
    await dialog().getByLabel('Password', { exact: true }).fill(member.password)
    await dialog()
      .getByLabel('Recovery code')
      .fill(recovery[0] ?? '')
    await inBothThemes(mine, 'account-prove')
    await dialog().getByRole('button', { name: 'Make new codes' }).click()
    const list = dialog().getByRole('list', { name: 'Recovery codes' }).getByRole('listitem')
    await page.getByRole('heading', { name: 'Keep these recovery codes' }).waitFor()
    expect(await list.count()).toBe(10)
    const next = await list.allTextContents()
    expect(next.filter((one) => recovery.includes(one))).toEqual([])
    recovery = next
    await dialog().getByRole('button', { name: 'I have kept them' }).click()
  })

  test('the sign-in asks for the code, takes a pasted one, and a recovery code once', async () => {
    const other = await bench.visitor('/login')
    await signIn(other.page)
    const field = other.page.getByLabel('6-digit code from your authenticator')
    await field.waitFor()
    expect(await field.getAttribute('autocomplete')).toBe('one-time-code')
    await field.fill('48 2')
    await inBothThemes(other, 'login-code')
    await field.fill('000 000')
    await other.page.getByRole('alert').waitFor()
    const fresh = await freshCode()
    await field.fill(`${fresh.slice(0, 3)} ${fresh.slice(3)}`)
    await other.page.getByRole('heading', { name: 'Your apps' }).waitFor()
    await other.page.context().close()

    const third = await bench.visitor('/login')
    await signIn(third.page)
    await third.page.getByRole('button', { name: 'Use a recovery code' }).click()
    await third.page.getByLabel('Recovery code').fill(recovery[1] ?? '')
    await third.page.getByRole('button', { name: 'Continue' }).click()
    await third.page.getByRole('heading', { name: 'Your apps' }).waitFor()
    await third.page.getByText('9 of 10 recovery codes left').waitFor()
    expect(third.complaints()).toEqual([])
    await third.page.context().close()
  })

  test('SE-12 what needs a fresh proof asks for it in place, and then goes on by itself', async () => {
    // What the open page asks for meanwhile would count against it.
    await page.goto('about:blank')
    await bench.stack.kill('panel')
    withDatabase(bench.stack, (db) => db.exec('update session set auth_at = auth_at - 660000'))
    bench.stack.start('panel')
    await bench.stack.reachable()
    await page.goto(`${bench.panel}/account`)
    await page.getByRole('button', { name: 'Add a passkey' }).click()
    const naming = page.getByRole('dialog', { name: 'Add a passkey' })
    await naming.getByLabel('Name').fill('Second key')
    await naming.getByRole('button', { name: 'Make passkey' }).click()
    const asked = page.getByRole('dialog', { name: 'Is it you?' })
    await asked.waitFor()
    await inBothThemes(mine, 'step-up')
    await asked.getByRole('button', { name: 'Close' }).click()
    await naming.getByRole('alert').waitFor()
    expect(await page.getByText('Second key', { exact: true }).count(), 'nothing was done').toBe(0)
    await naming.getByRole('button', { name: 'Make passkey' }).click()
    await asked.getByLabel(/^Password of/).fill('not the one it is')
    await asked.getByRole('button', { name: 'Continue' }).click()
    await asked.getByRole('alert').waitFor()
    await asked.getByLabel(/^Password of/).fill(member.password)
    await asked.getByRole('button', { name: 'Continue' }).click()
    await asked.waitFor({ state: 'detached' })
  })

  test('SE-07 another browser is signed out from the list, and at once', async () => {
    const other = await bench.visitor('/login')
    await withPasskeys(other.page)
    await signIn(other.page)
    await other.page.getByRole('button', { name: 'Use a recovery code' }).click()
    await other.page.getByLabel('Recovery code').fill(recovery[2] ?? '')
    await other.page.getByRole('button', { name: 'Continue' }).click()
    await other.page.getByRole('heading', { name: 'Your apps' }).waitFor()
    await page.goto(`${bench.panel}/account#sessions`)
    await page.reload()
    await page.getByRole('button', { name: 'Sign out others' }).click()
    await page.getByText(/^Signed out/).waitFor()
    await expect
      .poll(() => page.getByRole('button', { name: /^Sign out .* at / }).count(), { timeout: 10_000 })
      .toBe(0)
    await other.page.goto(`${bench.panel}/account`)
    await other.page.getByRole('heading', { name: 'Sign in' }).waitFor()
    await other.page.context().close()
  })

  test('a device gets a password of its own, shown once, which opens the app until it is removed', async () => {
    await page.goto(`${bench.panel}/account`)
    await page.getByRole('button', { name: 'Connect a device' }).click()
    await dialog().getByLabel('Device').fill('Living room TV')
    await dialog().getByLabel('App').click()
    await page.getByRole('option', { name: PHOTOS }).click()
    await dialog().getByRole('button', { name: 'Make password' }).click()
    await dialog()
      .getByRole('img', { name: /QR code/ })
      .waitFor()
    await inBothThemes(mine, 'account-device')
    const [username = '', password = ''] = await dialog().locator('.secret').allTextContents()
    const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
    const get = () => browse(bench.stack, PHOTOS, { tls: true, headers: { authorization } })
    expect((await get()).status).toBe(200)
    await dialog().getByRole('button', { name: 'It is in the device' }).click()
    await page.getByRole('button', { name: 'Remove Living room TV' }).click()
    await dialog().getByRole('button', { name: 'Remove', exact: true }).click()
    await page.getByText('Living room TV is removed.').waitFor()
    expect((await get()).status).not.toBe(200)
  })

  test.each(widths)('CS-07 the whole page, $on', async ({ on, options }) => {
    await page.setViewportSize(options.viewport ?? { width: 390, height: 844 })
    await page.goto(`${bench.panel}/account`)
    await settled(page)
    await inBothThemes(mine, 'account', on)
    await page.setViewportSize({ width: 1440, height: 900 })
  })

  test('SE-05 a new password signs every other browser out, and this one stays', async () => {
    await page.getByLabel('Current password').fill('not the one it is')
    await page.getByLabel('New password').fill('some other words to keep')
    await page.getByRole('button', { name: 'Change password' }).click()
    await page.getByText('This is not your password.').waitFor()
    await page.getByLabel('Current password').fill(member.password)
    await page.getByRole('button', { name: 'Change password' }).click()
    await page.getByText(/^Your password is changed/).waitFor()
    await page.goto(`${bench.panel}/`)
    await page.getByRole('heading', { name: 'Your apps' }).waitFor()
    expect(mine.complaints()).toEqual([])
  })
})
