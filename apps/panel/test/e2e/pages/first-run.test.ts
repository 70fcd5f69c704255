import { readFileSync } from 'node:fs'
import {
  page as aPage,
  eventually,
  screenshot,
  startBrowser,
  type TestBrowser,
  tools,
  type Upstream,
} from '@argos/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { publishOnPage, settled, watch } from '../../support/browser.ts'
import { type Launcher, launcher } from '../../support/launcher.ts'

const username = 'noor'
const password = 'four words for tests'
const name = 'app.example.test'

describe.skipIf(!tools.chromium)('the first run', () => {
  let argos: Launcher
  let upstream: Upstream
  let browser: TestBrowser
  let link: string
  beforeAll(async () => {
    argos = await launcher()
    upstream = await aPage('Behind the door')
    browser = await startBrowser({ [name]: `127.0.0.1:${argos.ports.https}` })
    const { code, output } = await argos.run('up', '--detach')
    expect(code, output).toBe(0)
    link = /https:\/\/\S+\/setup#token=\S+/.exec(output)?.[0] ?? ''
  })
  afterAll(async () => {
    await browser.close()
    await argos[Symbol.asyncDispose]()
    await upstream.close()
  })

  test('LG-13 leads from the printed link to an account, the recovery sheet, and a published host whose page loads', async () => {
    const page = await browser.page()
    const { complaints } = await watch(page)
    await page.goto(link)
    await settled(page)
    await screenshot(page, 'setup-account')
    await page.getByLabel('Name').fill(username)
    await page.getByLabel('Password', { exact: true }).fill(password)
    await page.getByRole('button', { name: 'Make account' }).click()

    await page.getByRole('heading', { name: 'This is what Argos found here' }).waitFor()
    await settled(page)
    const key = /ARGOS_MASTER_KEY=([0-9a-f]{64})/.exec(readFileSync(argos.envFile, 'utf8'))?.[1] ?? ''
    expect(await page.locator('body').textContent()).not.toContain(key)
    await page.getByLabel('The last four characters of the key').fill(key.slice(-4))
    await page.getByRole('button', { name: 'I keep a copy' }).click()
    await page.getByText('A copy is kept elsewhere.').waitFor()
    await screenshot(page, 'setup-machine')
    await page.getByRole('button', { name: 'Continue' }).click()

    await page.getByRole('heading', { name: 'Give the panel a name' }).waitFor()
    await screenshot(page, 'setup-address')
    await page.getByRole('button', { name: 'Not now' }).click()
    await page.getByRole('heading', { name: 'Publish your first service' }).waitFor()
    await screenshot(page, 'setup-service')
    await page.getByRole('button', { name: 'Add a service' }).click()
    await publishOnPage(page, {
      upstream: `http://${upstream.dial}`,
      name,
      certificate: 'Argos’ own certificate',
    })
    await screenshot(page, 'published')

    const visitor = await browser.page()
    await eventually('the page loads over HTTPS', async () => {
      const answer = await visitor.goto(`https://${name}/`)
      return answer?.status() === 200
    })
    expect(await visitor.title()).toBe('Behind the door')
    await screenshot(visitor, 'published-page')
    expect(complaints()).toEqual([])
  })

  test('LG-13 the link works once: a second visitor with it, or with a guess, makes no account', async () => {
    for (const again of [link, link.replace(/token=.*/, `token=${'A'.repeat(43)}`)]) {
      const page = await browser.page()
      await page.goto(again)
      await page.getByText('Argos is already set up').waitFor()
      await page.context().close()
    }
    expect((await argos.run('setup-link')).output).toContain('Somebody has an account already')
  })
})
