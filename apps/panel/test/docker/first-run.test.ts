import { eventually, startBrowser, tools } from '@argos/testkit'
import { expect, test } from 'vitest'
import { publishOnPage, settled, watch } from '../support/browser.ts'
import { deployment, startService } from '../support/docker.ts'

const name = 'app.example.test'

test.skipIf(!tools.chromium)(
  'LG-13 `up` ends with a link that leads, in a browser, to a published host whose page loads',
  async () => {
    await using argos = await deployment()
    // First: a container that starts is a new interface of this machine, for which Chromium drops what it is loading.
    await argos.ok('create', '--no-build')
    await startService(argos)
    await argos.up()
    await using browser = await startBrowser({ [name]: `127.0.0.1:${argos.ports.https}` })
    const page = await browser.page()
    const { complaints } = await watch(page)
    await page.goto(await argos.link())
    await settled(page)
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
    expect(complaints()).toEqual([])
  },
)
