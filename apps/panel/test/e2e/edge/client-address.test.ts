import { auditList, hostUpdate, login, settingsUpdate, settingsView } from '@argos/contract'
import { admin, echo, type Stack, startStack, type Upstream, visit } from '@argos/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { echoed, valuesOf } from '../../support/edge.ts'
import { inputOf, publish, view } from '../../support/hosts.ts'

const name = 'www.example.test'
let stack: Stack
let upstream: Upstream
let hostId: string
beforeAll(async () => {
  stack = await startStack()
  upstream = await echo()
  hostId = (await publish(stack, { domains: [name], to: upstream })).id
})
afterAll(async () => {
  await stack.stop()
  await upstream.close()
})

const forged: readonly (readonly [string, string])[] = [
  ['X-Forwarded-For', '203.0.113.9'],
  ['X-Forwarded-Host', 'evil.example.test'],
  ['X-Forwarded-Proto', 'https'],
  ['X-Forwarded-Uri', '/admin'],
  ['X-Forwarded-Method', 'DELETE'],
  ['X-Forwarded-Prefix', '/evil'],
  ['X-Forwarded-Port', '1'],
  ['Forwarded', 'for=203.0.113.9;host=evil.example.test;proto=https'],
  ['X-Real-IP', '203.0.113.9'],
  ['True-Client-IP', '203.0.113.9'],
  ['CF-Connecting-IP', '203.0.113.9'],
  ['X-Argos-Client', '203.0.113.9'],
  ['X-Argos-Proto', 'http'],
]
const unparsable: readonly (readonly [string, string])[] = [
  ['X-Forwarded-For', 'a'],
  ['X-Forwarded-For', Array.from({ length: 500 }, (_, i) => `10.0.${i % 256}.1`).join(', ')],
  ['X-Forwarded-For', 'fe80::1%eth0'],
  ['X-Forwarded-For', ''],
  ['X-Forwarded-For', '127.0.0.1, 203.0.113.9'],
]

/** How the panel records a visitor who sends these headers. */
async function recordedAddress(headers: Readonly<Record<string, string>>): Promise<string | null> {
  const host = await view(stack, hostId)
  const answer = await visit({
    port: stack.ports.panel,
    name: `127.0.0.1:${stack.ports.panel}`,
    tls: true,
    method: hostUpdate.method,
    path: hostUpdate.path.replace(':id', hostId),
    headers: {
      ...headers,
      origin: stack.panelUrl,
      cookie: stack.api.cookie(),
      'x-csrf-token': stack.api.csrfToken(),
      'content-type': 'application/json',
    },
    body: JSON.stringify({ ...inputOf(host), note: `note ${host.version}`, version: host.version }),
  })
  if (answer.status !== 200) throw new Error(`${answer.status} ${answer.body}`)
  const { entries } = await stack.api.call(auditList, { query: { limit: 1 } })
  return entries[0]?.address ?? null
}

describe('who is calling', () => {
  test.each(forged)('FA-07 `%s` from a visitor reaches no upstream as it was sent', async (header, value) => {
    const seen = await echoed(stack, name, { headers: { [header]: value } })
    expect(valuesOf(seen, 'x-forwarded-for')).toEqual(['127.0.0.1'])
    expect(valuesOf(seen, 'x-forwarded-proto')).toEqual(['http'])
    expect(valuesOf(seen, 'x-forwarded-host')).toEqual([name])
    if (!/^X-Forwarded-(For|Host|Proto)$/.test(header)) expect(valuesOf(seen, header)).not.toContain(value)
  })

  test.each(forged)('FA-07 `%s` does not change the address in the audit trail', async (header, value) => {
    expect(await recordedAddress({ [header]: value })).toBe('127.0.0.1')
  })

  test.each(unparsable)(
    'FA-08 `%s: %.20s` counts as the address of the connection',
    async (header, value) => {
      const seen = await echoed(stack, name, { headers: { [header]: value } })
      expect(valuesOf(seen, 'x-forwarded-for')).toEqual(['127.0.0.1'])
      expect(await recordedAddress({ [header]: value })).toBe('127.0.0.1')
    },
  )
})

describe('behind a listed proxy', () => {
  beforeAll(async () => {
    const { settings, version } = await stack.api.call(settingsView, {})
    const body = { settings: { ...settings, trustedProxies: ['127.0.0.0/8', '10.9.0.0/16'] }, version }
    await stack.api.call(settingsUpdate, { body })
    await stack.inSync()
  })

  test.each([
    { sent: '203.0.113.9', is: '203.0.113.9', why: 'what the proxy says' },
    { sent: '198.51.100.1, 203.0.113.9', is: '203.0.113.9', why: 'the right-most that is no proxy' },
    { sent: '198.51.100.1, 203.0.113.9, 10.9.1.1', is: '203.0.113.9', why: 'past listed proxies' },
    { sent: '2001:db8::7', is: '2001:db8::7', why: 'IPv6 too' },
  ])('FA-07 `$sent` is $is: $why', async ({ sent, is }) => {
    expect(await recordedAddress({ 'X-Forwarded-For': sent })).toBe(is)
  })

  test.each(['a', '203.0.113.9, a', '203.0.113.9, fe80::1%eth0', ''])(
    'FA-08 `%s` is not believed past what cannot be read',
    async (sent) => {
      expect(await recordedAddress({ 'X-Forwarded-For': sent })).toBe('127.0.0.1')
    },
  )
})

test('LG-01 LG-06 forged addresses neither spread failures over many visitors nor ban another', async () => {
  const { settings, version } = await stack.api.call(settingsView, {})
  await stack.api.call(settingsUpdate, { body: { settings: { ...settings, trustedProxies: [] }, version } })
  await stack.inSync()
  const attempt = (address: string, password: string) =>
    visit({
      port: stack.ports.panel,
      name: `127.0.0.1:${stack.ports.panel}`,
      tls: true,
      method: login.method,
      path: login.path,
      headers: {
        'content-type': 'application/json',
        origin: stack.panelUrl,
        'x-forwarded-for': address,
        'x-real-ip': address,
        'x-argos-client': address,
      },
      body: JSON.stringify({ username: admin.username, password }),
    })
  for (let n = 1; n <= 5; n += 1) expect((await attempt(`203.0.113.${n}`, 'wrong password')).status).toBe(401)
  const refused = await attempt('203.0.113.77', admin.password)
  expect(refused.status).toBe(429)
  expect(Number(refused.headers['retry-after'])).toBeGreaterThan(60)
})
