import { viewList } from '@argos/contract'
import { type Stack, tools } from '@argos/testkit'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { publish } from '../../support/hosts.ts'
import { inEveryLook } from '../../support/looks.ts'
import { type PageBench, pageBench, type SignedIn } from '../../support/pages.ts'

describe.skipIf(!tools.chromium)('the list of hosts', () => {
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
  afterAll(() => bench.close())

  const views = (one = page) => one.getByRole('navigation', { name: 'Views' })
  const pills = async (one = page) => (await views(one).getByRole('link').allInnerTexts()).map(said)
  const said = (text: string) => text.replaceAll(/\s+/g, ' ')
  const choose = async (button: string, item: string) => {
    await page.getByRole('button', { name: button, exact: true }).click()
    await page.getByRole('menuitem', { name: item }).click()
  }
  const saved = async () =>
    (await stack.api.call(viewList, { query: { page: 'hosts' } })).views.map((v) => `${v.name}: ${v.query}`)

  test('CS-07 says what a host is while there is none, and why it cannot be shown', async () => {
    const empty = (one: Page) => one.getByRole('heading', { name: 'No host yet' }).waitFor()
    await inEveryLook(bench, { name: 'hosts-empty', path: '/hosts', shows: empty })
    const { page: other } = await bench.signedIn()
    await other.route('**/api/v1/hosts', (route) => route.abort())
    await other.goto(`${stack.panelUrl}/hosts`)
    await other.getByRole('heading', { name: 'Hosts could not be loaded' }).waitFor({ timeout: 20_000 })
    await other.unroute('**/api/v1/hosts')
    await other.getByRole('button', { name: 'Try now' }).click()
    await empty(other)
    await other.context().close()
  })

  test('filters are saved under a name, counted, kept on the server, and open elsewhere', async () => {
    await publish(stack, { domains: ['photos.example.test'], to: bench.upstream, tags: ['media', 'family'] })
    await publish(stack, { domains: ['music.example.test'], to: bench.upstream, tags: ['media'] })
    await publish(stack, {
      domains: ['lists.example.test'],
      to: bench.upstream,
      tags: ['media'],
      enabled: false,
    })
    await publish(stack, { domains: ['wiki.example.test'], to: bench.upstream })
    await visitor.open('/hosts')
    expect(await pills()).toEqual(['All 4', 'Public 3', 'Paused 1'])
    await choose('Tag', 'media')
    await choose('State', 'paused')
    expect(await page.locator('tr[data-host]').count()).toBe(1)
    await page.getByRole('button', { name: 'Remove the filter paused' }).click()
    await page.getByRole('button', { name: 'Save view…' }).click()
    const dialog = page.getByRole('dialog', { name: 'Save this view' })
    await dialog.getByLabel('Name').fill('Media')
    await page.keyboard.press('Enter')
    await dialog.waitFor({ state: 'detached' })
    await views()
      .getByRole('link', { name: /^Media/ })
      .waitFor()
    expect(await pills()).toEqual(['All 4', 'Public 3', 'Paused 1', 'Media 3'])
    expect(await saved()).toEqual(['Media: tags=media'])

    const { page: other, open } = await bench.signedIn()
    await open('/hosts')
    expect(await other.locator('tr[data-host]').count()).toBe(4)
    await views(other)
      .getByRole('link', { name: /^Media/ })
      .click()
    await expect.poll(() => other.locator('tr[data-host]').count()).toBe(3)
    await other.reload()
    await views(other).locator('[aria-current]').getByText('Media').waitFor()
    expect(await other.locator('tr[data-host]').count()).toBe(3)
    await other.context().close()
  })

  test('an open view says that its filters differ; it takes them over, gets another name, and no name twice', async () => {
    await visitor.open('/hosts')
    await views()
      .getByRole('link', { name: /^Media/ })
      .click()
    await page.keyboard.press('/')
    await page.keyboard.type('music')
    await views().getByText('changed').waitFor()
    await choose('The view Media', 'Save these filters as Media')
    await views().getByText('changed').waitFor({ state: 'detached' })
    expect(await saved()).toEqual(['Media: q=music&tags=media'])
    expect((await pills()).at(-1)).toBe('Media 1')

    await choose('The view Media', 'Rename…')
    const dialog = page.getByRole('dialog', { name: 'Rename Media' })
    await dialog.getByLabel('Name').fill('Music')
    await dialog.getByRole('button', { name: 'Rename' }).click()
    await views()
      .getByRole('link', { name: /^Music/ })
      .waitFor()

    await visitor.open('/hosts?q=wiki')
    await page.getByRole('button', { name: 'Save view…' }).click()
    const again = page.getByRole('dialog', { name: 'Save this view' })
    await again.getByLabel('Name').fill('music')
    await again.getByRole('button', { name: 'Save view' }).click()
    await again.getByText('You have a view named Music. Choose another name.').waitFor()
    await page.keyboard.press('Escape')
    expect(await saved()).toEqual(['Music: q=music&tags=media'])
  })

  test('a view is deleted at once and its toast brings it back', async () => {
    await visitor.open('/hosts')
    await views()
      .getByRole('link', { name: /^Music/ })
      .click()
    await choose('The view Music', 'Delete the view')
    await views()
      .getByRole('link', { name: /^Music/ })
      .waitFor({ state: 'detached' })
    expect(await saved()).toEqual([])
    expect(await page.locator('tr[data-host]').count(), 'the filters stay').toBe(1)
    await page.getByRole('button', { name: 'Undo' }).click()
    await views()
      .getByRole('link', { name: /^Music/ })
      .waitFor()
    expect(await saved()).toEqual(['Music: q=music&tags=media'])
  })

  test('rows are reached, picked and opened with keys', async () => {
    await visitor.open('/hosts?group=none')
    await page.keyboard.press('j')
    await page.keyboard.press('x')
    await page.keyboard.press('j')
    await page.keyboard.press('x')
    await page.getByText('2 selected').waitFor()
    await page.getByRole('button', { name: 'Clear the selection' }).click()
    await page.locator('tr[data-host] a').first().focus()
    await page.keyboard.press('j')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'music.example.test' }).waitFor()
  })

  test('CS-07 the list with a saved view open, and with nothing that matches, in every look', async () => {
    const [view] = (await stack.api.call(viewList, { query: { page: 'hosts' } })).views
    await inEveryLook(
      bench,
      {
        ...{ name: 'hosts-view', path: `/hosts?${view?.query}&saved=${view?.id}` },
        shows: (one) => views(one).locator('[aria-current]').getByText('Music').waitFor(),
      },
      {
        ...{ name: 'hosts-no-match', path: '/hosts?q=nowhere' },
        shows: (one) => one.getByRole('heading', { name: 'No host matches' }).waitFor(),
      },
    )
    expect(visitor.complaints()).toEqual([])
  })
})
