import type { Problem, policyList } from '@argos/contract'
import { describe, expect, test } from 'vitest'
import type { z } from 'zod'
import { clientOf, origin, testPanel } from '../testing.ts'

async function panel() {
  const { app } = await testPanel()
  const client = clientOf(app)
  await client.signIn()
  const send = (method: 'GET' | 'POST' | 'PUT' | 'DELETE', url: string, payload?: object) =>
    client.send({
      method,
      url,
      headers: { origin, 'x-csrf-token': client.csrf() },
      ...(payload ? { payload } : {}),
    })
  return { app, send }
}
const clause = { who: 'signed_in', people: [], groups: [], networks: [], times: [], factorHours: null }
const body = { name: 'Signed in', rules: { any: [clause] } }

describe('over HTTP', () => {
  test('policies have their verbs, are previewed, tested, and used by hosts', async () => {
    const { send } = await panel()
    const { policy } = (await send('POST', '/api/v1/policies', body)).json()
    expect(policy).toMatchObject({ ...body, version: 1, sentence: 'Open to whoever is signed in.' })
    const listed = (await send('GET', '/api/v1/policies')).json<z.infer<typeof policyList.response>>()
    expect(listed.policies).toEqual([policy])
    expect(listed.offers.map((offer) => offer.name)).toEqual([
      'Signed in with a second factor',
      'Only me',
      'Free at home, signed in elsewhere',
    ])
    const made = await send('POST', '/api/v1/hosts', {
      domains: ['media.home.example'],
      access: { kind: 'policy', policyId: policy.id, paths: [], keep: true, assertion: false },
      upstream: { pool: { name: 'media', targets: [{ address: '192.168.1.20', port: 8096 }] } },
    })
    expect(made.statusCode).toBe(201)
    const seen = await send('POST', '/api/v1/policies/preview', {
      id: policy.id,
      policy: { ...body, rules: { any: [] } },
    })
    expect(seen.json().words).toEqual(['media.home.example is open to nobody from now on.'])
    const asked = { url: 'https://media.home.example', address: '203.0.113.9' }
    expect((await send('POST', '/api/v1/policies/test', asked)).json()).toMatchObject({ verdict: 'sign_in' })
    expect((await send('DELETE', `/api/v1/policies/${policy.id}`)).statusCode).toBe(409)
    const intent = { kind: 'policyDelete', id: policy.id }
    expect((await send('POST', '/api/v1/changes/preview', { intent })).json().blocked).toContain('is used by')
  })

  test.each<[string, object, string]>([
    ['a network that is none', { networks: ['10.0.0.0/33'] }, 'rules.any.0.networks.0'],
    ['a network that is left out', { networks: undefined }, 'rules.any.0.networks'],
    ['these without any', { who: 'these' }, 'rules.any.0.people'],
    ['people beside everyone', { who: 'everyone', people: ['u_1'] }, 'rules.any.0.people'],
    ['a factor of nobody', { who: 'everyone', factorHours: 1 }, 'rules.any.0.factorHours'],
    [
      'a zone that is none',
      { times: [{ days: [1], from: '08:00', to: '18:00', zone: 'Mars/Olympus' }] },
      'rules.any.0.times.0.zone',
    ],
    [
      'a time of no length',
      { times: [{ days: [1], from: '08:00', to: '08:00', zone: 'UTC' }] },
      'rules.any.0.times.0.to',
    ],
  ])('%s is refused at its field', async (_, over, path) => {
    const { send } = await panel()
    const res = await send('POST', '/api/v1/policies', { ...body, rules: { any: [{ ...clause, ...over }] } })
    expect(res.statusCode).toBe(400)
    expect(res.json<Problem>().fields?.map((field) => field.path)).toContain(path)
  })

  test('F15 an exception for a path that has two readings, or that is the edge’s own, is refused', async () => {
    const { send } = await panel()
    const { policy } = (await send('POST', '/api/v1/policies', body)).json()
    const at = async (...paths: string[]) => {
      const access = {
        ...{ kind: 'policy', policyId: policy.id, keep: true, assertion: false },
        paths: paths.map((path) => ({ path, access: 'public' })),
      }
      const upstream = { pool: { name: 'm', targets: [{ address: '192.168.1.20', port: 8096 }] } }
      const res = await send('POST', '/api/v1/hosts', { domains: ['m.home.example'], access, upstream })
      return [res.statusCode, res.json<Problem>().fields?.[0]?.path]
    }
    for (const path of [
      '/',
      'x',
      '//x',
      '/a/../b',
      '/a/.',
      '/a%2fb',
      '/a;b',
      '/a\\b',
      '/_argos/x',
      '/_ARGOS',
    ])
      expect(await at(path), path).toEqual([400, 'access.paths.0.path'])
    expect(await at('/share/', '/Share')).toEqual([400, 'access.paths.1.path'])
  })

  test('nobody gets in without a session', async () => {
    const { app } = await panel()
    const headers = { host: 'panel.example.com' }
    expect((await app.inject({ method: 'GET', url: '/api/v1/policies', headers })).statusCode).toBe(401)
  })
})
