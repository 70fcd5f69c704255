import {
  type OidcSettings,
  oidcCallback,
  oidcSettingsUpdate,
  oidcSettingsView,
  oidcStart,
} from '@argos/contract'
import { type MisbehavingProvider, misbehavingProvider } from '@argos/testkit'
import type { LightMyRequestResponse } from 'fastify'
import { onTestFinished } from 'vitest'
import { type Client, clientOf, type TestOptions, type TestPanel, testPanel } from '../testing.ts'
import { noSettings } from './oidc.rules.ts'

/** A panel with a name that may call this machine, and an administrator who is signed in. */
export async function oidcPanel(options: TestOptions = {}) {
  const panel = await testPanel({ ...options, env: { ARGOS_CALL_NETWORKS: '127.0.0.1', ...options.env } })
  const { json } = await panel.db.selectFrom('setting').select('json').executeTakeFirstOrThrow()
  const named = JSON.stringify({ ...JSON.parse(json), panelDomain: 'panel.example.com' })
  await panel.db.updateTable('setting').set({ json: named }).execute()
  const anna = clientOf(panel.app)
  await anna.signIn()
  return { ...panel, anna }
}

/** The same with a provider on loopback that lets `example.com` in, and makes accounts. */
export async function withProvider(
  settings: Partial<OidcSettings> = {},
  options: TestOptions = {},
): Promise<WithProvider> {
  const panel = await oidcPanel(options)
  const provider = await misbehavingProvider({ now: () => panel.clock.now() })
  onTestFinished(() => provider.close())
  provider.behave({ person: { ...bea } })
  const save: WithProvider['save'] = (changes, at = provider) =>
    saved(panel.anna, at, { ...open, ...settings, ...changes })
  await save({})
  return { ...panel, provider, save, browser: () => clientOf(panel.app) }
}
export interface WithProvider extends TestPanel {
  readonly anna: Client
  readonly provider: MisbehavingProvider
  /** Settings on top of those that were asked for, of this provider or another. */
  save(changes: Partial<OidcSettings>, at?: MisbehavingProvider): Promise<void>
  /** Somebody's browser, signed in nowhere. */
  browser(): Client
}

export const bea = {
  sub: 'bea-1',
  email: 'bea@example.com',
  email_verified: true,
  name: 'Bea Baum',
  preferred_username: 'bea',
} as const
const open: Partial<OidcSettings> = {
  enabled: true,
  domains: ['example.com'],
  autoProvision: true,
  name: 'House',
}

async function saved(anna: Client, provider: MisbehavingProvider, settings: Partial<OidcSettings>) {
  const { version } = (await anna.call(oidcSettingsView)).json<{ version: number }>()
  const { issuer, clientId, clientSecret } = provider
  const res = await anna.call(oidcSettingsUpdate, {
    settings: { ...noSettings, issuer, clientId, ...settings },
    clientSecret,
    version,
  })
  if (res.statusCode !== 200) throw new Error(`${res.statusCode} ${res.body}`)
}

/** Begins in this browser, and answers what the provider gives it to bring back. */
export async function begin(
  browser: Client,
  provider: Pick<MisbehavingProvider, 'authorize'>,
  body: object = {},
  csrf = browser.csrf(),
): Promise<Record<string, string>> {
  const res = await browser.call(oidcStart, body, { 'x-csrf-token': csrf })
  if (res.statusCode !== 200) throw new Error(`${res.statusCode} ${res.body}`)
  return provider.authorize(res.json<{ url: string }>().url)
}

/** The whole way: to the provider and back. */
export async function signIn(
  browser: Client,
  provider: Pick<MisbehavingProvider, 'authorize'>,
  body: object = {},
  csrf = browser.csrf(),
): Promise<LightMyRequestResponse> {
  return browser.call(oidcCallback, await begin(browser, provider, body, csrf))
}

/** Nobody came in: the answer is a refusal in words, without a session cookie. */
export function refusalOf(res: LightMyRequestResponse): string {
  const names = res.cookies.filter(({ value }) => value !== '').map(({ name }) => name)
  if (names.includes('__Host-panel')) throw new Error(`signed in: ${res.body}`)
  const { code, message } = res.json<{ code: string; message: string }>()
  if (res.statusCode < 400 || code === 'internal')
    throw new Error(`no refusal: ${res.statusCode} ${res.body}`)
  return message
}
