import { hostUpdate, policyCreate, policyList, userList } from '@argos/contract'
import { type Stack, tools } from '@argos/testkit'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { publish } from '../../support/hosts.ts'
import { inBothThemes, inEveryLook, seen, widths } from '../../support/looks.ts'
import { type PageBench, pageBench, type SignedIn } from '../../support/pages.ts'

describe.skipIf(!tools.chromium)('policies, on the pages', () => {
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

  const policies = async () => (await stack.api.call(policyList, {})).policies
  const named = async (name: string) => {
    const found = (await policies()).find((policy) => policy.name === name)
    if (!found) throw new Error(`no policy ${name}`)
    return found
  }
  const drawer = () => page.getByRole('dialog')
  const sentence = () => drawer().getByRole('status').filter({ hasText: 'Who gets in' })
  const press = (name: string | RegExp) => drawer().getByRole('button', { name }).click()
  const row = (name: string) => page.getByRole('row').filter({ hasText: name })

  test('CS-07 says what a policy is while there is none, offers the usual ones, and why they cannot be shown', async () => {
    const empty = (one: Page) => one.getByRole('heading', { name: 'No policies yet' }).waitFor()
    await inEveryLook(bench, { name: 'policies-empty', path: '/policies', shows: empty })
    const { page: other } = await bench.signedIn()
    await other.route('**/api/v1/policies', (route) => route.abort())
    await other.goto(`${stack.panelUrl}/policies`)
    await other.getByRole('heading', { name: 'Policies could not be loaded' }).waitFor({ timeout: 20_000 })
    await other.unroute('**/api/v1/policies')
    await other.getByRole('button', { name: 'Try now' }).click()
    await empty(other)
    await other.getByRole('button', { name: 'Add Signed in', exact: true }).click()
    await other.getByRole('row').filter({ hasText: 'Open to whoever is signed in.' }).waitFor()
    expect((await policies()).map((policy) => policy.name)).toEqual(['Signed in'])
    await other.context().close()
  })

  test('the sentence changes with every choice, and what is saved is what it said', async () => {
    await visitor.open('/policies')
    await page.getByRole('button', { name: 'Add policy' }).first().click()
    await drawer().getByLabel('Name').fill('Home and admin')
    await sentence().getByText('Open to whoever is signed in.').waitFor()
    await drawer()
      .getByRole('radio', { name: /^Everyone/ })
      .click()
    await sentence().getByText('Open to everyone.').waitFor()
    await press('Local network')
    await sentence().getByText('Open to everyone on the local network.').waitFor()

    await press('Or another way in')
    const second = drawer().getByRole('group', { name: /^Way in 2/ })
    await second.getByRole('radio', { name: /^These only/ }).click()
    await second.getByRole('button', { name: 'Add', exact: true }).click()
    await page.getByRole('menuitem', { name: /^admin/ }).click()
    await second.getByRole('switch', { name: 'With a second factor' }).click()
    await second.getByLabel('given within the last').fill('8')
    const said =
      'Open to everyone on the local network, or to admin with a second factor of the last 8 hours.'
    await sentence().getByText(said).waitFor()
    await press('Add policy')
    await drawer().waitFor({ state: 'detached' })
    await row('Home and admin').getByText(said).waitFor()
    const saved = await named('Home and admin')
    expect(saved.sentence).toBe(said)
    const [me] = (await stack.api.call(userList, {})).users
    expect(saved.rules.any[1]).toMatchObject({ who: 'these', people: [me?.id], factorHours: 8 })
  })

  test('what is wrong stands at its field, which gets the focus, and nothing is saved', async () => {
    await visitor.open('/policies?open=new')
    await drawer().getByLabel('Name').fill('Wrong')
    await press('These networks')
    await drawer().getByLabel('Networks').fill('192.168.1.0/24\nnas')
    await press('Add policy')
    await drawer().getByText('is no network. Write an address or a range').waitFor()
    expect(await drawer().locator('textarea:focus').inputValue()).toContain('nas')
    await drawer().getByLabel('Networks').fill('192.168.1.7')
    await sentence().getByText('Open to whoever is signed in from 192.168.1.7.').waitFor()
    await press('Only at times')
    await press('Monday')
    await sentence().getByText('Tuesday to Friday 08:00–18:00').waitFor()
    await page.keyboard.press('Escape')
    expect(await drawer().count(), 'Escape loses no edits').toBe(1)
    await press('Cancel')
    await press('Discard')
    await drawer().waitFor({ state: 'detached' })
    expect((await policies()).some((policy) => policy.name === 'Wrong')).toBe(false)
  })

  test('a change that lets more people into a host is read before it is done', async () => {
    const host = await publish(stack, { domains: ['wiki.example.test'], to: bench.upstream, tls: 'internal' })
    const { policy } = await stack.api.call(policyCreate, {
      body: { name: 'Nobody', rules: { any: [] } },
    })
    const { id, state: _, poolName: __, createdAt: ___, updatedAt: ____, ...input } = host
    const access = { kind: 'policy' as const, policyId: policy.id, paths: [], keep: true, assertion: false }
    await stack.api.call(hostUpdate, { params: { id }, body: { ...input, access } })

    await visitor.open('/policies')
    await row('Nobody').getByRole('button', { name: 'Nobody', exact: true }).click()
    await press('Add a way in')
    await press('Review and save')
    const review = page.getByRole('dialog', { name: 'Change the policy Nobody' })
    await review.getByText('More people get into wiki.example.test than now.').first().waitFor()
    expect((await named('Nobody')).rules.any, 'a preview changes nothing').toEqual([])
    const timed = review.getByRole('switch')
    if (await timed.isChecked()) await timed.click()
    await review.getByRole('button', { name: /^Apply/ }).click()
    await drawer().waitFor({ state: 'detached' })
    await row('Nobody').getByText('Open to whoever is signed in.').waitFor()
    await row('Nobody').getByRole('link', { name: 'wiki.example.test' }).waitFor()
  })

  test('one that a host uses is kept, and says by whom; another goes after its name was typed', async () => {
    const remove = async (name: string) => {
      await page.getByRole('button', { name: `Actions for ${name}`, exact: true }).click()
      await page.getByRole('menuitem', { name: 'Delete…' }).click()
    }
    await visitor.open('/policies')
    await remove('Nobody')
    const kept = page.getByRole('dialog', { name: 'Nobody is in use' })
    await kept.getByRole('link', { name: 'wiki.example.test' }).waitFor()
    await kept.getByRole('button', { name: 'Close' }).last().click()
    await remove('Signed in')
    const asked = page.getByRole('dialog', { name: 'Delete Signed in?' })
    await asked.getByText('Nothing has changed yet.').waitFor()
    await asked.getByRole('textbox').fill('Signed in')
    await asked.getByRole('button', { name: /^Delete/ }).click()
    await expect
      .poll(async () => (await policies()).some((policy) => policy.name === 'Signed in'))
      .toBe(false)
  })

  test('the tester says who can open an address, and why, part by part', async () => {
    await visitor.open('/policies/test')
    await page.getByLabel('Address they open').fill('wiki.example.test/page')
    await page.getByRole('button', { name: 'Test', exact: true }).click()
    await page.locator('.verdict').getByText('has to sign in', { exact: true }).waitFor()
    await page.locator('.clauses .unmet').getByText('whoever is signed in').waitFor()
    await page.getByRole('combobox', { name: 'Who it is' }).click()
    await page.getByRole('option', { name: /admin/ }).click()
    await page.getByRole('button', { name: 'Test', exact: true }).click()
    await page.locator('.verdict').getByText('gets in', { exact: true }).waitFor()
    await page.locator('.clauses .met').getByText('whoever is signed in').waitFor()
    await page.getByLabel('Address they open').fill('nowhere.example.test')
    await page.getByRole('button', { name: 'Test', exact: true }).click()
    await page.getByText('No host is published as nowhere.example.test.').waitFor()
    await page.getByLabel('Where they come from').fill('the moon')
    await page.getByRole('button', { name: 'Test', exact: true }).click()
    await page.locator('[data-invalid]').getByText(/./).first().waitFor()
  })

  test('CS-07 the list, the editor and the tester, in every look', async () => {
    const { id } = await named('Home and admin')
    await inEveryLook(
      bench,
      {
        name: 'policies',
        path: '/policies',
        shows: (one) => seen(one, 'Home and admin'),
      },
      {
        name: 'policy-edit',
        path: `/policies?open=${id}`,
        shows: (one) => one.getByRole('dialog').getByText('Way in 2', { exact: true }).waitFor(),
      },
    )
    for (const { on, options } of widths) {
      const watched = await bench.signedIn(options)
      await watched.open('/policies/test?url=wiki.example.test')
      await watched.page.getByRole('button', { name: 'Test', exact: true }).click()
      await watched.page.locator('.verdict').waitFor()
      await inBothThemes(watched, 'policies-test', on)
      await watched.page.context().close()
    }
  })
})
