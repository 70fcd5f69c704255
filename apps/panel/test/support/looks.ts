import { phone, type Stack, screenshot, type TestBrowser } from '@argos/testkit'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { expect } from 'vitest'
import { barriers, overflow, settled, watch } from './browser.ts'

export const wide = { viewport: { width: 1440, height: 900 } } as const

/** Both themes, wide and on a phone. */
export const looks: readonly { readonly look: string; readonly options: BrowserContextOptions }[] = [
  { look: 'dark', options: { ...wide, colorScheme: 'dark' } },
  { look: 'light', options: { ...wide, colorScheme: 'light' } },
  { look: 'phone-dark', options: { ...phone, colorScheme: 'dark' } },
  { look: 'phone-light', options: { ...phone, colorScheme: 'light' } },
]

/** Where barriers are searched for, which takes seconds each: both themes and both widths are among them. */
const searched = new Set(['dark', 'phone-light'])

interface Asked {
  readonly browser: TestBrowser
  readonly stack: Pick<Stack, 'panelUrl'>
  readonly storageState: NonNullable<BrowserContextOptions['storageState']>
  readonly name: string
  readonly path: string
  /** What the page must show before it is looked at. */
  readonly shows: (page: Page) => Promise<unknown>
}

/** A page in every look: a picture of each, no barriers, no sideways scrolling, nothing the browser complains of. */
export async function inEveryLook({ browser, stack, storageState, name, path, shows }: Asked): Promise<void> {
  for (const { look, options } of looks) {
    const page = await browser.page({ ...options, reducedMotion: 'reduce', storageState })
    const { complaints } = await watch(page)
    await page.goto(`${stack.panelUrl}${path}`)
    await settled(page)
    await shows(page)
    await screenshot(page, `${name}-${look}`)
    if (searched.has(look)) expect(await barriers(page), look).toEqual([])
    expect(await overflow(page), look).toBe(0)
    expect(complaints(), look).toEqual([])
    await page.context().close()
  }
}
