import {
  type ApiToken,
  type AppPassword,
  apiTokenCreate,
  apiTokenDelete,
  apiTokenList,
  appPasswordCreate,
  appPasswordDelete,
  appPasswordList,
  type Clause,
  guestLinkCreate,
  guestLinkDelete,
  guestLinkList,
  hostList,
  meView,
  type Operation,
  portalView,
} from '@argos/contract'
import { beforeEach, describe, expect, test } from 'vitest'
import { hashToken } from '../secrets.ts'
import { type Client, clientOf, type TestPanel, testPanel, throughEdge } from '../testing.ts'

const clause = (more: Partial<Clause> = {}): Clause => ({
  who: 'signed_in',
  people: [],
  groups: [],
  networks: [],
  times: [],
  factorHours: null,
  ...more,
})
const withId = <O extends Operation>(op: O, id: string): O => ({ ...op, path: op.path.replace(':id', id) })

let t: TestPanel
let anna: Client
let bea: Client
let annaId: string
beforeEach(async () => {
  t = await testPanel()
  annaId = (await t.db.selectFrom('user').select('id').executeTakeFirstOrThrow()).id
  const row = await t.db.selectFrom('user').selectAll().executeTakeFirstOrThrow()
  await t.db
    .insertInto('user')
    .values({ ...row, id: 'u_bea', username: 'bea', role: 'member' })
    .execute()
  await aPool()
  await policy('o_any', [clause()])
  await policy('o_anna', [clause({ who: 'these', people: [annaId] })])
  await policy('o_factor', [clause({ factorHours: 12 })])
  await host('h_app', 'app.example.com', 'o_any')
  await host('h_mine', 'mine.example.com', 'o_anna')
  await host('h_vault', 'vault.example.com', 'o_factor')
  await host('h_open', 'open.example.com', null)
  ;[anna, bea] = [clientOf(t.app), clientOf(t.app)]
  await anna.signIn()
  await bea.signIn({ username: 'bea', password: 'correct horse battery' })
})

const aPool = () =>
  t.db
    .insertInto('pool')
    .values({
      ...{ id: 'p_one', name: 'one', protocol: 'http', verify_tls: 1, preserve_host: 1 },
      ...{ health: '{}', targets: '[]', version: 1, created_at: 0, updated_at: 0 },
    })
    .execute()
const policy = (id: string, any: Clause[]) =>
  t.db
    .insertInto('policy')
    .values({ id, name: id, rules: JSON.stringify({ any }), version: 1, created_at: 0, updated_at: 0 })
    .execute()
const host = async (id: string, name: string, policyId: string | null) => {
  const access =
    policyId === null
      ? { kind: 'public' }
      : { kind: 'policy', policyId, paths: [], keep: true, assertion: false }
  await t.db
    .insertInto('host')
    .values({
      ...{
        id,
        name,
        enabled: 1,
        tls: 'internal',
        access: JSON.stringify(access),
        tags: '["media"]',
        note: '',
      },
      ...{ pool_id: 'p_one', version: 1, created_at: 0, updated_at: 0 },
    })
    .execute()
  await t.db.insertInto('host_domain').values({ name, host_id: id, position: 0 }).execute()
}
const audited = async () =>
  (await t.db.selectFrom('audit').select(['action', 'actor_name']).orderBy('id').execute()).map(
    (row) => `${row.actor_name} ${row.action}`,
  )

describe('app passwords', () => {
  const make = async (who: Client, more: object = {}) => {
    const res = await who.call(appPasswordCreate, { name: 'Phone', hostId: 'h_app', ...more })
    return {
      status: res.statusCode,
      body: res.json<{ appPassword: AppPassword; password: string; url: string }>(),
    }
  }

  test('one is made for a host that its person may open, shown once, and only its hash is kept', async () => {
    const { status, body } = await make(bea, { paths: ['/dav/'], days: 30 })
    expect(status).toBe(201)
    expect(body.password).toMatch(/^argos_[a-z2-7]{26}$/)
    expect(body.url).toBe(`https://bea:${body.password}@app.example.com/`)
    expect(body.appPassword).toMatchObject({
      ...{ name: 'Phone', host: { id: 'h_app', name: 'app.example.com' }, paths: ['/dav/'] },
      ...{ expiresAt: t.clock.now() + 30 * 24 * 60 * 60_000, lastUsedAt: null },
    })
    const row = await t.db.selectFrom('app_password').selectAll().executeTakeFirstOrThrow()
    expect(row.token_hash).toBe(hashToken(body.password))
    expect(JSON.stringify((await bea.call(appPasswordList)).json())).not.toContain(body.password)
    expect(await audited()).toContain('bea app_password.create')
  })

  test('none is made for a host that is not theirs, is open to all, or wants a second factor', async () => {
    for (const hostId of ['h_mine', 'h_open', 'h_vault', 'h_none']) {
      const res = await bea.call(appPasswordCreate, { name: 'Phone', hostId })
      expect(res.statusCode, hostId).toBe(400)
      expect(res.json().fields[0].path).toBe('hostId')
    }
    expect((await bea.call(appPasswordList)).json().hosts).toEqual([{ id: 'h_app', name: 'app.example.com' }])
  })

  test('SE-07 nobody sees or takes back what is somebody else’s', async () => {
    const { body } = await make(bea)
    expect((await anna.call(appPasswordList)).json().appPasswords).toEqual([])
    const id = body.appPassword.id
    expect((await anna.call(withId(appPasswordDelete, id))).statusCode).toBe(404)
    expect((await bea.call(withId(appPasswordDelete, id))).statusCode).toBe(200)
    expect((await bea.call(appPasswordList)).json().appPasswords).toEqual([])
    expect(await audited()).toContain('bea app_password.delete')
  })

  test('SE-12 ten minutes after signing in, making one asks who is there', async () => {
    t.clock.advance(10 * 60_000)
    expect((await make(bea)).status).toBe(403)
  })
})

describe('guest links', () => {
  const make = (hostId: string) =>
    anna.call(withId(guestLinkCreate, hostId), { name: 'Plumber', hours: 4, mostUses: 2 })

  test('one leads to its host, is listed without its token, and is taken back', async () => {
    const res = await make('h_app')
    expect(res.statusCode).toBe(201)
    const { guestLink, url } = res.json()
    expect(url).toMatch(/^https:\/\/app\.example\.com\/_argos\/guest\?token=[\w-]{43}$/)
    const row = await t.db.selectFrom('guest_link').selectAll().executeTakeFirstOrThrow()
    expect(row.token_hash).toBe(hashToken(url.split('token=')[1]))
    const list = (await anna.call(withId(guestLinkList, 'h_app'))).json()
    expect(list.guestLinks).toEqual([guestLink])
    expect((await anna.call(withId(guestLinkDelete, guestLink.id))).statusCode).toBe(200)
    expect((await anna.call(withId(guestLinkDelete, guestLink.id))).statusCode).toBe(404)
    expect(await audited()).toEqual(
      expect.arrayContaining(['anna guest_link.create', 'anna guest_link.delete']),
    )
  })

  test('a host that is open to all needs none, and a host that is not there has none', async () => {
    expect((await make('h_open')).statusCode).toBe(409)
    expect((await make('h_none')).statusCode).toBe(404)
  })
})

describe('tokens of the API', () => {
  const make = async (who: Client, scopes: string[], days: number | null = 1) =>
    (await who.call(apiTokenCreate, { name: 'backup script', scopes, days })).json<{
      apiToken: ApiToken
      token: string
    }>()
  const by = (token: string, op: Operation, body?: object) =>
    t.app.inject({
      method: op.method,
      url: op.path,
      headers: { ...throughEdge, authorization: `Bearer ${token}` },
      ...(body === undefined ? {} : { payload: body }),
    })

  test('a token does what it names, without a cookie, and nothing else', async () => {
    const { token } = await make(anna, ['hosts:read'])
    expect((await by(token, hostList)).statusCode).toBe(200)
    expect((await by(token, { ...hostList, path: '/api/v1/audit' })).statusCode).toBe(403)
    expect((await by(token, meView)).statusCode, 'about being signed in').toBe(403)
    const wide = await make(anna, ['hosts:write'])
    const body = { name: 'Plumber', hours: 4 }
    expect((await by(wide.token, withId(guestLinkCreate, 'h_app'), body)).statusCode).toBe(403)
    expect(await t.db.selectFrom('guest_link').selectAll().execute(), 'asks who is there just now').toEqual(
      [],
    )
  })

  test('it ends with its time, its person, and being taken back', async () => {
    const first = await make(anna, ['hosts:read'])
    t.clock.advance(24 * 60 * 60_000 - 1)
    expect((await by(first.token, hostList)).statusCode).toBe(200)
    t.clock.advance(1)
    expect((await by(first.token, hostList)).statusCode).toBe(401)

    await anna.signIn()
    const second = await make(anna, ['hosts:read'], null)
    expect((await by(second.token, hostList)).statusCode).toBe(200)
    expect((await anna.call(withId(apiTokenDelete, second.apiToken.id))).statusCode).toBe(204)
    expect((await by(second.token, hostList)).statusCode).toBe(401)

    const third = await make(anna, ['hosts:read'], null)
    await t.db.updateTable('user').set({ role: 'member' }).where('id', '=', annaId).execute()
    expect((await by(third.token, hostList)).statusCode, 'its person may no more').toBe(403)
    await t.db.updateTable('user').set({ disabled: 1 }).where('id', '=', annaId).execute()
    expect((await by(third.token, hostList)).statusCode).toBe(401)
  })

  test('SE-09 a member has nothing to make one for, and a guess is refused', async () => {
    const res = await bea.call(apiTokenCreate, { name: 'x', scopes: ['hosts:read'] })
    expect(res.statusCode).toBe(400)
    expect((await bea.call(apiTokenList)).json().scopes).toEqual([])
    for (const guess of ['argos_api_aaaaaaaaaaaaaaaaaaaaaaaaaa', 'x', 'argos_api_'])
      expect((await by(guess, hostList)).statusCode).toBe(401)
  })

  test('the last use is written at most every five minutes', async () => {
    const { token } = await make(anna, ['hosts:read'])
    await by(token, hostList)
    const used = async () =>
      (await t.db.selectFrom('api_token').selectAll().executeTakeFirstOrThrow()).last_used_at
    const first = await used()
    expect(first).toBe(t.clock.now())
    t.clock.advance(5 * 60_000 - 1)
    await by(token, hostList)
    expect(await used()).toBe(first)
    t.clock.advance(1)
    await by(token, hostList)
    expect(await used()).toBe(t.clock.now())
  })
})

test('the page of apps lists what one may open, and says what wants a second factor', async () => {
  const apps = (await bea.call(portalView)).json().apps
  expect(apps).toEqual([
    {
      ...{ hostId: 'h_app', name: 'app.example.com', url: 'https://app.example.com/' },
      ...{ tags: ['media'], up: true, factor: false },
    },
    {
      ...{ hostId: 'h_vault', name: 'vault.example.com', url: 'https://vault.example.com/' },
      ...{ tags: ['media'], up: true, factor: true },
    },
  ])
  expect((await anna.call(portalView)).json().apps.map((app: { hostId: string }) => app.hostId)).toEqual([
    ...['h_app', 'h_mine', 'h_vault'],
  ])
})
