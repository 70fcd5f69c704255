import { type Settings, settingsUpdate, settingsView } from '@argos/contract'
import { describe, expect, test } from 'vitest'
import { clientOf, testPanel } from '../testing.ts'
import { settingsWords } from './settings.words.ts'

const fresh: Settings = {
  panelDomain: '',
  panelTls: 'auto',
  acmeDirectory: '',
  acmeEmail: '',
  acmeRootPem: '',
  trustedProxies: [],
}

/** Of nobody: its key was thrown away. */
const certificate = `-----BEGIN CERTIFICATE-----
MIIBfjCCASWgAwIBAgIUfhy9Dwopx0vaQVPcYnYC53WZqBMwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJVGVzdCByb290MCAXDTI2MTEyNTA1MDkyOFoYDzIxMjYxMTAx
MDUwOTI4WjAUMRIwEAYDVQQDDAlUZXN0IHJvb3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAASS4pRG/odBOUI6xy0NSaX2asBQxrSsjO1we6mrtNUF/4RU8VsrC5ir
mgfVLbtnT9+nuA1xAffb0idmhTpHAiL/o1MwUTAdBgNVHQ4EFgQU68W/JR3yEtNK
fice25MYcmnBZJowHwYDVR0jBBgwFoAU68W/JR3yEtNKfice25MYcmnBZJowDwYD
VR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNHADBEAiBeNAwZ8WuJCBV07hbsrMel
3YUMPpc6TNEJYU9JKhSwcgIgLmsVS94BJGg53yam9RSi436UnJzc7c6AkcaofX/d
0Wk=
-----END CERTIFICATE-----
`

async function panel() {
  const services = await testPanel()
  const anna = clientOf(services.app)
  await anna.signIn()
  const update = (patch: Partial<Settings>, version = 1) =>
    anna.call(settingsUpdate, { settings: { ...fresh, ...patch }, version })
  return { ...services, anna, update }
}

describe('settings', () => {
  test('a change is saved as a new version and generation, told to the edge, and written down', async () => {
    const { anna, update, db } = await panel()
    expect((await anna.call(settingsView)).json()).toEqual({ settings: fresh, version: 1 })
    const res = await update({ panelDomain: 'Panel.Example.COM.' })
    expect([res.statusCode, res.json()]).toMatchObject([
      200,
      { settings: { panelDomain: 'panel.example.com' }, version: 2, saved: { generation: 1, live: false } },
    ])
    const [change] = await db.selectFrom('change').select(['words', 'actor_name']).execute()
    expect(change).toEqual({ words: '["Moved the panel to panel.example.com"]', actor_name: 'anna' })
    const trail = await db.selectFrom('audit').selectAll().where('action', '=', 'settings.update').execute()
    expect(trail).toMatchObject([
      { before: '{"panelDomain":""}', after: '{"panelDomain":"panel.example.com"}', address: '203.0.113.7' },
    ])
    const events = await db
      .selectFrom('outbox')
      .select('data')
      .where('type', '=', 'settings.changed')
      .execute()
    expect(events).toEqual([{ data: '{"fields":["panelDomain"]}' }])
  })

  test('of two who start from the same version the second is told, and nothing of theirs is saved', async () => {
    const { update, anna } = await panel()
    await update({ acmeEmail: 'first@example.com' })
    const res = await update({ acmeEmail: 'second@example.com' })
    expect([res.statusCode, res.json()]).toMatchObject([409, { code: 'stale' }])
    expect((await anna.call(settingsView)).json()).toMatchObject({
      settings: { acmeEmail: 'first@example.com' },
      version: 2,
    })
  })

  test('saving what is there already is no change', async () => {
    const { update, db } = await panel()
    expect((await update({})).json()).toMatchObject({ version: 1, saved: { generation: 0 } })
    expect(await db.selectFrom('change').selectAll().execute()).toEqual([])
  })

  test('the panel cannot take the name of a host', async () => {
    const { update, db } = await panel()
    await db
      .insertInto('pool')
      .values({
        id: 'p',
        name: 'p',
        protocol: 'http',
        verify_tls: 1,
        preserve_host: 1,
        health: '{}',
        targets: '[]',
        version: 1,
        created_at: 0,
        updated_at: 0,
      })
      .execute()
    await db
      .insertInto('host')
      .values({
        id: 'h',
        name: 'x',
        enabled: 1,
        tls: 'auto',
        access: '{"kind":"public"}',
        tags: '[]',
        note: '',
        pool_id: 'p',
        version: 1,
        created_at: 0,
        updated_at: 0,
      })
      .execute()
    await db
      .insertInto('host_domain')
      .values({ name: 'app.example.com', host_id: 'h', position: 0 })
      .execute()
    const res = await update({ panelDomain: 'APP.example.com' })
    expect([res.statusCode, res.json()]).toMatchObject([400, { fields: [{ path: 'settings.panelDomain' }] }])
  })

  test.each<[string, Partial<Settings>, string]>([
    ['a wildcard', { panelDomain: '*.example.com' }, 'settings.panelDomain'],
    ['a directory without TLS', { acmeDirectory: 'http://ca.example/dir' }, 'settings.acmeDirectory'],
    ['a root that is none', { acmeRootPem: 'hello' }, 'settings.acmeRootPem'],
    [
      'a root that is damaged',
      { acmeRootPem: '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----' },
      'settings.acmeRootPem',
    ],
    ['LG-06 trust in everybody', { trustedProxies: ['10.0.0.1', '0.0.0.0/0'] }, 'settings.trustedProxies.1'],
    ['LG-06 trust in everybody by IPv6', { trustedProxies: ['::/0'] }, 'settings.trustedProxies.0'],
    [
      'SS-01 metadata as a directory',
      { acmeDirectory: 'https://169.254.169.254/dir' },
      'settings.acmeDirectory',
    ],
    [
      'SS-01 the panel as a directory',
      { acmeDirectory: 'https://127.0.0.1:9443/dir' },
      'settings.acmeDirectory',
    ],
    [
      'SS-04 a directory with a password',
      { acmeDirectory: 'https://a:b@ca.example/dir' },
      'settings.acmeDirectory',
    ],
    ['SS-01 a disguised directory', { acmeDirectory: 'https://0x7f.1/dir' }, 'settings.acmeDirectory'],
    ['a proxy that is no network', { trustedProxies: ['proxy.example.com'] }, 'settings.trustedProxies.0'],
  ])('%s is refused at its field', async (_, patch, path) => {
    const { update } = await panel()
    const res = await update(patch)
    expect([res.statusCode, res.json()]).toMatchObject([400, { code: 'invalid', fields: [{ path }] }])
  })

  test('a private key among the roots is refused, and is kept nowhere', async () => {
    const { update, db } = await panel()
    const acmeRootPem = `-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----\n${certificate}`
    const res = await update({ acmeRootPem })
    expect([res.statusCode, res.json()]).toMatchObject([400, { fields: [{ path: 'settings.acmeRootPem' }] }])
    expect(res.body).not.toContain('c2VjcmV0')
    expect(await db.selectFrom('change').selectAll().execute()).toEqual([])
    expect((await update({ acmeRootPem: certificate })).statusCode).toBe(200)
  })

  test('a directory on this machine is one that an operator may run', async () => {
    const { update } = await panel()
    expect((await update({ acmeDirectory: 'https://127.0.0.1:14000/dir' })).statusCode).toBe(200)
  })

  test.each<[Partial<Settings>, Partial<Settings>, string[]]>([
    [{}, { panelTls: 'internal' }, ["Uses Argos' own authority for the panel's certificate"]],
    [{ panelDomain: 'a.example' }, {}, ['Took the panel off a.example']],
    [{}, { acmeDirectory: 'https://ca.example/dir' }, ['Gets certificates from ca.example']],
    [{}, { trustedProxies: ['10.0.0.0/8', '::1'] }, ['Trusts the proxies 10.0.0.0/8, ::1']],
    [{}, {}, []],
  ])('every difference is one sentence', (before, after, words) => {
    expect(settingsWords({ ...fresh, ...before }, { ...fresh, ...after })).toEqual(words)
  })
})
