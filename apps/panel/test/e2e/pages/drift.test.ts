import { driftView, type Host } from '@argos/contract'
import {
  admin,
  page as aPage,
  eventually,
  type Stack,
  startBrowser,
  startStack,
  type TestBrowser,
  tools,
  type Upstream,
  visit,
} from '@argos/testkit'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { settled, signInOnPage, type Watched, watch } from '../../support/browser.ts'
import { byHand, type Hand } from '../../support/by-hand.ts'
import { publish, view } from '../../support/hosts.ts'
import { inEveryLook, wide } from '../../support/looks.ts'

describe.skipIf(!tools.chromium)('CF-11 hand edits at the edge, on the pages', () => {
  let stack: Stack
  let hand: Hand
  let browser: TestBrowser
  let upstream: Upstream
  let page: Page
  let watched: Watched
  let storageState: NonNullable<BrowserContextOptions['storageState']>
  let one: Host
  let two: Host
  beforeAll(async () => {
    stack = await startStack()
    hand = byHand(stack)
    upstream = await aPage('Served')
    browser = await startBrowser()
    page = await browser.page({ ...wide, reducedMotion: 'reduce' })
    watched = await watch(page)
    await signInOnPage(page, stack.panelUrl, admin)
    storageState = await page.context().storageState()
    one = await publish(stack, { domains: ['one.example.test'], to: upstream })
    two = await publish(stack, { domains: ['two.example.test'], to: upstream })
  })
  afterAll(async () => {
    await browser.close()
    await hand.client.close()
    await stack.stop()
    await upstream.close()
  })

  const open = async (path: string) => {
    await page.goto(`${stack.panelUrl}${path}`)
    await settled(page)
  }
  const status = async (name: string) => (await visit({ port: stack.ports.http, name })).status
  const rename = async (id: string, ...names: string[]) =>
    hand.put({ [id]: { ...(await hand.host(id)), names } })
  const found = (n: number) =>
    eventually(`${n} objects drift`, async () => (await stack.api.call(driftView, {})).objects.length === n, {
      timeoutMs: 20_000,
    })
  const card = (name: string) => page.locator('.card').filter({ has: page.getByRole('link', { name }) })
  const decide = (title: string, button: string) =>
    page.getByRole('dialog', { name: title }).getByRole('button', { name: button }).click()

  test('are told where one looks first, shown with both forms, and decided one by one', async () => {
    await rename(one.id, 'hand.example.test')
    await rename(two.id, 'two.example.test', 'also.example.test')
    await found(2)
    await open(`/hosts/${one.id}`)
    await page.getByText('Somebody changed it at the edge by hand.').waitFor()
    await open('/')
    const attention = page.getByRole('region', { name: 'Needs attention' })
    await attention.getByText('Somebody changed 2 hosts at the edge by hand').waitFor()
    await attention.getByRole('link', { name: 'Look at it' }).click()
    await page.getByRole('heading', { name: 'Somebody changed 2 hosts at the edge by hand.' }).waitFor()
    const diff = (name: string) => card(name).locator('.diff')
    expect(await diff('one.example.test').locator('.del').textContent()).toContain('"one.example.test"')
    expect(await diff('one.example.test').locator('.add').textContent()).toContain('"hand.example.test"')
    await inEveryLook({
      ...{ browser, stack, storageState, name: 'drift', path: '/changes/by-hand' },
      shows: (other) => other.getByRole('button', { name: 'Adopt all…' }).waitFor(),
    })

    await card('one.example.test').getByRole('button', { name: 'Put the panel’s back…' }).click()
    expect(await status('hand.example.test'), 'nothing is done before the word').toBe(200)
    await decide('Put one.example.test back?', 'Put back')
    await page.getByRole('heading', { name: 'Somebody changed 1 host at the edge by hand.' }).waitFor()
    expect([await status('one.example.test'), await status('hand.example.test')]).toEqual([200, 404])

    await card('two.example.test').getByRole('button', { name: 'Adopt it…' }).click()
    await decide('Adopt two.example.test?', 'Adopt')
    await page.getByRole('heading', { name: 'The edge is as the panel left it.' }).waitFor()
    expect((await view(stack, two.id)).domains).toEqual(['two.example.test', 'also.example.test'])
    expect(await status('also.example.test')).toBe(200)

    await page.getByRole('button', { name: 'Undo' }).click()
    await page.getByText(/^Undone/).waitFor()
    await eventually('what was adopted went back', async () => (await status('also.example.test')) === 404)
  })

  test('that the panel has no words for say why they cannot be adopted; all of them are put back at once', async () => {
    const fragment = await hand.host(one.id)
    const [gate, ...rest] = fragment.handle
    const response = { set: { 'X-By-Hand': ['yes'] } }
    const handle = [gate, { handler: 'headers', response }, ...rest] as typeof fragment.handle
    await hand.put({ [one.id]: { ...fragment, handle }, [two.id]: null })
    await found(2)
    await open('/system')
    await page.getByRole('main').getByRole('link', { name: 'Look at it' }).click()
    await card('one.example.test').getByText('It cannot be adopted.').waitFor()
    expect(await card('one.example.test').getByRole('button', { name: 'Adopt it…' }).count()).toBe(0)
    await card('two.example.test').getByText('was removed from the edge').waitFor()
    const all = page.getByRole('button', { name: 'Adopt all…' })
    expect(await all.getAttribute('aria-disabled')).toBe('true')
    await all.hover()
    await page.getByText(/^one\.example\.test cannot be adopted: .*headers/).waitFor()
    await page.mouse.move(0, 0)

    await page.getByRole('button', { name: 'Put all back…' }).click()
    await decide('Put 2 things back?', 'Put back')
    await page.getByRole('heading', { name: 'The edge is as the panel left it.' }).waitFor()
    expect(await status('two.example.test')).toBe(200)
    expect(watched.complaints()).toEqual([])
  })
})
