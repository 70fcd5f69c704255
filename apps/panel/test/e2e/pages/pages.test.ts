import type { Host } from '@argos/contract'
import { admin, echo, type Stack, screenshot, tools, type Upstream } from '@argos/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { barriers, settled, signInOnPage, type Watched, watch } from '../../support/browser.ts'
import { publish } from '../../support/hosts.ts'
import { inBothThemes, widths } from '../../support/looks.ts'
import { type PageBench, pageBench } from '../../support/pages.ts'

describe.skipIf(!tools.chromium)('every page', () => {
  let bench: PageBench
  let stack: Stack
  let files: Upstream
  let host: Host
  beforeAll(async () => {
    bench = await pageBench()
    stack = bench.stack
    files = await echo()
    host = await publish(stack, {
      domains: ['media.example.test'],
      to: bench.upstream,
      tls: 'internal',
      tags: ['family'],
    })
    const names = ['files.example.test', '*.files.example.test']
    await publish(stack, { domains: names, to: [files, bench.upstream] })
    await publish(stack, { domains: ['paused.example.test'], to: files, enabled: false })
  })
  afterAll(async () => {
    await bench.close()
    await files.close()
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

  describe.each(widths)(
    'CS-07 $on, without barriers, refusals of the content policy, or sideways scrolling in either theme',
    ({ on, options }) => {
      let watched: Watched
      beforeAll(async () => {
        watched = await watch(await bench.browser.page({ ...options, reducedMotion: 'reduce' }))
        await signInOnPage(watched.page, stack.panelUrl, admin)
      })
      afterAll(() => watched.page.context().close())

      test.each(pages)('$title', async ({ title, path }) => {
        await watched.page.goto(`${stack.panelUrl}${path()}`)
        await settled(watched.page)
        await inBothThemes(watched, title, on)
      })
    },
  )

  test('CS-07 the reference of the API shows every operation and breaks no content policy', async () => {
    const page = await bench.browser.page()
    const { complaints } = await watch(page)
    await page.goto(`${stack.panelUrl}/api/docs`)
    expect(await page.locator('body').textContent()).toContain('/api/v1/hosts')
    await screenshot(page, 'reference')
    expect(await barriers(page)).toEqual([])
    expect(complaints()).toEqual([])
  })

  test('CS-06 another page can neither frame the panel nor keep a hold on it', async () => {
    const evil = await echo()
    const page = await bench.browser.page()
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
    const page = await bench.browser.page()
    await page.goto(`${stack.panelUrl}/audit`)
    await page.getByLabel('Name').fill(admin.username)
    await page.getByLabel('Password', { exact: true }).fill(admin.password)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.waitForURL(`${stack.panelUrl}/audit`)
    await page.context().close()
  })
})
