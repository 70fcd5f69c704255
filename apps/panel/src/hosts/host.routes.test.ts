import { type Host, hostList, type Problem } from '@argos/contract'
import { describe, expect, test } from 'vitest'
import { clientOf, origin, testPanel } from '../testing.ts'
import { formOf } from './testing.ts'

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
const body = {
  domains: ['Media.Home.Example.', 'BÜCHER.example'],
  upstream: { pool: { name: 'media', targets: [{ address: '192.168.1.20', port: 8096 }] } },
}

describe('over HTTP', () => {
  test('CF-01 FA-10 names are canonical from the first moment', async () => {
    const { send } = await panel()
    const res = await send('POST', '/api/v1/hosts', body)
    expect(res.statusCode).toBe(201)
    expect(res.json().host.domains).toEqual(['media.home.example', 'xn--bcher-kva.example'])
    const taken = await send('POST', '/api/v1/hosts', { ...body, domains: ['MEDIA.home.example'] })
    expect(taken.statusCode).toBe(409)
    expect(taken.json<Problem>()).toMatchObject({ code: 'conflict', fields: [{ path: 'domains.0' }] })
  })

  test('CF-01 what is no name is refused at its field', async () => {
    const { send } = await panel()
    const long = `${'a.'.repeat(127)}com`
    for (const name of [
      'a.com"}',
      '*.com',
      '{env.X}',
      'a..b',
      long,
      'localhost',
      '192.168.1.1',
      'app.example:443',
    ]) {
      const res = await send('POST', '/api/v1/hosts', { ...body, domains: ['ok.example', name] })
      expect(res.statusCode, name).toBe(400)
      expect(res.json<Problem>().fields?.[0]?.path, name).toBe('domains.1')
    }
  })

  test('every verb answers as the contract says', async () => {
    const { send } = await panel()
    const { host } = (await send('POST', '/api/v1/hosts', body)).json<{ host: Host }>()
    const at = `/api/v1/hosts/${host.id}`
    expect((await send('GET', at)).json()).toEqual(host)
    const changed = await send('PUT', at, { ...formOf(host), note: 'x' })
    expect(changed.json()).toMatchObject({
      host: { note: 'x', version: 2 },
      saved: { generation: 2, live: false },
    })
    expect((await send('PUT', at, { ...formOf(host), note: 'y' })).json()).toMatchObject({ code: 'stale' })
    expect((await send('POST', `${at}/clone`, { domains: ['copy.example'] })).statusCode).toBe(201)
    const bulk = { ids: [host.id], action: { kind: 'tag', add: ['TV '] } }
    expect((await send('POST', '/api/v1/hosts/bulk', bulk)).json()).toMatchObject({
      hosts: [{ tags: ['tv'] }],
    })
    expect((await send('GET', `${hostList.path}?q=copy`)).json()).toMatchObject({
      hosts: [{ domains: ['copy.example'] }],
    })
    const preview = await send('POST', '/api/v1/hosts/preview', {
      host: { ...body, domains: ['new.example'] },
    })
    expect(preview.json()).toMatchObject({ untouched: 2, edge: { accepted: null } })
    expect((await send('DELETE', at)).json()).toMatchObject({ saved: { live: false } })
    expect((await send('GET', at)).statusCode).toBe(404)
  })

  test('pools have their own five verbs', async () => {
    const { send } = await panel()
    const { pool } = (await send('POST', '/api/v1/pools', body.upstream.pool)).json()
    const at = `/api/v1/pools/${pool.id}`
    expect((await send('GET', '/api/v1/pools')).json()).toEqual({ pools: [pool] })
    expect((await send('GET', at)).json()).toEqual(pool)
    expect((await send('PUT', at, { ...formOf(pool), name: 'films' })).json()).toMatchObject({
      pool: { name: 'films' },
    })
    expect((await send('DELETE', at)).json()).toMatchObject({ saved: { live: false } })
  })

  test('nobody gets in without a session', async () => {
    const { app } = await panel()
    for (const url of ['/api/v1/hosts', '/api/v1/pools'])
      expect(
        (await app.inject({ method: 'GET', url, headers: { host: 'panel.example.com' } })).statusCode,
      ).toBe(401)
  })
})
