import type { Host } from '@argos/contract'
import {
  admin,
  page as aPage,
  echo,
  phone,
  type Stack,
  screenshot,
  startBrowser,
  startStack,
  type TestBrowser,
  tools,
  type Upstream,
} from '@argos/testkit'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { barriers, overflow, settled, signInOnPage, type Watched, watch } from '../../support/browser.ts'
import { publish } from '../../support/hosts.ts'

const looks: { look: string; options: BrowserContextOptions }[] = [
  { look: 'dark', options: { colorScheme: 'dark', viewport: { width: 1440, height: 900 } } },
  { look: 'light', options: { colorScheme: 'light', viewport: { width: 1440, height: 900 } } },
  { look: 'phone-dark', options: { ...phone, colorScheme: 'dark' } },
  { look: 'phone-light', options: { ...phone, colorScheme: 'light' } },
]

describe.skipIf(!tools.chromium)('every page', () => {
  let stack: Stack
  let browser: TestBrowser
  let upstreams: Upstream[]
  let host: Host
  beforeAll(async () => {
    stack = await startStack()
    upstreams = [await aPage('Media'), await echo()]
    const [media, files] = upstreams
    if (!media || !files) throw new Error('no upstreams')
    host = await publish(stack, {
      domains: ['media.example.test'],
      to: media,
      tls: 'internal',
      tags: ['family'],
    })
    await publish(stack, { domains: ['files.example.test', '*.files.example.test'], to: [files, media] })
    await publish(stack, { domains: ['paused.example.test'], to: files, enabled: false })
    browser = await startBrowser()
  })
  afterAll(async () => {
    await browser.close()
    await stack.stop()
    for (const upstream of upstreams) await upstream.close()
  })

  const pages: { title: string; path: () => string }[] = [
    { title: 'overview', path: () => '/' },
    { title: 'hosts', path: () => '/hosts' },
    { title: 'host-new', path: () => '/hosts/new' },
    { title: 'host', path: () => `/hosts/${host.id}` },
    { title: 'host-routing', path: () => `/hosts/${host.id}/routing` },
    { title: 'host-tls', path: () => `/hosts/${host.id}/tls` },
    { title: 'pools', path: () => '/pools' },
    { title: 'pool', path: () => `/pools/${host.poolId}` },
    { title: 'changes', path: () => '/changes' },
    { title: 'audit', path: () => '/audit' },
    { title: 'system', path: () => '/system' },
    { title: 'settings', path: () => '/settings' },
    { title: 'nowhere', path: () => '/no-such-page' },
    { title: 'login', path: () => '/login' },
  ]

  describe.each(looks)(
    'CS-07 $look, without barriers, refusals of the content policy, or sideways scrolling',
    ({ look, options }) => {
      let page: Page
      let watched: Watched
      beforeAll(async () => {
        page = await browser.page({ ...options, reducedMotion: 'reduce' })
        watched = await watch(page)
        await signInOnPage(page, stack.panelUrl, admin)
      })
      afterAll(() => page.context().close())

      test.each(pages)('$title', async ({ title, path }) => {
        await page.goto(`${stack.panelUrl}${path()}`)
        await settled(page)
        await screenshot(page, `${title}-${look}`)
        expect(await barriers(page)).toEqual([])
        expect(await overflow(page)).toBe(0)
        expect(watched.complaints()).toEqual([])
      })
    },
  )

  test('CS-07 the reference of the API shows every operation and breaks no content policy', async () => {
    const page = await browser.page()
    const { complaints } = await watch(page)
    await page.goto(`${stack.panelUrl}/api/docs`)
    expect(await page.locator('body').textContent()).toContain('/api/v1/hosts')
    await screenshot(page, 'reference')
    expect(await barriers(page)).toEqual([])
    expect(complaints()).toEqual([])
  })

  test('CS-06 another page can neither frame the panel nor keep a hold on it', async () => {
    const evil = await echo()
    const page = await browser.page()
    await page.goto(`http://${evil.dial}/`)
    await page.evaluate(
      `document.body.append(Object.assign(document.createElement('iframe'), { src: '${stack.panelUrl}' }))`,
    )
    const framed = () => page.frames().find((frame) => frame !== page.mainFrame())
    await expect.poll(() => framed()?.url(), { timeout: 10_000 }).toMatch(/^chrome-error:/)
    const popup = page.waitForEvent('popup')
    await page.evaluate(`window.open('${stack.panelUrl}') === null`)
    const opened = await popup
    await opened.waitForURL(/127\.0\.0\.1/)
    expect(await opened.evaluate('window.opener === null')).toBe(true)
    await page.context().close()
    await evil.close()
  })

  test('a session that ended leads to the sign-in and back to where one was', async () => {
    const page = await browser.page()
    await page.goto(`${stack.panelUrl}/audit`)
    await page.getByLabel('Name').fill(admin.username)
    await page.getByLabel('Password', { exact: true }).fill(admin.password)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.waitForURL(`${stack.panelUrl}/audit`)
    await page.context().close()
  })
})
