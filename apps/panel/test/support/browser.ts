import AxeBuilder from '@axe-core/playwright'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'

export interface Watched {
  readonly page: Page
  /** What a page must never say: refusals of its content policy, uncaught errors, failed requests of its own. */
  complaints(): string[]
}

/** Listens to a page from now on. */
export async function watch(page: Page): Promise<Watched> {
  const complaints: string[] = []
  await page.addInitScript({
    content: `document.addEventListener('securitypolicyviolation', (event) =>
      console.error('Content Security Policy:', event.violatedDirective, event.blockedURI))`,
  })
  page.on('console', (message) => {
    if (/content security policy/i.test(message.text())) complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(error.stack ?? error.message))
  page.on('response', (response) => {
    if (response.status() >= 500) complaints.push(`${response.status()} ${response.url()}`)
  })
  return { page, complaints: () => complaints }
}

/** Waits until a page has its heading and nothing of it is still loading. */
export async function settled(page: Page): Promise<void> {
  await page.locator('h1:visible, h2:visible').first().waitFor()
  await expect.poll(() => page.getByRole('status', { name: 'Loading' }).count(), { timeout: 15_000 }).toBe(0)
}

/** Serious and critical findings of axe on what the page shows, each with the element it is about. */
export async function barriers(page: Page): Promise<string[]> {
  // Looking into frames takes a second page and twice the time, and no page of ours has any.
  if (page.frames().length > 1) throw new Error('the page has frames, which are not searched for barriers')
  const axe = new AxeBuilder({ page }).setLegacyMode(true)
  // Its preloading copies style sheets into inline ones, which the content policy refuses: its doing, not the page's.
  const { violations } = await axe.options({ preload: false, resultTypes: ['violations'] }).analyze()
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')} ${failureSummary}`),
    )
}

/** How many pixels the page is wider than its window. */
export const overflow = (page: Page): Promise<number> =>
  page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth')

export async function signInOnPage(page: Page, url: string, who: { username: string; password: string }) {
  await page.goto(`${url}/login`)
  await page.getByLabel('Name').fill(who.username)
  await page.getByLabel('Password', { exact: true }).fill(who.password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('navigation', { name: 'Where you are' }).waitFor()
}

export interface PageWish {
  readonly upstream: string
  readonly name: string
  readonly certificate: 'A public certificate' | 'Argos’ own certificate' | 'Plain HTTP'
}

/** Goes through the drawer that publishes a service, which must be open, and waits until the host is live. */
export async function publishOnPage(page: Page, { upstream, name, certificate }: PageWish): Promise<void> {
  const drawer = page.getByRole('dialog')
  await drawer.getByLabel('Its address').fill(upstream)
  await drawer.getByText(/answered 200|connects/).waitFor()
  await drawer.getByRole('textbox', { name: 'Name' }).fill(name)
  await drawer.getByRole('radio', { name: new RegExp(`^${certificate}`) }).click()
  await drawer.getByRole('button', { name: `Publish ${name}` }).click()
  await page.getByRole('heading', { name: `${name} is live` }).waitFor({ timeout: 20_000 })
}
