import { auditList, type Host, hostBulk, hostDelete, pendingReturn } from '@argos/contract'
import { eventually, type Stack, tools } from '@argos/testkit'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { lastRevision } from '../../support/history.ts'
import { edit, live, publish, view } from '../../support/hosts.ts'
import { inEveryLook } from '../../support/looks.ts'
import { type PageBench, pageBench, type SignedIn } from '../../support/pages.ts'

describe.skipIf(!tools.chromium)('changes, on the pages', () => {
  let bench: PageBench
  let stack: Stack
  let visitor: SignedIn
  let page: Page
  let app: Host
  beforeAll(async () => {
    bench = await pageBench()
    stack = bench.stack
    visitor = await bench.signedIn()
    page = visitor.page
    app = await publish(stack, { domains: ['app.example.test'], to: bench.upstream })
    await publish(stack, { domains: ['other.example.test'], to: bench.upstream })
  })
  afterEach(() => expect(visitor.complaints()).toEqual([]))
  afterAll(() => bench.close())

  const renamed = async (...domains: string[]) => {
    await edit(stack, app.id, () => ({ domains }))
    await live(stack, app.id)
  }
  const newest = async () => (await lastRevision(stack)).number
  const drawer = (number: number) => page.getByRole('dialog', { name: `r${number}` })
  const row = (number: number) => page.locator(`[data-row="${number}"]`)

  test('a row says who, what, its outcome and whom it touched; it opens by keys, to an address of its own', async () => {
    await renamed('app.example.test', 'more.example.test')
    const number = await newest()
    await visitor.open('/changes')
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
    expect(await bench.status('undone.example.test')).toBe(200)
    await visitor.open(`/changes?open=${number}`)
    await page.getByRole('button', { name: 'Undo this change…' }).click()
    const preview = page.getByRole('dialog', { name: 'Undo a change' })
    await preview.getByText('Nothing has changed yet.').waitFor()
    expect(await bench.status('undone.example.test'), 'a preview changes nothing').toBe(200)
    await preview.getByRole('button', { name: /^Undo it/ }).click()
    await eventually('its name is gone', async () => (await bench.status('undone.example.test')) === 404)
    expect(await bench.status('app.example.test')).toBe(200)
    await drawer(number).waitFor({ state: 'detached' })
    await row(number).locator('.opens').click()
    await drawer(number).getByText('It cannot be undone.').waitFor()
    expect(await drawer(number).getByRole('button', { name: 'Undo this change…' }).count()).toBe(0)
  })

  test('a state is restored after its preview, kept from the dock, and says so itself', async () => {
    await renamed('app.example.test')
    const number = await newest()
    await renamed('app.example.test', 'later.example.test')
    await visitor.open(`/changes?open=${number}`)
    await page.getByRole('button', { name: 'Restore this state…' }).click()
    const preview = page.getByRole('dialog', { name: `Go back to r${number}` })
    await preview.getByText('Nothing has changed yet.').waitFor()
    const timed = preview.getByRole('switch')
    if (!(await timed.isChecked())) await timed.click()
    await preview.getByRole('button', { name: /to confirm/ }).click()
    const keep = page.getByRole('region', { name: /^Keep r\d+\?$/ })
    await keep.waitFor({ timeout: 20_000 })
    expect(await bench.status('later.example.test'), 'live for now').toBe(404)
    await keep.getByRole('button', { name: /^Keep it/ }).click()
    await page.getByText(/^Kept as r\d+$/).waitFor()
    await visitor.open(`/changes?open=${await newest()}`)
    await page.getByText('This is what is live now.').waitFor()
    expect(await page.getByRole('button', { name: 'Restore this state…' }).count()).toBe(0)
  })

  test('two states are compared by an address, and nothing differs where nothing was changed', async () => {
    await renamed('app.example.test')
    const before = await newest()
    await renamed('app.example.test', 'compared.example.test')
    const after = await newest()
    await visitor.open(`/changes?open=${before}..${after}`)
    await page.getByText('1 host differs.').waitFor()
    await page.getByText('compared.example.test').first().waitFor()
    await visitor.open(`/changes?open=${after}..now`)
    await page.getByText('Nothing differs.').waitFor()
  })

  test('a change that went back says so with its reason, and is no state to restore', async () => {
    const { saved } = await stack.api.call(hostDelete, { params: { id: app.id }, query: { confirmS: 120 } })
    const id = saved.pending ?? ''
    await eventually('it is live for now', async () => (await bench.status('app.example.test')) === 404)
    await visitor.open('/changes')
    const number = await newest()
    await page.getByRole('status').getByText('waits to be kept').waitFor()
    expect(await row(number).locator('.out').textContent()).toBe('waits to be kept')
    await stack.api.call(pendingReturn, { params: { id } })
    await row(number).getByText('admin put it back.').waitFor()
    expect(await row(number).locator('.out').textContent()).toBe('went back')
    await visitor.open(`/changes?open=${number}`)
    await page.getByText('It did not stay, so it is no state to restore.').waitFor()
    await live(stack, app.id)
  })

  test('the history of a host has its changes only, labels too, each with its way back', async () => {
    await edit(stack, app.id, () => ({ note: 'in the kitchen' }))
    await visitor.open(`/hosts/${app.id}/history`)
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
    await visitor.open('/changes?open=99999')
    await page.getByText('There is no r99999').waitFor()
    await visitor.open('/changes?open=nonsense')
    await page.getByText('There is no such change').waitFor()
  })

  test('CS-07 the list, one change and a history have no barriers in any look', async () => {
    await renamed('app.example.test', 'looked.example.test')
    const number = await newest()
    const undo = (one: Page) => one.getByRole('button', { name: 'Undo this change…' }).waitFor()
    const listed = (one: Page) => one.locator(`[data-row]`).first().waitFor()
    await inEveryLook(
      bench,
      { name: 'changes', path: '/changes', shows: listed },
      { name: 'change', path: `/changes?open=${number}`, shows: undo },
      { name: 'host-history', path: `/hosts/${app.id}/history`, shows: listed },
    )
  })

  test('of a long list only what is seen is drawn, and the keys reach its end', async () => {
    const ids = [app.id]
    // Labels are nothing for the edge, and each has its entry. Both pages are the same list.
    for (let i = 0; i < 56; i += 1)
      for (const [add, remove] of [
        [['tv'], []],
        [[], ['tv']],
      ] as const)
        await stack.api.call(hostBulk, {
          body: { ids, action: { kind: 'tag', add: [...add], remove: [...remove] } },
        })
    await visitor.open('/audit')
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
