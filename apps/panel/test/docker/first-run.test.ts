import { eventually, startBrowser, tools } from '@argos/testkit'
import { expect, test } from 'vitest'
import { publishOnPage, watch } from '../support/browser.ts'
import { deployment, startService } from '../support/docker.ts'

const name = 'app.example.test'

test.skipIf(!tools.chromium)(
  'LG-13 `up` ends with a link that leads, in a browser, to a published host whose page loads',
  async () => {
    await using argos = await deployment()
    await argos.up()
    await startService(argos)
    await using browser = await startBrowser({ [name]: `127.0.0.1:${argos.ports.https}` })
    const link = await argos.link()
    // Containers that just started are new interfaces of this machine, for which Chromium drops what it is loading.
    const page = await eventually('a page opens', async () => {
      const fresh = await browser.page()
      const { complaints } = await watch(fresh)
      await fresh.goto(link)
      await fresh.getByRole('heading', { name: 'Make your account' }).waitFor({ timeout: 3_000 })
      return Object.assign(fresh, { complaints })
    })
    await page.getByLabel('Name').fill('noor')
    await page.getByLabel('Password', { exact: true }).fill('four words for tests')
    await page.getByRole('button', { name: 'Make account' }).click()
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.getByRole('button', { name: 'Not now' }).click()
    await page.getByRole('button', { name: 'Add a service' }).click()
    await publishOnPage(page, {
      upstream: 'http://service:8096',
      name,
      certificate: 'Argos’ own certificate',
    })
    const visitor = await browser.page()
    await eventually('the page loads over HTTPS', async () => {
      const answer = await visitor.goto(`https://${name}/`)
      return answer?.status() === 200
    })
    expect(await visitor.title()).toBe('Behind the door')
    expect(page.complaints()).toEqual([])
  },
)
