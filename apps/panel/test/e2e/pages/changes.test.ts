import { auditList, type Host, hostBulk, hostDelete, pendingReturn, revisionList } from '@argos/contract'
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
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { settled, signInOnPage, type Watched, watch } from '../../support/browser.ts'
import { edit, live, publish, view } from '../../support/hosts.ts'
import { inEveryLook, wide } from '../../support/looks.ts'

describe.skipIf(!tools.chromium)('changes, on the pages', () => {
  let stack: Stack
  let browser: TestBrowser
  let upstream: Upstream
  let page: Page
  let watched: Watched
  let storageState: NonNullable<BrowserContextOptions['storageState']>
  let app: Host
  beforeAll(async () => {
    stack = await startStack()
    upstream = await aPage('Served')
    browser = await startBrowser()
    const first = await browser.page()
    await signInOnPage(first, stack.panelUrl, admin)
    storageState = await first.context().storageState()
    await first.context().close()
    app = await publish(stack, { domains: ['app.example.test'], to: upstream })
    await publish(stack, { domains: ['other.example.test'], to: upstream })
  })
  beforeEach(async () => {
    page = await browser.page({ ...wide, reducedMotion: 'reduce', storageState })
    watched = await watch(page)
  })
  afterEach(async () => {
    expect(watched.complaints()).toEqual([])
    await page.context().close()
  })
  afterAll(async () => {
    await browser.close()
    await stack.stop()
    await upstream.close()
  })

  const open = async (path: string) => {
    await page.goto(`${stack.panelUrl}${path}`)
    await settled(page)
  }
  const status = async (name: string) => (await visit({ port: stack.ports.http, name })).status
  const renamed = async (...domains: string[]) => {
    await edit(stack, app.id, () => ({ domains }))
    await live(stack, app.id)
  }
  const newest = async () => {
    const [revision] = (await stack.api.call(revisionList, { query: { limit: 1 } })).revisions
    if (!revision) throw new Error('there is no revision')
    return revision.number
  }
  const drawer = (number: number) => page.getByRole('dialog', { name: `r${number}` })
  const row = (number: number) => page.locator(`[data-row="${number}"]`)

  test('a row says who, what, its outcome and whom it touched; it opens by keys, to an address of its own', async () => {
    await renamed('app.example.test', 'more.example.test')
    const number = await newest()
    await open('/changes')
    await row(number).getByText('You changed app.example.test: names').waitFor()
    expect(await row(number).locator('.out').textContent()).toBe('live')
    expect(await row(number).getByRole('link', { name: 'app.example.test' }).count()).toBe(1)
    await page.keyboard.press('j')
    await page.keyboard.press('j')
    await page.keyboard.press('k')
    await page.keyboard.press('Enter')
    await drawer(number).waitFor()
    expect(new URL(page.url()).search).toBe(`?open=${number}`)
    await drawer(number).getByText('1 other host untouched').waitFor()
    await drawer(number).getByText('more.example.test').first().waitFor()

    await page.keyboard.press(']')
    await drawer(number - 1).waitFor()
    await page.keyboard.press('[')
    await drawer(number).getByRole('button', { name: 'Caddy JSON' }).click()
    await drawer(number).getByText('"more.example.test"').waitFor()
    await page.reload()
    await drawer(number).getByRole('button', { name: 'Undo this change…' }).waitFor()
    await page.keyboard.press('Escape')
    await drawer(number).waitFor({ state: 'detached' })
    expect(new URL(page.url()).search).toBe('')
  })

  test('one change is undone after its preview, and only once', async () => {
    await renamed('app.example.test', 'undone.example.test')
    const number = await newest()
    expect(await status('undone.example.test')).toBe(200)
    await open(`/changes?open=${number}`)
    await page.getByRole('button', { name: 'Undo this change…' }).click()
    const preview = page.getByRole('dialog', { name: 'Undo a change' })
    await preview.getByText('Nothing has changed yet.').waitFor()
    expect(await status('undone.example.test'), 'a preview changes nothing').toBe(200)
    await preview.getByRole('button', { name: /^Undo it/ }).click()
    await eventually('its name is gone', async () => (await status('undone.example.test')) === 404)
    expect(await status('app.example.test')).toBe(200)
    await drawer(number).waitFor({ state: 'detached' })
    await row(number).locator('.opens').click()
    await drawer(number).getByText('It cannot be undone.').waitFor()
    expect(await drawer(number).getByRole('button', { name: 'Undo this change…' }).count()).toBe(0)
  })

  test('a state is restored after its preview, kept from the dock, and says so itself', async () => {
    await renamed('app.example.test')
    const number = await newest()
    await renamed('app.example.test', 'later.example.test')
    await open(`/changes?open=${number}`)
    await page.getByRole('button', { name: 'Restore this state…' }).click()
    const preview = page.getByRole('dialog', { name: `Go back to r${number}` })
    await preview.getByText('Nothing has changed yet.').waitFor()
    const timed = preview.getByRole('switch')
    if (!(await timed.isChecked())) await timed.click()
    await preview.getByRole('button', { name: /to confirm/ }).click()
    const keep = page.getByRole('region', { name: /^Keep r\d+\?$/ })
    await keep.waitFor({ timeout: 20_000 })
    expect(await status('later.example.test'), 'live for now').toBe(404)
    await keep.getByRole('button', { name: /^Keep it/ }).click()
    await page.getByText(/^Kept as r\d+$/).waitFor()
    await open(`/changes?open=${await newest()}`)
    await page.getByText('This is what is live now.').waitFor()
    expect(await page.getByRole('button', { name: 'Restore this state…' }).count()).toBe(0)
  })

  test('two states are compared by an address, and nothing differs where nothing was changed', async () => {
    await renamed('app.example.test')
    const before = await newest()
    await renamed('app.example.test', 'compared.example.test')
    const after = await newest()
    await open(`/changes?open=${before}..${after}`)
    await page.getByText('1 host differs.').waitFor()
    await page.getByText('compared.example.test').first().waitFor()
    await open(`/changes?open=${after}..now`)
    await page.getByText('Nothing differs.').waitFor()
  })

  test('a change that went back says so with its reason, and is no state to restore', async () => {
    const { saved } = await stack.api.call(hostDelete, { params: { id: app.id }, query: { confirmS: 120 } })
    const id = saved.pending ?? ''
    await eventually('it is live for now', async () => (await status('app.example.test')) === 404)
    await open('/changes')
    const number = await newest()
    await page.getByRole('status').getByText('waits to be kept').waitFor()
    expect(await row(number).locator('.out').textContent()).toBe('waits to be kept')
    await stack.api.call(pendingReturn, { params: { id } })
    await row(number).getByText('admin put it back.').waitFor()
    expect(await row(number).locator('.out').textContent()).toBe('went back')
    await open(`/changes?open=${number}`)
    await page.getByText('It did not stay, so it is no state to restore.').waitFor()
    await live(stack, app.id)
  })

  test('the history of a host has its changes only, labels too, each with its way back', async () => {
    await edit(stack, app.id, () => ({ note: 'in the kitchen' }))
    await open(`/hosts/${app.id}/history`)
    const [note] = await page.locator('[data-row]').all()
    expect(await note?.locator('.out').textContent()).toBe('nothing for the edge')
    expect(await page.getByText('other.example.test').count()).toBe(0)
    await page.keyboard.press('j')
    await page.keyboard.press('Enter')
    await page.getByRole('dialog').getByText('in the kitchen').waitFor()
    await page.getByRole('button', { name: 'Undo this change…' }).click()
    await page.getByRole('button', { name: /^Undo it/ }).click()
    await expect.poll(async () => (await view(stack, app.id)).note).toBe('')
  })

  test('a number that is none opens a word about it, not a blank page', async () => {
    await open('/changes?open=99999')
    await page.getByText('There is no r99999').waitFor()
    await open('/changes?open=nonsense')
    await page.getByText('There is no such change').waitFor()
  })

  test('CS-07 the list, one change and a history have no barriers in any look', async () => {
    await renamed('app.example.test', 'looked.example.test')
    const number = await newest()
    const at = { browser, stack, storageState }
    const undo = (one: Page) => one.getByRole('button', { name: 'Undo this change…' }).waitFor()
    const listed = (one: Page) => one.locator(`[data-row]`).first().waitFor()
    await inEveryLook({ ...at, name: 'changes', path: '/changes', shows: listed })
    await inEveryLook({ ...at, name: 'change', path: `/changes?open=${number}`, shows: undo })
    const history = `/hosts/${app.id}/history`
    await inEveryLook({ ...at, name: 'host-history', path: history, shows: listed })
  })

  test('of a long list only what is seen is drawn, and the keys reach its end', async () => {
    const ids = [app.id]
    for (let i = 0; i < 56; i += 1)
      for (const kind of ['disable', 'enable'] as const)
        await stack.api.call(hostBulk, { body: { ids, action: { kind } } })
    await stack.inSync()
    // One entry for each, where one revision may bring several to the edge. Both pages are the same list.
    await open('/audit')
    const older = page.getByRole('button', { name: 'Show older entries' })
    await older.click()
    await expect.poll(() => page.locator('[data-row]').count()).toBe(100)
    await older.click()
    await expect.poll(() => page.locator('[data-row]').count()).toBeLessThan(60)
    const height = await page.evaluate<number>('document.documentElement.scrollHeight')
    expect(height, 'the whole list has its place').toBeGreaterThan(4_000)
    const { entries } = await stack.api.call(auditList, { query: { limit: 150 } })
    await page.keyboard.press('k')
    const focused = () =>
      page.evaluate<string>('document.activeElement?.closest("[data-row]")?.dataset.row ?? ""')
    await expect.poll(focused).toBe(String(entries.at(-1)?.id))
    await page.keyboard.press('Enter')
    await page.getByRole('dialog').waitFor()
  })
})
