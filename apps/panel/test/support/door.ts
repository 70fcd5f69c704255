import { userCreate } from '@argos/contract'
import {
  page as aPage,
  type Stack,
  startBrowser,
  startStack,
  type TestBrowser,
  type Upstream,
} from '@argos/testkit'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { type Watched, watch } from './browser.ts'
import { wide } from './looks.ts'
import { guarded, namePanel, PANEL, policy, signedIn } from './sso.ts'

export const member = { username: 'mara', password: 'a few words to keep' } as const
export const PHOTOS = 'photos.example.test'
export const FILES = 'files.other.test'

/** A panel with a name, and two hosts of unrelated domains that ask who the visitor is, for one member. */
export interface DoorBench {
  readonly stack: Stack
  readonly browser: TestBrowser
  /** The panel under its name, and hosts under theirs, as browsers open them. */
  readonly panel: string
  at(host: string, path?: string): string
  /** A fresh profile on a path of the panel. */
  visitor(path: string, options?: BrowserContextOptions): Promise<Watched>
  close(): Promise<void>
}

export async function doorBench(): Promise<DoorBench> {
  const [stack, upstream, browser]: [Stack, Upstream, TestBrowser] = await Promise.all([
    startStack(),
    aPage('Served'),
    startBrowser({ [PANEL]: '127.0.0.1', [PHOTOS]: '127.0.0.1', [FILES]: '127.0.0.1' }),
  ])
  await namePanel(stack)
  const policyId = await policy(stack, 'Signed in', signedIn)
  await guarded(stack, [PHOTOS], upstream, policyId)
  await guarded(stack, [FILES], upstream, policyId)
  await stack.api.call(userCreate, { body: { ...member, displayName: 'Mara' } })
  const at = (host: string, path = '/') => `https://${host}:${stack.ports.https}${path}`
  return {
    stack,
    browser,
    panel: at(PANEL, ''),
    at,
    visitor: async (path, options = wide) => {
      const watched = await watch(await browser.page({ ...options, reducedMotion: 'reduce' }))
      await watched.page.goto(at(PANEL, path))
      await watched.page.getByRole('heading', { level: 1 }).waitFor()
      return watched
    },
    close: async () => {
      await browser.close()
      await stack.stop()
      await upstream.close()
    },
  }
}

/** Fills name and password into the sign-in that a page shows, and sends them. */
export async function signIn(
  page: Page,
  who: { username: string; password: string } = member,
): Promise<void> {
  await page.getByLabel('Name', { exact: true }).fill(who.username)
  await page.getByLabel('Password', { exact: true }).fill(who.password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
}

/** Gives a browser an authenticator that answers at once, as a phone's finger would. */
export async function withPasskeys(page: Page): Promise<void> {
  const cdp = await page.context().newCDPSession(page)
  await cdp.send('WebAuthn.enable')
  await cdp.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  })
}
