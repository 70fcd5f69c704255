import { type Me, meView, oidcCallback, oidcLinkView, oidcStart, oidcUnlink } from '@argos/contract'
import { misbehavingProvider } from '@argos/testkit'
import { describe, expect, onTestFinished, test } from 'vitest'
import { admin } from '../testing.ts'
import { emailOf } from './email.ts'
import { bea, begin, refusalOf, signIn, withProvider } from './testing.ts'

describe('OI-09 an address that is not verified', () => {
  test.each([
    ['false', { email_verified: false }],
    ['missing', { email_verified: undefined }],
    ['the text "false"', { email_verified: 'false' }],
    ['the text "true"', { email_verified: 'true' }],
  ])('%s: nobody comes in unless the requirement is switched off', async (_, claim) => {
    const { provider, browser, save, db } = await withProvider()
    provider.behave({ person: { ...bea, ...claim } })
    expect(refusalOf(await signIn(browser(), provider))).toMatch(/email_verified/)
    expect(await db.selectFrom('oidc_identity').selectAll().execute()).toEqual([])
    await save({ requireVerifiedEmail: false })
    expect((await signIn(browser(), provider)).statusCode).toBe(200)
  })

  test('the mark of userinfo does not vouch for the address of the token', async () => {
    const { provider, browser } = await withProvider()
    provider.behave({
      claims: ({ email_verified: _, name: __, ...c }) => c,
      userinfo: (c) => ({ ...c, email: 'bea@example.com', email_verified: true }),
    })
    expect(refusalOf(await signIn(browser(), provider))).toMatch(/email_verified/)
  })
})

describe('OI-10 addresses have one reading', () => {
  test.each([
    'a@good.com@evil.com',
    '"a@good.com"@evil.com x',
    'a@evil.com,b@good.com',
    'a@good.com ',
    'a@ｇood.com',
    'a@good．com',
    'a@[127.0.0.1]',
    'a@good',
    'a..b@good.com',
    '<a@good.com>',
    'a\n@good.com',
  ])('%j is no address', (text) => {
    expect(emailOf(text)).toBeNull()
  })
  test('case does not count, and an international domain is its own letters', () => {
    expect(emailOf('Anna@GOOD.com')).toEqual({ address: 'anna@good.com', domain: 'good.com' })
    expect(emailOf('anna@müller.example')?.domain).toBe('xn--mller-kva.example')
    // Cyrillic letters that look the same.
    expect(emailOf('anna@gооd.com')?.domain).not.toBe('good.com')
  })
  test.each([
    ['two at signs', 'bea@example.com@evil.example'],
    ['a domain that ends like it', 'bea@notexample.com'],
    ['a domain below it', 'bea@sub.example.com'],
    ['a domain of other letters', 'bea@ехample.com'],
  ])('%s does not come in by the domain', async (_, email) => {
    const { provider, browser } = await withProvider()
    provider.behave({ person: { ...bea, email } })
    expect(refusalOf(await signIn(browser(), provider))).not.toBe('')
    provider.behave({ person: { ...bea, email: 'Bea@Example.COM' } })
    expect((await signIn(browser(), provider)).statusCode).toBe(200)
  })
})

test('OI-11 F20 the same sub at another issuer is somebody else', async () => {
  const { provider, browser, save, clock, db } = await withProvider()
  await signIn(browser(), provider)
  const other = await misbehavingProvider({ now: () => clock.now() })
  onTestFinished(() => other.close())
  other.behave({ person: { ...bea } })
  await save({}, other)
  expect((await signIn(browser(), other)).json()).toMatchObject({ me: { user: { username: 'bea-2' } } })
  const people = await db.selectFrom('oidc_identity').select(['issuer', 'sub', 'user_id']).execute()
  expect(new Set(people.map((p) => p.user_id)).size).toBe(2)
  expect(people.map((p) => p.issuer).sort()).toEqual([provider.issuer, other.issuer].sort())
})

describe('OI-12 an address or name that somebody here has', () => {
  test('makes another account, and never opens theirs', async () => {
    const { provider, browser, db } = await withProvider()
    await db.updateTable('user').set({ email: 'anna@example.com' }).execute()
    provider.behave({
      person: { ...bea, sub: 'x', email: 'anna@example.com', preferred_username: admin.username },
    })
    const res = await signIn(browser(), provider)
    expect(res.json()).toMatchObject({ me: { user: { username: 'anna-2', role: 'member' } } })
    const ids = await db.selectFrom('user').select(['username', 'role']).orderBy('username').execute()
    expect(ids).toEqual([
      { username: 'anna', role: 'admin' },
      { username: 'anna-2', role: 'member' },
    ])
  })

  test('only its owner connects an account, signed in and just now; then it opens that one', async () => {
    const { provider, browser, anna, clock, save, db } = await withProvider()
    await save({ autoProvision: false })
    const stranger = browser()
    expect(refusalOf(await stranger.call(oidcStart, { purpose: 'link' }))).toMatch(/Sign in first/)
    expect(refusalOf(await signIn(stranger, provider))).toMatch(/connect it under My account/)

    clock.advance(11 * 60_000)
    expect((await anna.call(oidcStart, { purpose: 'link' })).json()).toMatchObject({
      code: 'step_up_required',
    })
    clock.advance(-11 * 60_000)
    const linked = await signIn(anna, provider, { purpose: 'link' })
    expect(linked.json()).toMatchObject({ purpose: 'link', me: { user: { username: 'anna' } } })
    const res = await signIn(browser(), provider)
    expect(res.json()).toMatchObject({ me: { user: { username: 'anna', role: 'admin' } } })
    // Whose address the provider says it is does not become theirs.
    expect((await db.selectFrom('user').select('email').executeTakeFirst())?.email).toBeNull()
    expect((await anna.call(oidcLinkView)).json()).toMatchObject({ link: { email: 'bea@example.com' } })
    await anna.call(oidcUnlink)
    expect(refusalOf(await signIn(browser(), provider))).toMatch(/connect it under My account/)
  })

  test('an account that is somebody’s already is connected with nobody else', async () => {
    const { provider, browser, anna } = await withProvider()
    await signIn(browser(), provider)
    const res = await signIn(anna, provider, { purpose: 'link' })
    expect(refusalOf(res)).toMatch(/connected with somebody else/)
  })

  test('a connection that was begun in one session is finished in no other', async () => {
    const { provider, anna } = await withProvider()
    const back = await begin(anna, provider, { purpose: 'link' })
    await anna.signIn()
    expect(refusalOf(await anna.call(oidcCallback, back))).toMatch(/signed out meanwhile/)
  })
})

describe('OI-13 whoever is on no list stays out', () => {
  test('empty lists admit nobody, even where accounts are made', async () => {
    const { provider, browser, save } = await withProvider()
    await save({ domains: [], emails: [] })
    expect(refusalOf(await signIn(browser(), provider))).toMatch(/not on the list/)
    await save({ domains: [], emails: ['bea@example.com'] })
    expect((await signIn(browser(), provider)).json()).toMatchObject({ me: { user: { role: 'member' } } })
    // Off the list is out again, although there is an account by now.
    await save({ domains: ['other.example'], emails: [] })
    expect(refusalOf(await signIn(browser(), provider))).toMatch(/not on the list/)
  })

  test('nobody becomes an administrator by what they are called', async () => {
    const { provider, browser, db } = await withProvider()
    provider.behave({ person: { ...bea, role: 'admin', roles: ['admin'], groups: ['admin', 'argos'] } })
    await signIn(browser(), provider)
    expect(
      (await db.selectFrom('user').select('role').where('username', '=', 'bea').execute())[0]?.role,
    ).toBe('member')
  })

  test('whoever is disabled stays out', async () => {
    const { provider, browser, db } = await withProvider()
    await signIn(browser(), provider)
    await db.updateTable('user').set({ disabled: 1 }).where('username', '=', 'bea').execute()
    expect(refusalOf(await signIn(browser(), provider))).toMatch(/disabled/)
  })
})

describe('what claims give, the next sign-in without them takes', () => {
  const withGroup = async () => {
    const made = await withProvider()
    await made.db
      .insertInto('person_group')
      .values({ id: 'g_family', name: 'family', created_at: 0 })
      .execute()
    const groupsOf = async () => made.db.selectFrom('group_member').select(['group_id', 'source']).execute()
    const roleOf = async () =>
      (await made.db.selectFrom('user').select('role').where('username', '=', 'bea').executeTakeFirst())?.role
    return { ...made, groupsOf, roleOf }
  }

  test('groups come by the mapping alone, and go with it', async () => {
    const { provider, browser, save, groupsOf } = await withGroup()
    await save({ groups: [{ value: 'house-family', groupId: 'g_family' }] })
    provider.behave({ person: { ...bea, groups: ['house-family', 'others'] } })
    await signIn(browser(), provider)
    expect(await groupsOf()).toEqual([{ group_id: 'g_family', source: 'oidc' }])
    provider.behave({ person: { ...bea, groups: ['others'] } })
    await signIn(browser(), provider)
    expect(await groupsOf()).toEqual([])
  })

  test('an administrator by a claim is one until the claim is gone, and their older sessions end', async () => {
    const { provider, browser, save, roleOf } = await withGroup()
    await save({ admin: { claim: 'realm_access.roles', value: 'argos-admin' } })
    const older = browser()
    await signIn(older, provider)
    expect(await roleOf()).toBe('member')
    provider.behave({ person: { ...bea, realm_access: { roles: ['x', 'argos-admin'] } } })
    await signIn(browser(), provider)
    expect(await roleOf()).toBe('admin')
    expect((await older.call(meView)).statusCode).toBe(401)
    provider.behave({ person: { ...bea } })
    await signIn(browser(), provider)
    expect(await roleOf()).toBe('member')
  })

  test('who was made an administrator by hand stays one', async () => {
    const { provider, browser, save, roleOf, db } = await withGroup()
    await save({ admin: { claim: 'groups', value: 'argos-admin' } })
    await signIn(browser(), provider)
    await db.updateTable('user').set({ role: 'admin' }).where('username', '=', 'bea').execute()
    await signIn(browser(), provider)
    expect(await roleOf()).toBe('admin')
  })
})

describe('the second factor', () => {
  const factorOf = async ({ provider, browser, db }: Awaited<ReturnType<typeof withProvider>>) => {
    await signIn(browser(), provider)
    const row = await db
      .selectFrom('session')
      .select('factor_at')
      .orderBy('created_at', 'desc')
      .where('method', '=', 'oidc')
      .executeTakeFirst()
    return row?.factor_at ?? null
  }
  test('counts as of when the provider saw it, when it says how and when', async () => {
    const panel = await withProvider({ factorAcr: ['gold'] })
    const at = Math.floor(panel.clock.now() / 1_000) - 3_600
    for (const [claims, seen] of [
      [{ amr: ['pwd', 'otp'], auth_time: at }, at * 1_000],
      [{ acr: 'gold', auth_time: at }, at * 1_000],
      [{ amr: ['pwd', 'otp'] }, null],
      [{ amr: ['pwd'], auth_time: at }, null],
      [{ acr: 'silver', auth_time: at }, null],
      // From the future is now.
      [{ amr: ['mfa'], auth_time: at + 9_000 }, panel.clock.now()],
    ] as const) {
      panel.provider.behave({ claims: (c) => ({ ...c, ...claims }) })
      await panel.db.deleteFrom('session').where('method', '=', 'oidc').execute()
      expect([claims, await factorOf(panel)]).toEqual([claims, seen])
    }
    await panel.save({ trustFactor: false })
    await panel.db.deleteFrom('session').where('method', '=', 'oidc').execute()
    panel.provider.behave({ claims: (c) => ({ ...c, amr: ['mfa'], auth_time: at }) })
    expect(await factorOf(panel)).toBeNull()
  })

  test('of one’s own is asked for where the provider saw none, and not where it did', async () => {
    const { provider, browser, clock, db } = await withProvider()
    await signIn(browser(), provider)
    const { user_id } = await db.selectFrom('oidc_identity').select('user_id').executeTakeFirstOrThrow()
    const secret = 'v1:0000000000000000:AAAA'
    const totp = { user_id, secret, created_at: 0, confirmed_at: 1, last_step: null }
    await db.insertInto('totp').values(totp).execute()
    const authorize = { host: 'h_films', rd: '/', state: 'x'.repeat(43) }
    const half = browser()
    const res = await signIn(half, provider, { authorize })
    expect(res.json()).toMatchObject({ kind: 'challenge', authorize, challenge: { methods: ['totp'] } })
    expect((await half.call(meView)).statusCode).toBe(401)
    const auth_time = Math.floor(clock.now() / 1_000)
    provider.behave({ claims: (c) => ({ ...c, amr: ['mfa'], auth_time }) })
    expect((await signIn(browser(), provider)).json()).toMatchObject({ kind: 'signed_in' })
  })

  test('one proves once more who one is at the provider, who must have asked just now', async () => {
    const { provider, browser, clock } = await withProvider()
    const person = browser()
    const { me } = (await signIn(person, provider)).json<{ me: Me }>()
    const again = () => signIn(person, provider, { purpose: 'again' }, me.csrfToken)
    clock.advance(60 * 60_000)
    const old = Math.floor(clock.now() / 1_000) - 3_600
    provider.behave({ claims: (c) => ({ ...c, auth_time: old }) })
    expect(refusalOf(await again())).not.toBe('')
    provider.behave({ claims: (c) => ({ ...c, auth_time: Math.floor(clock.now() / 1_000) }) })
    const res = await again()
    expect(res.json()).toMatchObject({ purpose: 'again', me: { session: { authAt: clock.now() } } })
    provider.behave({ person: { ...bea, sub: 'carla' } })
    expect(refusalOf(await again())).toMatch(/another account/)
  })
})
