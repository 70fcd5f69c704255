import { guestLinkCreate, type Host, hostView, policyCreate } from '@argos/contract'
import { eventually, type Stack, tools } from '@argos/testkit'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { browse } from '../../support/edge.ts'
import { publish } from '../../support/hosts.ts'
import { inEveryLook } from '../../support/looks.ts'
import { type PageBench, pageBench, type SignedIn } from '../../support/pages.ts'

const name = 'photos.example.test'

describe.skipIf(!tools.chromium)('who gets into a host, on its page', () => {
  let bench: PageBench
  let stack: Stack
  let visitor: SignedIn
  let page: Page
  let host: Host
  beforeAll(async () => {
    bench = await pageBench()
    stack = bench.stack
    visitor = await bench.signedIn()
    page = visitor.page
    host = await publish(stack, { domains: [name], to: bench.upstream, tls: 'internal' })
    const clause = {
      who: 'signed_in' as const,
      people: [],
      groups: [],
      networks: [],
      times: [],
      factorHours: null,
    }
    await stack.api.call(policyCreate, { body: { name: 'Family', rules: { any: [clause] } } })
  })
  afterEach(() => expect(visitor.complaints()).toEqual([]))
  afterAll(() => bench.close())

  const status = async (path: string) => (await browse(stack, name, { tls: true, path })).status
  const saved = async () => (await stack.api.call(hostView, { params: { id: host.id } })).access
  const open = () => visitor.open(`/hosts/${host.id}/access`)
  const form = () => page.getByRole('form', { name: 'Access' })
  const apply = async () => {
    await form()
      .getByRole('button', { name: /^(Publish|Review change)$/ })
      .click()
    const review = page.getByRole('dialog')
    await review.getByText('Nothing has changed yet.').waitFor()
    const timed = review.getByRole('switch')
    if (await timed.isChecked()) await timed.click()
    await review.getByRole('button', { name: /^Apply/ }).click()
    await review.waitFor({ state: 'detached' })
  }

  test('a policy is chosen, read in the preview, and from then on strangers are asked to sign in', async () => {
    await open()
    await page.getByText('Open to everyone, without a sign-in.').waitFor()
    expect(await status('/')).toBe(200)
    await form()
      .getByRole('radio', { name: /^Whom a policy lets in/ })
      .click()
    await page.getByRole('status').getByText('Open to whoever is signed in.').waitFor()
    await apply()
    await eventually('a stranger does not get in', async () => [302, 401].includes(await status('/')))
    expect(await saved()).toMatchObject({ kind: 'policy', paths: [], keep: true, assertion: false })
    await page.locator('.stage[aria-current]').getByText('Family').waitFor()
  })

  test('F15 a path is open only while it is listed, and the list says so in one sentence', async () => {
    await open()
    await form().getByText('None: the policy holds for every path.').waitFor()
    await form().getByRole('button', { name: 'Add an exception' }).click()
    await form().getByLabel('Path').fill('share/')
    await form().getByText('A path starts with /').waitFor()
    await form().getByLabel('Path').fill('/share/')
    await page.getByRole('status').getByText('but /share/ is open to everyone.').waitFor()
    await apply()
    await eventually('the path is open', async () => (await status('/share/x')) === 200)
    expect([302, 401]).toContain(await status('/'))
    expect([302, 401], 'no other spelling of it').toContain(await status('/share/../admin'))
    await page.locator('.stage[aria-current]').getByText('1 path differs').waitFor()

    await form().getByRole('button', { name: 'Remove the exception /share/' }).click()
    await apply()
    await eventually('the path is closed again', async () => [302, 401].includes(await status('/share/x')))
  })

  test('what hardly anybody changes stands under “More”, and is saved', async () => {
    await open()
    await form().getByText('More', { exact: true }).click()
    await form()
      .getByRole('switch', { name: /^Keep what is known/ })
      .click()
    await form()
      .getByRole('switch', { name: /^Send the app a signed word/ })
      .click()
    await form()
      .getByRole('button', { name: /^(Publish|Review change)$/ })
      .click()
    await eventually('it is saved', async () => {
      const review = page.getByRole('dialog').getByRole('button', { name: /^Apply/ })
      if ((await review.count()) > 0) await review.click()
      const access = await saved()
      return access.kind === 'policy' && !access.keep && access.assertion
    })
  })

  test('edits are not lost by leaving: one is asked once', async () => {
    await open()
    await form()
      .getByRole('radio', { name: /^Everyone/ })
      .click()
    await page.getByRole('link', { name: 'Hosts', exact: true }).first().click()
    await page
      .getByRole('dialog', { name: 'Leave without saving?' })
      .getByRole('button', { name: 'Stay here' })
      .click()
    await form()
      .getByRole('radio', { name: /^Whom a policy lets in/ })
      .click()
    await page.locator('.card.change').waitFor({ state: 'detached' })
  })

  test('a guest link is made, shown once, opens the host, and is taken back', async () => {
    await open()
    await page.getByRole('button', { name: 'Add a link' }).click()
    const drawer = page.getByRole('dialog')
    await drawer.getByLabel('For whom').fill('Wedding guests')
    await drawer.getByRole('button', { name: 'Make the link' }).click()
    const url = await drawer.getByLabel('The link').inputValue()
    expect(url).toContain(`https://${name}`)
    await drawer.getByRole('button', { name: 'I have the link' }).click()
    await page.getByText('Wedding guests', { exact: true }).waitFor()
    const { pathname, search } = new URL(url)
    const opened = await browse(stack, name, { tls: true, path: `${pathname}${search}` })
    expect([200, 302, 303]).toContain(opened.status)
    await page.reload()
    expect(await page.getByText(url).count(), 'nobody reads it again').toBe(0)
    await page.getByRole('button', { name: /^Take back.*Wedding guests$/ }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Take back', exact: true }).click()
    await page.getByText('None. A guest link opens this host').waitFor()
  })

  test('CS-07 the access of a host, in every look', async () => {
    const guests = { name: 'Wedding guests', hours: 24, paths: ['/share/'] }
    await stack.api.call(guestLinkCreate, { params: { id: host.id }, body: guests })
    await inEveryLook(bench, {
      name: 'host-access',
      path: `/hosts/${host.id}/access`,
      shows: (one) => one.getByText('Paths that differ').waitFor(),
    })
  })
})
