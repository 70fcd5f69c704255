import { returnLimitsUpdate, returnLimitsView } from '@argos/contract'
import { describe, expect, test } from 'vitest'
import { clientOf } from '../testing.ts'
import { gateBench, insertHost } from './testing.ts'

async function bench(env: Record<string, string> = {}) {
  const b = await gateBench({ env })
  await b.db
    .updateTable('setting')
    .set({ json: JSON.stringify({ panelDomain: 'panel.example.com' }) })
    .execute()
  await insertHost(b.db, 'h_app', ['app.example.com'])
  await insertHost(b.db, 'h_old', ['old.example.com'], { enabled: 0 })
  await insertHost(b.db, 'h_far', ['app.other.net'])
  await insertHost(b.db, 'h_plain', ['plain.example.com'], { tls: 'none' })
  return { ...b, of: b.gate.targets.of }
}

describe('who may be sent where', () => {
  test('RT-01 RT-04 to the panel and to hosts that are served over HTTPS now, and nowhere else', async () => {
    const { of, db } = await bench()
    for (const good of [
      '/hosts',
      'https://panel.example.com/x',
      'https://app.example.com/',
      'https://app.other.net/',
    ])
      expect(await of(good)).toBe(good)
    for (const bad of [
      ...['https://old.example.com/', 'https://plain.example.com/', 'https://example.com/'],
      ...['https://unknown.example.com/', 'https://deep.app.example.com/', '//app.example.com/'],
    ])
      expect(await of(bad)).toBeNull()
    await db.updateTable('host').set({ enabled: 0 }).where('id', '=', 'h_app').execute()
    expect(await of('https://app.example.com/')).toBeNull()
  })

  test('the port is the one that hosts are served on', async () => {
    const { of } = await bench({ ARGOS_HTTPS_PORT: '8443' })
    expect(await of('https://app.example.com:8443/x')).toBe('https://app.example.com:8443/x')
    expect(await of('https://app.example.com/x')).toBeNull()
    expect(await of('https://app.example.com:443/x')).toBeNull()
  })

  test('a parent domain narrows it to names below, the panel stays', async () => {
    const { of, app, db } = await bench()
    const client = clientOf(app)
    await client.signIn()
    expect((await client.call(returnLimitsView)).json()).toEqual({ parentDomain: '' })
    const res = await client.call(returnLimitsUpdate, { parentDomain: 'Other.NET' })
    expect([res.statusCode, res.json()]).toEqual([200, { parentDomain: 'other.net' }])
    expect(await of('https://app.other.net/')).not.toBeNull()
    expect(await of('https://app.example.com/')).toBeNull()
    expect(await of('https://panel.example.com/')).not.toBeNull()
    const entry = await db.selectFrom('audit').selectAll().orderBy('id', 'desc').executeTakeFirst()
    expect(entry?.words).toBe('Let people be taken only to hosts under other.net after they sign in')
    expect((await client.call(returnLimitsUpdate, { parentDomain: 'not a name' })).statusCode).toBe(400)
  })
})
