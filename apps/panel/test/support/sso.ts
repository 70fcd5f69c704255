import {
  type Access,
  authorize,
  type Clause,
  policyCreate,
  settingsUpdate,
  settingsView,
} from '@argos/contract'
import { type ApiClient, type EdgeAnswer, eventually, type Stack, type Upstream, visit } from '@argos/testkit'
import { browse } from './edge.ts'
import { edit, live, publish } from './hosts.ts'

export const PANEL = 'panel.example.test'

/** Gives the panel a name, to which the gate sends people. */
export async function namePanel(stack: Stack): Promise<void> {
  const { settings, version } = await stack.api.call(settingsView, {})
  const body = { settings: { ...settings, panelDomain: PANEL, panelTls: 'internal' as const }, version }
  await stack.api.call(settingsUpdate, { body, query: {} })
  await stack.inSync()
  await eventually('the panel has its certificate', () => browse(stack, PANEL, { tls: true }))
}

export const signedIn: Clause = {
  ...{ who: 'signed_in', people: [], groups: [], networks: [], times: [], factorHours: null },
}
export async function policy(stack: Stack, name: string, ...any: readonly Clause[]): Promise<string> {
  const made = await stack.api.call(policyCreate, { body: { name, rules: { any: [...any] } } })
  return made.policy.id
}

/** Publishes a host over HTTPS that asks who the visitor is. */
export async function guarded(
  stack: Stack,
  domains: readonly string[],
  to: Upstream,
  policyId: string,
  more: Partial<Extract<Access, { kind: 'policy' }>> = {},
): Promise<string> {
  const { id } = await publish(stack, { domains, to, tls: 'internal' })
  const access: Access = { kind: 'policy', policyId, paths: [], keep: true, assertion: false, ...more }
  await edit(stack, id, () => ({ access }))
  await live(stack, id)
  for (const name of domains)
    await eventually(`${name} has its certificate`, () => browse(stack, name, { tls: true }))
  return id
}

/** A browser as far as hosts go: one cookie jar for each name, and links that are followed by hand. */
export interface Tab {
  /** What it has of ours, as a `Cookie` header. */
  cookie(name: string): string
  go(
    name: string,
    path?: string,
    more?: { method?: string; headers?: Readonly<Record<string, string>> },
  ): Promise<EdgeAnswer>
  /** Opens a host that asks who it is, and signs in there by this session of the panel. Answers where it ends up. */
  enter(name: string, api: ApiClient, path?: string): Promise<EdgeAnswer>
}

export function tab(port: number): Tab {
  const jars = new Map<string, Map<string, string>>()
  const jarOf = (name: string) => {
    const jar = jars.get(name) ?? new Map<string, string>()
    jars.set(name, jar)
    return jar
  }
  const cookie = (name: string) => [...jarOf(name)].map(([key, value]) => `${key}=${value}`).join('; ')
  const go: Tab['go'] = async (name, path = '/', { method = 'GET', headers = {} } = {}) => {
    const sent = [cookie(name), headers.cookie].filter((text) => text).join('; ')
    const answer = await visit({
      ...{ port, name: port === 443 ? name : `${name}:${port}`, tls: true, path, method, timeoutMs: 20_000 },
      headers: { accept: 'text/html', ...headers, ...(sent === '' ? {} : { cookie: sent }) },
    })
    for (const line of answer.headers['set-cookie'] ?? []) {
      const [, key = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      if (value === '') jarOf(name).delete(key)
      else jarOf(name).set(key, value)
    }
    return answer
  }
  return {
    cookie,
    go,
    async enter(name, api, path = '/') {
      const asked = await go(name, path)
      if (asked.status !== 302) throw new Error(`${name}: ${asked.status} ${asked.body.slice(0, 300)}`)
      const query = Object.fromEntries(new URL(asked.headers.location ?? '').searchParams)
      const answer = await api.call(authorize, {
        body: { host: '', state: '', ...query, rd: query.rd ?? '/', factor: query.factor === '1' },
      })
      if (answer.kind !== 'go') throw new Error(`${name}: ${JSON.stringify(answer)}`)
      const { pathname, search } = new URL(answer.url)
      const entered = await go(name, pathname + search)
      if (entered.status !== 303) throw new Error(`${name}: ${entered.status} ${entered.body.slice(0, 300)}`)
      return go(name, entered.headers.location)
    },
  }
}
