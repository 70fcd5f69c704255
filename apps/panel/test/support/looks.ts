import { phone, screenshot } from '@argos/testkit'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { expect } from 'vitest'
import { barriers, overflow, type Watched } from './browser.ts'
import type { PageBench } from './pages.ts'

export const wide = { viewport: { width: 1440, height: 900 } } as const

export interface Width {
  /** What pictures of it are named after. */
  readonly on: 'wide' | 'phone'
  readonly options: BrowserContextOptions
}

/** A theme is a matter of colours alone: a page is switched to the other one, and not loaded once more for it. */
export const widths: readonly Width[] = [
  { on: 'wide', options: { ...wide, colorScheme: 'dark' } },
  { on: 'phone', options: { ...phone, colorScheme: 'light' } },
]

/** What a page shows, in both themes: no barriers, no sideways scrolling, nothing the browser complains of. */
export async function inBothThemes(
  { page, complaints }: Watched,
  name: string,
  on: Width['on'] = 'wide',
): Promise<void> {
  for (const theme of on === 'wide' ? (['dark', 'light'] as const) : (['light', 'dark'] as const)) {
    const look = on === 'wide' ? theme : `${on}-${theme}`
    await page.emulateMedia({ colorScheme: theme })
    await screenshot(page, `${name}-${look}`)
    expect(await barriers(page), look).toEqual([])
    expect(await overflow(page), look).toBe(0)
    expect(complaints(), look).toEqual([])
  }
}

/** Waits for words that may stand twice: in the table, and in the rows of phones. */
export const seen = (page: Page, words: string): Promise<void> =>
  page.getByText(words).filter({ visible: true }).first().waitFor()

interface Place {
  readonly name: string
  readonly path: string
  /** What the page must show before it is looked at. */
  readonly shows: (page: Page) => Promise<unknown>
}

/** Pages in both themes, wide and on a phone. */
export async function inEveryLook(bench: PageBench, ...places: readonly Place[]): Promise<void> {
  for (const { on, options } of widths) {
    const visitor = await bench.signedIn(options)
    for (const { name, path, shows } of places) {
      await visitor.open(path)
      await shows(visitor.page)
      await inBothThemes(visitor, name, on)
    }
    await visitor.page.context().close()
  }
}
