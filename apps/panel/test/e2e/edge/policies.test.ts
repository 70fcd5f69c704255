import {
  type Access,
  type Clause,
  changeList,
  changeUndo,
  policyCreate,
  policyDelete,
  policyTest,
  policyUpdate,
  revisionList,
  settingsUpdate,
  settingsView,
} from '@argos/contract'
import { echo, type Stack, startStack, type Upstream, visit } from '@argos/testkit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { edit, publish } from '../../support/hosts.ts'

const [home, other] = ['home.example.test', 'other.example.test']
let stack: Stack
let upstream: Upstream
let policyId: string
let version = 1
let homeId: string
beforeAll(async () => {
  stack = await startStack()
  upstream = await echo()
  // Visitors of these tests come through a proxy that is listed, so that they have addresses of their own.
  await trust(['127.0.0.1'])
  homeId = (await publish(stack, { domains: [home], to: upstream })).id
  await publish(stack, { domains: [other], to: upstream })
  const body = { name: 'Home', rules: { any: [clause({ networks: ['192.168.1.0/24'] })] } }
  policyId = (await stack.api.call(policyCreate, { body })).policy.id
  await use({ paths: [] })
})
afterAll(async () => {
  await stack.stop()
  await upstream.close()
})

const clause = (over: Partial<Clause> = {}): Clause => ({
  ...{ who: 'everyone', people: [], groups: [], networks: [], times: [], factorHours: null },
  ...over,
})
const use = async ({ paths }: { paths: { path: string; access: string }[] }) => {
  const access: Access = { kind: 'policy', policyId, paths, keep: true, assertion: false }
  await edit(stack, homeId, () => ({ access }))
  await stack.inSync()
}
const rules = async (...any: Clause[]) => {
  const body = { name: 'Home', version, rules: { any } }
  const { policy } = await stack.api.call(policyUpdate, { params: { id: policyId }, body })
  version = policy.version
  await stack.inSync()
}
async function trust(trustedProxies: string[]): Promise<void> {
  const { settings, version: at } = await stack.api.call(settingsView, {})
  await stack.api.call(settingsUpdate, { body: { settings: { ...settings, trustedProxies }, version: at } })
  await stack.inSync()
}
const status = async (path: string, client: string, name = home) =>
  (await visit({ port: stack.ports.http, name, path, headers: { 'x-forwarded-for': client } })).status

describe('a policy with networks', () => {
  test('lets in who comes from there, and nobody else', async () => {
    expect(await status('/', '192.168.1.7')).toBe(200)
    expect(await status('/', '203.0.113.9')).toBe(403)
    expect(await status('/', '::ffff:192.168.1.7')).toBe(200)
    expect(await status('/', '203.0.113.9', other)).toBe(200)
  })

  test('CR-12 an address that a visitor claims for themself is worth nothing', async () => {
    expect(await status('/', '192.168.1.7, 203.0.113.9')).toBe(403)
    await trust([])
    expect(await status('/', '192.168.1.7')).toBe(403)
    await trust(['127.0.0.1'])
    expect(await status('/', '192.168.1.7')).toBe(200)
  })

  test('that changes is swapped into the hosts that use it, and into no other', async () => {
    await rules(clause({ networks: ['10.0.0.0/8'] }))
    expect(await status('/', '192.168.1.7')).toBe(403)
    expect(await status('/', '10.1.2.3')).toBe(200)
    const { revisions } = await stack.api.call(revisionList, { query: { limit: 1 } })
    expect(revisions[0]).toMatchObject({ kind: 'swap', outcome: 'live', hosts: [{ name: home }] })
    expect(revisions[0]?.hosts).toHaveLength(1)
  })

  test('comes back by an undo, and cannot be deleted while a host uses it', async () => {
    const { changes } = await stack.api.call(changeList, { query: { limit: 1 } })
    await stack.api.call(changeUndo, { params: { generation: changes[0]?.generation ?? 0 } })
    await stack.inSync()
    version++
    expect(await status('/', '192.168.1.7')).toBe(200)
    await expect(stack.api.call(policyDelete, { params: { id: policyId } })).rejects.toThrow(home)
  })
})

describe('exceptions for paths', () => {
  const paths = [
    '/share/x',
    '/share',
    '/share/x?y=/../admin',
    '/shared',
    '/x?y=/share/',
    '//share/x',
    '/share//x',
    '/share/../x',
    '/share/./x',
    '/share/..;/x',
    '/share;/x',
    '/share%2f..%2fx',
    '/share/%2e%2e/x',
    '/share/%252e%252e/x',
    '/share%5c..%5cx',
    '/share/\\..\\x',
    '/share/%c0%ae%c0%ae/x',
    '/share/%00',
    '/share./x',
    '/share%20/x',
    '/SHARE/x',
    '/%73hare/x',
    '/admin',
    '/Admin/x',
    '/x/../admin',
  ]
  const open = new Set(['/share/x', '/share', '/share/x?y=/../admin', '/%73hare/x'])

  test('FA-11 F15 only what has one reading opens, and the tester says the same of each', async () => {
    const body = { name: 'Nobody', rules: { any: [] } }
    const { policy: nobody } = await stack.api.call(policyCreate, { body })
    await use({
      paths: [
        { path: '/share/', access: 'public' },
        { path: '/admin', access: nobody.id },
      ],
    })
    for (const path of paths) {
      const seen = await status(path, '203.0.113.9')
      expect([path, seen === 200]).toEqual([path, open.has(path)])
      const told = await stack.api.call(policyTest, {
        body: { url: `http://${home}${path}`, address: '203.0.113.9' },
      })
      expect([path, told.verdict === 'open']).toEqual([path, open.has(path)])
    }
    // At home the host is open, but an exception that closes it is not opened by another spelling.
    const closed = new Set(['/admin'])
    for (const path of paths) {
      const seen = await status(path, '192.168.1.7')
      const told = await stack.api.call(policyTest, {
        body: { url: `http://${home}${path}`, address: '192.168.1.7' },
      })
      expect([path, seen === 200]).toEqual([path, told.verdict === 'open'])
      if (closed.has(path) || /admin$|Admin/.test(path.replace(/\?.*/, ''))) expect(seen, path).not.toBe(200)
    }
  })

  test('a way in that needs somebody asks to sign in, and tells a program so', async () => {
    await use({ paths: [] })
    await rules(clause({ who: 'signed_in' }))
    const answer = await visit({ port: stack.ports.http, name: home, path: '/', headers: {} })
    expect(answer.status).toBe(401)
    expect(JSON.parse(answer.body)).toMatchObject({ code: 'sign_in' })
  })
})
