import {
  admin,
  page as aPage,
  type Stack,
  startBrowser,
  startStack,
  type TestBrowser,
  type Upstream,
} from '@argos/testkit'
import type { BrowserContextOptions } from 'playwright-core'
import { settled, signInOnPage, type Watched, watch } from './browser.ts'
import { statusOf } from './edge.ts'
import { wide } from './looks.ts'

export interface SignedIn extends Watched {
  /** Goes to a path of the panel and waits until nothing of it is still loading. */
  open(path: string): Promise<void>
}

/** What the pages are tested with. */
export interface PageBench {
  readonly stack: Stack
  readonly browser: TestBrowser
  /** A page that hosts can show. */
  readonly upstream: Upstream
  /** A page of a fresh profile where the administrator has signed in: wide and light unless told. */
  signedIn(options?: BrowserContextOptions): Promise<SignedIn>
  /** What visitors get under a name. */
  status(name: string): Promise<number>
  close(): Promise<void>
}

export async function pageBench(): Promise<PageBench> {
  const [stack, upstream, browser] = await Promise.all([startStack(), aPage('Served'), startBrowser()])
  const first = await browser.page()
  await signInOnPage(first, stack.panelUrl, admin)
  const storageState = await first.context().storageState()
  await first.context().close()
  return {
    stack,
    browser,
    upstream,
    signedIn: async (options = wide) => {
      const watched = await watch(await browser.page({ ...options, reducedMotion: 'reduce', storageState }))
      const open = async (path: string) => {
        await watched.page.goto(`${stack.panelUrl}${path}`)
        await settled(watched.page)
      }
      return { ...watched, open }
    },
    status: (name) => statusOf(stack, name),
    close: async () => {
      await browser.close()
      await stack.stop()
      await upstream.close()
    },
  }
}
