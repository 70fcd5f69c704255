import { driftView, type Host } from '@argos/contract'
import { eventually, type Stack, tools } from '@argos/testkit'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { byHand, type Hand } from '../../support/by-hand.ts'
import { publish, view } from '../../support/hosts.ts'
import { inEveryLook } from '../../support/looks.ts'
import { type PageBench, pageBench, type SignedIn } from '../../support/pages.ts'

describe.skipIf(!tools.chromium)('CF-11 hand edits at the edge, on the pages', () => {
  let bench: PageBench
  let stack: Stack
  let hand: Hand
  let visitor: SignedIn
  let page: Page
  let one: Host
  let two: Host
  beforeAll(async () => {
    bench = await pageBench()
    stack = bench.stack
    hand = byHand(stack)
    visitor = await bench.signedIn()
    page = visitor.page
    one = await publish(stack, { domains: ['one.example.test'], to: bench.upstream })
    two = await publish(stack, { domains: ['two.example.test'], to: bench.upstream })
  })
  afterAll(async () => {
    await hand.client.close()
    await bench.close()
  })

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
    await visitor.open(`/hosts/${one.id}`)
    await page.getByText('Somebody changed it at the edge by hand.').waitFor()
    await visitor.open('/')
    const attention = page.getByRole('region', { name: 'Needs attention' })
    await attention.getByText('Somebody changed 2 hosts at the edge by hand').waitFor()
    await attention.getByRole('link', { name: 'Look at it' }).click()
    await page.getByRole('heading', { name: 'Somebody changed 2 hosts at the edge by hand.' }).waitFor()
    const diff = (name: string) => card(name).locator('.diff')
    expect(await diff('one.example.test').locator('.del').textContent()).toContain('"one.example.test"')
    expect(await diff('one.example.test').locator('.add').textContent()).toContain('"hand.example.test"')
    await inEveryLook(bench, {
      ...{ name: 'drift', path: '/changes/by-hand' },
      shows: (other) => other.getByRole('button', { name: 'Adopt all…' }).waitFor(),
    })

    await card('one.example.test').getByRole('button', { name: 'Put the panel’s back…' }).click()
    expect(await bench.status('hand.example.test'), 'nothing is done before the word').toBe(200)
    await decide('Put one.example.test back?', 'Put back')
    await page.getByRole('heading', { name: 'Somebody changed 1 host at the edge by hand.' }).waitFor()
    expect([await bench.status('one.example.test'), await bench.status('hand.example.test')]).toEqual([
      200, 404,
    ])

    await card('two.example.test').getByRole('button', { name: 'Adopt it…' }).click()
    await decide('Adopt two.example.test?', 'Adopt')
    await page.getByRole('heading', { name: 'The edge is as the panel left it.' }).waitFor()
    expect((await view(stack, two.id)).domains).toEqual(['two.example.test', 'also.example.test'])
    expect(await bench.status('also.example.test')).toBe(200)

    await page.getByRole('button', { name: 'Undo' }).click()
    await page.getByText(/^Undone/).waitFor()
    await eventually(
      'what was adopted went back',
      async () => (await bench.status('also.example.test')) === 404,
    )
  })

  test('that the panel has no words for say why they cannot be adopted; all of them are put back at once', async () => {
    const fragment = await hand.host(one.id)
    const [gate, ...rest] = fragment.handle
    const response = { set: { 'X-By-Hand': ['yes'] } }
    const handle = [gate, { handler: 'headers', response }, ...rest] as typeof fragment.handle
    await hand.put({ [one.id]: { ...fragment, handle }, [two.id]: null })
    await found(2)
    await visitor.open('/system')
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
    expect(await bench.status('two.example.test')).toBe(200)
    expect(visitor.complaints()).toEqual([])
  })
})
