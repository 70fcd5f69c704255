import { mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { tools } from './tools.ts'

/** Kept after a run, for people to look at. */
export const screensFolder = resolve(import.meta.dirname, '../../../test-results/screens')

export interface TestBrowser extends AsyncDisposable {
  readonly browser: Browser
  /** A page of a fresh profile: no cookies, no storage. Certificates of the internal CA are taken. */
  page(options?: BrowserContextOptions): Promise<Page>
  close(): Promise<void>
}

export const phone = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true } as const

/**
 * Starts the machine's Chromium. `resolve` maps names to addresses as DNS would, as in
 * `{ 'app.example.test': '127.0.0.1:8443' }`; every other name but loopback does not resolve.
 */
export async function startBrowser(names: Readonly<Record<string, string>> = {}): Promise<TestBrowser> {
  const rules = [
    ...Object.entries(names).map(([name, address]) => `MAP ${name} ${address}`),
    'MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost',
  ]
  const browser = await chromium.launch({
    executablePath: tools.chromium ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
      `--host-resolver-rules=${rules.join(', ')}`,
    ],
  })
  const page = async (options: BrowserContextOptions = {}) => {
    const context = await browser.newContext({ ignoreHTTPSErrors: true, ...options })
    return context.newPage()
  }
  const close = () => browser.close()
  return { browser, page, close, [Symbol.asyncDispose]: close }
}

/** Keeps what a page shows as `test-results/screens/<name>.png`. */
export async function screenshot(page: Page, name: string): Promise<void> {
  mkdirSync(screensFolder, { recursive: true })
  await page.screenshot({ path: join(screensFolder, `${name}.png`), fullPage: true })
}
